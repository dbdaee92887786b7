//! The log, on standard error: standard output belongs to what a command answers.

use crate::config::{LogFormat, Telemetry, Trouble};
use std::io;
use tracing_subscriber::EnvFilter;

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

/// Begins to log.
///
/// # Errors
/// As [`filter`].
pub fn start(telemetry: &Telemetry) -> Result<(), Trouble> {
    let filter = filter(telemetry)?;
    // What makes HTML safe tells each word of it, and people's words are not for the log.
    // The client of Redis complains of each node at each try; that it is away is said once. The sessions' span would stand in
    // JSON instead of the request's.
    let filter = ["html5ever=off", "markup5ever=off", "redis=off", "tower_sessions=warn"]
        .into_iter()
        .filter_map(|part| part.parse().ok())
        .fold(filter, EnvFilter::add_directive);
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_target(true);
    // A second start (tests) keeps the first one's log.
    let _ = match telemetry.format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => {
            lines.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
        }
    };
    Ok(())
}
