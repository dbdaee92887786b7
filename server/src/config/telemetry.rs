//! What operators are told while it runs.

use super::{Flags, Otlp, SentryDsn, Trouble, file::TelemetrySection};

/// Characters of the environment's name.
const LONGEST: usize = 64;

/// What operators are told while it runs.
#[derive(Clone, Debug)]
pub struct Telemetry {
    /// A filter as `tracing-subscriber` reads it: `info`, `server=debug,info` …
    pub log: String,
    /// How a line looks.
    pub format: LogFormat,
    /// Where traces go; `None`: nowhere.
    pub otlp: Option<Otlp>,
    /// Where errors go; `None`: nowhere.
    pub sentry: Option<SentryDsn>,
    /// What both call this installation.
    pub environment: String,
}

/// How a line of the log looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For programs: one JSON object a line.
    Json,
}

impl Telemetry {
    /// From flags and environment, else the file.
    ///
    /// # Errors
    /// With a sentence that does not repeat keys.
    pub(super) fn of(flags: &Flags, file: TelemetrySection) -> Result<Self, Trouble> {
        let either = |flag: &Option<String>, file: Option<String>| flag.clone().or(file);
        let endpoint = either(&flags.otlp_endpoint, file.otlp_endpoint);
        let headers = either(&flags.otlp_headers, file.otlp_headers);
        let ratio = flags.otlp_ratio.or(file.otlp_ratio).unwrap_or_default();
        let dsn = either(&flags.sentry_dsn, file.sentry_dsn).filter(|dsn| !dsn.trim().is_empty());
        let environment = either(&flags.environment, file.environment).unwrap_or_else(|| "production".into());
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if environment.is_empty() || environment.len() > LONGEST || !environment.chars().all(plain) {
            return Err(Trouble::new("PMS_ENVIRONMENT is 1 to 64 letters, digits and - _ ."));
        }
        Ok(Self {
            log: either(&flags.log, file.log).unwrap_or_else(|| "info".into()),
            format: flags.log_format.or(file.format).unwrap_or_default(),
            otlp: Otlp::of(endpoint.as_deref(), headers.as_deref(), ratio).map_err(Trouble)?,
            sentry: dsn.map(|dsn| dsn.parse()).transpose().map_err(Trouble)?,
            environment,
        })
    }
}
