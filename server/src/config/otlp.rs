//! Where traces go, by OpenTelemetry's protocol over HTTP.

use axum::http::{HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use std::{fmt, str::FromStr};
use url::Url;

/// Where a collector takes traces, below the address that it is known by.
const PATH: &str = "/v1/traces";

/// Where traces go.
#[derive(Clone, Debug)]
pub struct Otlp {
    /// Where to post them: with the path of traces.
    pub endpoint: Url,
    /// What is said besides; the values are secrets, and marked so.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// How many are traced.
    pub ratio: Ratio,
}

impl Otlp {
    /// From the address of a collector and `name=value,…`, values as in URLs. `None` if no address is given.
    ///
    /// # Errors
    /// With a sentence that repeats no value of a header.
    pub fn of(endpoint: Option<&str>, headers: Option<&str>, ratio: Ratio) -> Result<Option<Self>, String> {
        let Some(endpoint) = endpoint.map(str::trim).filter(|endpoint| !endpoint.is_empty()) else {
            return Ok(None);
        };
        let endpoint = address(endpoint).ok_or(
            "PMS_OTLP_ENDPOINT is the address of a collector, as http://collector:4318. Keys belong into \
             PMS_OTLP_HEADERS",
        )?;
        let headers = headers.unwrap_or_default().split(',').map(str::trim).filter(|text| !text.is_empty());
        let headers = headers.map(header).collect::<Option<Vec<_>>>();
        let headers = headers.ok_or("PMS_OTLP_HEADERS is like authorization=Bearer%20KEY,x-team=pms")?;
        Ok(Some(Self { endpoint, headers, ratio }))
    }
}

/// Without a user, a password or a query: it is shown and may be in the log.
fn address(text: &str) -> Option<Url> {
    let mut url = Url::parse(text).ok()?;
    let bare = url.username().is_empty() && url.password().is_none() && url.query().is_none();
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() || !bare || url.fragment().is_some() {
        return None;
    }
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix(PATH).unwrap_or(path);
    let path = format!("{path}{PATH}");
    url.set_path(&path);
    Some(url)
}

fn header(text: &str) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = text.split_once('=')?;
    let value = percent_decode_str(value.trim()).decode_utf8().ok()?;
    let mut value = HeaderValue::from_str(&value).ok()?;
    value.to_str().ok()?;
    value.set_sensitive(true);
    Some((name.trim().parse().ok()?, value))
}

/// A share, from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(try_from = "f64")]
pub struct Ratio(f64);

impl Ratio {
    /// All of them.
    pub const ALL: Self = Self(1.0);

    /// From 0 to 1.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl Default for Ratio {
    fn default() -> Self {
        Self::ALL
    }
}

impl TryFrom<f64> for Ratio {
    type Error = String;

    fn try_from(share: f64) -> Result<Self, String> {
        if (0.0..=1.0).contains(&share) { Ok(Self(share)) } else { Err("a share is from 0 to 1".into()) }
    }
}

impl FromStr for Ratio {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse::<f64>().map_err(|_| "a share is a number from 0 to 1, as 0.1".to_owned())?.try_into()
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collector_is_known_by_its_address_with_or_without_the_path_of_traces() {
        let of = |endpoint| Otlp::of(Some(endpoint), None, Ratio::ALL);
        let at = |endpoint| of(endpoint).expect("read").expect("some").endpoint.to_string();
        assert_eq!(at("http://collector:4318"), "http://collector:4318/v1/traces");
        assert_eq!(at("https://otlp.example.org/otlp/"), "https://otlp.example.org/otlp/v1/traces");
        assert_eq!(at("http://collector:4318/v1/traces"), "http://collector:4318/v1/traces");
        assert!(of(" ").expect("read").is_none());
        for wrong in ["collector:4318", "grpc://c:4317", "http://me:wave9@c:4318", "http://c:4318?key=wave9"]
        {
            let said = of(wrong).expect_err(wrong);
            assert!(!said.contains("wave9"), "{said}");
        }
    }

    #[test]
    fn headers_are_read_as_in_urls_and_their_values_never_shown() {
        let of = |headers| Otlp::of(Some("http://c:4318"), Some(headers), Ratio::ALL);
        let otlp = of("Authorization=Basic%20d2F2ZTk=, x-team=pms").expect("read").expect("some");
        let [(name, key), (_, team)] = otlp.headers.as_slice() else { panic!("two") };
        assert_eq!((name.as_str(), key.as_bytes()), ("authorization", b"Basic d2F2ZTk=".as_slice()));
        assert_eq!(team.as_bytes(), b"pms");
        assert!(!format!("{otlp:?}").contains("d2F2ZTk"), "{otlp:?}");
        for wrong in ["wave9", "a b=wave9", "key=wave9%0A"] {
            let said = of(wrong).expect_err(wrong);
            assert!(!said.contains("wave9"), "{said}");
        }
    }

    #[test]
    fn a_share_is_from_nothing_to_all() {
        assert_eq!("0.25".parse::<Ratio>().map(Ratio::get), Ok(0.25));
        for wrong in ["-0.1", "1.1", "NaN", "all"] {
            assert!(wrong.parse::<Ratio>().is_err(), "{wrong}");
        }
    }
}
