//! The log, on standard error: standard output belongs to what a command answers.

use super::AnyLayer;
use crate::config::{LogFormat, Telemetry, Trouble};
use std::io;
use tracing_subscriber::{EnvFilter, Layer as _};

/// What is logged.
///
/// # Errors
/// If the filter can't be read.
pub fn filter(telemetry: &Telemetry) -> Result<EnvFilter, Trouble> {
    EnvFilter::try_new(&telemetry.log).map_err(|error| {
        Trouble::new(format!(
            "The log filter “{}” is wrong: {error}. Try info, or server=debug,info.",
            telemetry.log
        ))
    })
}

/// What writes it.
///
/// # Errors
/// As [`filter`].
pub(super) fn layer(telemetry: &Telemetry) -> Result<AnyLayer, Trouble> {
    let filter = filter(telemetry)?;
    // What makes HTML safe tells each word of it, and people's words are not for the log.
    // The client of Redis complains of each node at each try; that it is away is said once. The sessions' span would stand in
    // JSON instead of the request's, and so would those that are made for traces.
    let filter = ["html5ever=off", "markup5ever=off", "redis=off", "tower_sessions=warn", "pms::traces=off"]
        .into_iter()
        .filter_map(|part| part.parse().ok())
        .fold(filter, EnvFilter::add_directive);
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_target(true);
    Ok(match telemetry.format {
        LogFormat::Text => lines.with_filter(filter).boxed(),
        LogFormat::Json => {
            let lines = lines.json().flatten_event(true).with_current_span(true).with_span_list(false);
            lines.with_filter(filter).boxed()
        }
    })
}
