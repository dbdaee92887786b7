//! The TOML file. Every name in it is known; a misspelt one is an error, not a silent default.

use super::{
    Daily, DrillEvery, Limits, LogFormat, Networks, Origins, Proxies, PublicUrl, PushServices, Ratio,
    S3Place, Trouble, cannot, duration::seconds, rates::RateFlags,
};
use serde::Deserialize;
use services::backup::Retention;
use std::{
    io,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct File {
    pub http: HttpSection,
    pub database: DatabaseSection,
    pub redis: RedisSection,
    pub limits: LimitsSection,
    pub mail: MailSection,
    pub push: PushSection,
    pub webhooks: WebhooksSection,
    pub backup: BackupSection,
    pub features: FeaturesSection,
    pub telemetry: TelemetrySection,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpSection {
    pub listen: Option<SocketAddr>,
    pub public_url: Option<PublicUrl>,
    pub trusted_proxies: Option<Proxies>,
    pub cors_origins: Option<Origins>,
    pub metrics_listen: Option<SocketAddr>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseSection {
    pub url: Option<String>,
    pub replica_url: Option<String>,
    pub connections: Option<u32>,
    /// Seconds.
    #[serde(deserialize_with = "seconds")]
    pub wait: Option<Duration>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RedisSection {
    pub url: Option<String>,
    pub prefix: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsSection {
    /// As `{ person = 600, sensitive = 10 }`.
    pub per_minute: RateFlags,
    requests: Option<usize>,
    streams: Option<usize>,
    body: Option<usize>,
    import: Option<usize>,
    /// Seconds.
    #[serde(deserialize_with = "seconds")]
    body_wait: Option<Duration>,
    /// Seconds.
    #[serde(deserialize_with = "seconds")]
    timeout: Option<Duration>,
    /// Seconds.
    #[serde(deserialize_with = "seconds")]
    drain: Option<Duration>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailSection {
    pub smtp: Option<String>,
    pub from: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PushSection {
    pub services: Option<PushServices>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhooksSection {
    pub networks: Option<Networks>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BackupSection {
    pub folder: Option<PathBuf>,
    pub recipients: Option<String>,
    pub key: Option<PathBuf>,
    pub daily: Option<Daily>,
    pub drill: Option<DrillEvery>,
    pub s3: Option<S3Place>,
    pub s3_endpoint: Option<String>,
    pub s3_region: Option<String>,
    pub s3_key_id: Option<String>,
    pub s3_secret_file: Option<PathBuf>,
    #[serde(rename = "keep_days", deserialize_with = "retention")]
    pub retention: Retention,
}

/// Days, as `{ every = 30, weekly = 92, monthly = 366 }`; what is not said is as usual.
fn retention<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Retention, D::Error> {
    #[derive(Default, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Days {
        every: Option<u16>,
        weekly: Option<u16>,
        monthly: Option<u16>,
    }
    let Days { every, weekly, monthly } = Days::deserialize(d)?;
    let usual = Retention::default();
    Ok(Retention {
        every: every.map_or(usual.every, i64::from),
        weekly: weekly.map_or(usual.weekly, i64::from),
        monthly: monthly.map_or(usual.monthly, i64::from),
    })
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FeaturesSection {
    pub dependencies: Option<bool>,
    pub urgent: Option<bool>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TelemetrySection {
    pub log: Option<String>,
    pub format: Option<LogFormat>,
    pub otlp_endpoint: Option<String>,
    pub otlp_headers: Option<String>,
    pub otlp_ratio: Option<Ratio>,
    pub sentry_dsn: Option<String>,
    pub environment: Option<String>,
}

impl File {
    pub fn read(path: &Path) -> Result<Self, Trouble> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| cannot("read the configuration file", path, &error))?;
        Self::parse(&text).map_err(|error| {
            // Without the line itself: it may have a password.
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            Trouble(format!(
                "The configuration file {} is wrong, in line {line}: {}",
                path.display(),
                error.message()
            ))
        })
    }

    pub fn read_if_there(path: &Path) -> Result<Self, Trouble> {
        match path.metadata() {
            // Where the data folder is a file, that is what is said of it, later.
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                Ok(Self::default())
            }
            _ => Self::read(path),
        }
    }

    fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }
}

impl LimitsSection {
    pub fn into_limits(self) -> Limits {
        let usual = Limits::default();
        Limits {
            requests: self.requests.unwrap_or(usual.requests).max(1),
            streams: self.streams.unwrap_or(usual.streams),
            body: self.body.unwrap_or(usual.body),
            import: self.import.unwrap_or(usual.import),
            body_wait: self.body_wait.unwrap_or(usual.body_wait),
            timeout: self.timeout.unwrap_or(usual.timeout),
            drain: self.drain.unwrap_or(usual.drain),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{PerMinute, Rates};

    #[test]
    fn a_file_may_say_as_little_as_it_wants() {
        let file = File::parse("[http]\nlisten = \"0.0.0.0:80\"\n[limits]\ntimeout = 5\n").unwrap();
        assert_eq!(file.http.listen, Some(SocketAddr::from(([0, 0, 0, 0], 80))));
        let limits = file.limits.into_limits();
        assert_eq!(limits.timeout, Duration::from_secs(5));
        assert_eq!(limits.body, Limits::default().body);
    }

    #[test]
    fn rates_are_said_one_by_one_and_flags_win_over_them() {
        let file = File::parse("[limits]\nper_minute = { person = 5, sign_in = \"off\" }\n").expect("a file");
        let flags = RateFlags { person: "7".parse().ok(), ..RateFlags::default() };
        let rates = file.limits.per_minute.under(flags);
        assert_eq!((Ok(rates.person), rates.sign_in), ("7".parse(), PerMinute::OFF));
        assert_eq!(rates.sensitive, Rates::default().sensitive);
        assert!(File::parse("[limits]\nper_minute = { persons = 5 }\n").is_err());
        assert!(File::parse("[limits]\nper_minute = { person = -5 }\n").is_err());
    }

    #[test]
    fn a_misspelt_name_is_told() {
        let error = File::parse("[http]\nlissen = \"0.0.0.0:80\"\n").map(drop).unwrap_err();
        assert!(error.to_string().contains("unknown field `lissen`"), "{error}");
    }
}
