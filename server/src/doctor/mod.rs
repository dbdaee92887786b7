//! What `pms doctor` looks at, a file for each subject. Nothing here changes anything, and nothing waits for long.

mod backups;
pub mod configuration;
mod copies;
mod database;
mod disk;
mod integrity;
mod outlets;
mod redis;
mod telemetry;

pub use disk::free;

use crate::config::Config;
use std::{fmt, time::Duration};
use tokio::time::timeout;

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// As it should be.
    Ok,
    /// It works, but something may go wrong later, or for some.
    Warning,
    /// It does not work.
    Trouble,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Trouble => "trouble",
        })
    }
}

/// One thing that was looked at: a line for the operator.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// What it is about, in a word.
    pub subject: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What was found and, unless all is well, what to do.
    pub text: String,
}

impl Finding {
    fn ok(subject: &'static str, text: impl Into<String>) -> Self {
        Self { subject, level: Level::Ok, text: text.into() }
    }

    fn warning(subject: &'static str, text: impl Into<String>) -> Self {
        Self { subject, level: Level::Warning, text: text.into() }
    }

    fn trouble(subject: &'static str, text: impl Into<String>) -> Self {
        Self { subject, level: Level::Trouble, text: text.into() }
    }
}

/// Looks at everything, in the order in which one would. What stands on something that does not work is left out.
pub async fn examine(config: &Config) -> Vec<Finding> {
    let mut found = configuration::look(config);
    found.push(disk::look("data", &config.data));
    let (about_database, services) = database::look(config).await;
    found.extend(about_database);
    if let Some(redis) = &config.redis {
        found.push(redis::look(redis).await);
    }
    found.extend(telemetry::look(&config.telemetry).await);
    if let Some(services) = services {
        found.extend(integrity::look(&services).await);
        found.extend(backups::look(config, &services).await);
        found.extend(outlets::look(config, &services).await);
    }
    found
}

/// Looks at `subject` for at most `patience`.
async fn within(
    subject: &'static str,
    patience: Duration,
    look: impl Future<Output = store::db::Result<Finding>>,
) -> Finding {
    match timeout(patience, look).await {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => Finding::trouble(
            subject,
            format!(
                "the database did not do its part: {}. See that it runs and is not full",
                error.for_log()
            ),
        ),
        Err(_) => Finding::warning(
            subject,
            format!(
                "not done after {} seconds and given up. Look again when there is less to do",
                patience.as_secs()
            ),
        ),
    }
}
