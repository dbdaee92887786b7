//! Where errors go.

use sentry::types::Dsn;
use std::{fmt, str::FromStr};

/// What a project of Sentry shows as its DSN: an address with a key.
#[derive(Clone)]
pub struct SentryDsn(Dsn);

impl SentryDsn {
    /// As the client takes it; its `Debug` and `Display` have the key.
    pub const fn for_client(&self) -> &Dsn {
        &self.0
    }
}

impl FromStr for SentryDsn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let dsn = text.trim().parse().map(Self);
        dsn.map_err(|_| "PMS_SENTRY_DSN is what a project of Sentry shows: https://KEY@HOST/NUMBER".into())
    }
}

/// Without the key.
impl fmt::Debug for SentryDsn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SentryDsn({})", self.0.host())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_not_told() {
        let dsn: SentryDsn = "https://wave9@sentry.example.org/7".parse().expect("a DSN");
        assert_eq!(format!("{dsn:?}"), "SentryDsn(sentry.example.org)");
        let wrong = "https://wave9@sentry.example.org".parse::<SentryDsn>().expect_err("no project");
        assert!(!wrong.contains("wave9"), "{wrong}");
    }
}
