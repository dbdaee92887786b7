//! How often who may ask, in a minute.

use serde::{Deserialize, Deserializer, de};
use std::{fmt, num::NonZeroU32, str::FromStr};

/// Requests in a minute; `0` and `off` mean that there is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerMinute(pub Option<NonZeroU32>);

/// How often who may ask. `docs/adr/0014-rate-limits.md` has where the numbers come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// All of a network, whoever asks: an office is behind one address.
    pub network: PerMinute,
    /// Of a network, those who are not signed in.
    pub anonymous: PerMinute,
    /// Of a network, those who sign in or set up.
    pub sign_in: PerMinute,
    /// Of a person in the pages, and of each API token.
    pub person: PerMinute,
    /// Of a person, what could harm most: passwords, tokens, accounts, alerts of whole projects.
    pub sensitive: PerMinute,
}

/// What an operator says of them, by flags, environment or file.
#[derive(Clone, Copy, Debug, Default, clap::Args, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RateFlags {
    /// Requests in a minute of one address (of IPv6: of a network of 64 bits), or off [default: 6000]
    #[arg(id = "limit-network", long, env = "PMS_LIMIT_NETWORK", global = true, value_name = "NUMBER")]
    pub network: Option<PerMinute>,

    /// Of them, without being signed in [default: 300]
    #[arg(id = "limit-anonymous", long, env = "PMS_LIMIT_ANONYMOUS", global = true, value_name = "NUMBER")]
    pub anonymous: Option<PerMinute>,

    /// Of them, to sign in or set up [default: 60]
    #[arg(id = "limit-sign-in", long, env = "PMS_LIMIT_SIGN_IN", global = true, value_name = "NUMBER")]
    pub sign_in: Option<PerMinute>,

    /// Requests in a minute of one person, and of each API token, or off [default: 600]
    #[arg(id = "limit-person", long, env = "PMS_LIMIT_PERSON", global = true, value_name = "NUMBER")]
    pub person: Option<PerMinute>,

    /// Of them, what could harm most: passwords, tokens, accounts, raising to urgent [default: 10]
    #[arg(id = "limit-sensitive", long, env = "PMS_LIMIT_SENSITIVE", global = true, value_name = "NUMBER")]
    pub sensitive: Option<PerMinute>,
}

impl RateFlags {
    /// The rates that count: what `flags` say wins over this, which wins over what is usual.
    pub fn under(self, flags: Self) -> Rates {
        let usual = Rates::default();
        Rates {
            network: flags.network.or(self.network).unwrap_or(usual.network),
            anonymous: flags.anonymous.or(self.anonymous).unwrap_or(usual.anonymous),
            sign_in: flags.sign_in.or(self.sign_in).unwrap_or(usual.sign_in),
            person: flags.person.or(self.person).unwrap_or(usual.person),
            sensitive: flags.sensitive.or(self.sensitive).unwrap_or(usual.sensitive),
        }
    }
}

impl PerMinute {
    /// No limit.
    pub const OFF: Self = Self(None);

    const fn of(requests: u32) -> Self {
        Self(NonZeroU32::new(requests))
    }
}

impl fmt::Display for PerMinute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(requests) => requests.fmt(f),
            None => f.write_str("off"),
        }
    }
}

impl Rates {
    /// No limits.
    pub const OFF: Self = Self {
        network: PerMinute::OFF,
        anonymous: PerMinute::OFF,
        sign_in: PerMinute::OFF,
        person: PerMinute::OFF,
        sensitive: PerMinute::OFF,
    };
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            network: PerMinute::of(6_000),
            anonymous: PerMinute::of(300),
            sign_in: PerMinute::of(60),
            person: PerMinute::of(600),
            sensitive: PerMinute::of(10),
        }
    }
}

impl FromStr for PerMinute {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "off" {
            return Ok(Self::OFF);
        }
        text.parse()
            .map(Self::of)
            .map_err(|_| format!("“{text}” is not a number of requests in a minute, or off"))
    }
}

impl<'de> Deserialize<'de> for PerMinute {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrWord;

        impl de::Visitor<'_> for NumberOrWord {
            type Value = PerMinute;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of requests in a minute, or \"off\"")
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<PerMinute, E> {
                let number = u32::try_from(number);
                number.map(PerMinute::of).map_err(|_| E::custom("not a number of requests in a minute"))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<PerMinute, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_any(NumberOrWord)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_says_nothing_has_limits() {
        let rates = RateFlags::default().under(RateFlags::default());
        assert_eq!(rates, Rates::default());
        assert_eq!(rates.sensitive, PerMinute::of(10));
    }

    #[test]
    fn nothing_and_off_are_no_limit() {
        for (text, limit) in
            [("0", None), ("off", None), ("1", NonZeroU32::new(1)), ("600", NonZeroU32::new(600))]
        {
            assert_eq!(text.parse(), Ok(PerMinute(limit)), "{text}");
        }
        for wrong in ["", "-1", "many", "5000000000", "10/m"] {
            assert!(wrong.parse::<PerMinute>().is_err(), "{wrong}");
        }
    }
}
