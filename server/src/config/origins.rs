//! Other sites whose pages may call the API.

use super::PublicUrl;
use serde::Deserialize;
use std::str::FromStr;

/// Origins, each named in full: `https://intranet.example.org`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct Origins(Vec<PublicUrl>);

impl Origins {
    /// Whether a browser that names its page's origin like this comes from one of them.
    pub fn contain(&self, origin: &[u8]) -> bool {
        self.0.iter().any(|known| known.origin().as_bytes() == origin)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromStr for Origins {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl TryFrom<Vec<String>> for Origins {
    type Error = String;

    fn try_from(parts: Vec<String>) -> Result<Self, Self::Error> {
        parts.iter().map(|part| part.parse()).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_named_in_full() {
        let origins: Origins = "https://a.example.org, http://localhost:5173".parse().expect("origins");
        assert!(origins.contain(b"https://a.example.org") && origins.contain(b"http://localhost:5173"));
        for other in
            ["http://a.example.org", "https://a.example.org.evil.example", "https://example.org", "null", ""]
        {
            assert!(!origins.contain(other.as_bytes()), "{other}");
        }
        for wrong in ["*", "https://*.example.org", "a.example.org", "https://a.example.org/app"] {
            assert!(wrong.parse::<Origins>().is_err(), "{wrong}");
        }
        assert!("".parse::<Origins>().expect("none").is_empty());
    }
}
