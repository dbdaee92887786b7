//! How browsers reach PMS.

use serde::Deserialize;
use std::{fmt, str::FromStr};

/// A scheme and a host: `https://pms.example.org`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct PublicUrl {
    origin: String,
}

impl PublicUrl {
    /// Whether browsers come by TLS.
    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https://")
    }

    /// As browsers write it in `Origin`.
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("“{text}” is not a URL such as https://pms.example.org, without a path");
        let origin = text.trim().trim_end_matches('/').to_ascii_lowercase();
        let host =
            origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).ok_or_else(wrong)?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        if host.is_empty() || !host.chars().all(plain) { Err(wrong()) } else { Ok(Self { origin }) }
    }
}

impl TryFrom<String> for PublicUrl {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_a_scheme_and_a_host() {
        let url: PublicUrl = "https://PMS.example.org/".parse().unwrap();
        assert_eq!(url.origin(), "https://pms.example.org");
        assert!(url.is_https());
        assert!(!"http://[::1]:3000".parse::<PublicUrl>().unwrap().is_https());
        for wrong in ["pms.example.org", "https://", "https://example.org/pms", "ftp://example.org"] {
            assert!(wrong.parse::<PublicUrl>().is_err(), "{wrong}");
        }
    }
}
