//! Where backups go, for whom, when, and for how long.

use crate::backups::Recipients;
use domain::time::Timestamp;
use serde::Deserialize;
use services::backup::Retention;
use std::{path::PathBuf, str::FromStr};

/// See the module.
#[derive(Clone, Debug)]
pub struct Backups {
    /// The folder.
    pub folder: PathBuf,
    /// Who can read them.
    pub recipients: Recipients,
    /// When the server makes one by itself; `None`: never.
    pub daily: Option<Daily>,
    /// For how long they are kept.
    pub retention: Retention,
}

/// A time of the day in UTC, `02:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Daily {
    /// Seconds after midnight.
    seconds: i64,
}

impl Daily {
    const DAY: i64 = 86_400;

    /// When it was this time last.
    pub const fn last_due(self, now: Timestamp) -> Timestamp {
        let seconds = now.micros().div_euclid(1_000_000);
        let due = seconds - (seconds - self.seconds).rem_euclid(Self::DAY);
        Timestamp(due * 1_000_000)
    }
}

impl FromStr for Daily {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once(':').and_then(|(hour, minute)| {
            let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
            ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 3600 + minute * 60)
        });
        parts
            .map(|seconds| Self { seconds })
            .ok_or_else(|| "a time of the day in UTC is written 02:00".into())
    }
}

impl TryFrom<String> for Daily {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}
