//! Addresses and networks, as an operator names them.

use serde::Deserialize;
use std::{net::IpAddr, str::FromStr};

/// Addresses and networks: `10.0.0.0/8`, `::1`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct Networks(Vec<Network>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u32,
}

impl Networks {
    /// Whether one of them is everything that there is of its kind.
    pub fn contain_everything(&self) -> bool {
        self.0.iter().any(|network| network.bits == 0)
    }

    /// Whether `address` is in one of them.
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(address))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Network {
    fn contains(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let away = 32 - self.bits;
                network.to_bits().checked_shr(away) == address.to_bits().checked_shr(away)
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let away = 128 - self.bits;
                network.to_bits().checked_shr(away) == address.to_bits().checked_shr(away)
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("“{text}” is not an address or network such as 10.0.0.0/8");
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        if bits > most { Err(wrong()) } else { Ok(Self { address, bits }) }
    }
}

impl FromStr for Networks {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl TryFrom<Vec<String>> for Networks {
    type Error = String;

    fn try_from(parts: Vec<String>) -> Result<Self, Self::Error> {
        parts.iter().map(|part| part.parse()).collect::<Result<_, _>>().map(Self)
    }
}
