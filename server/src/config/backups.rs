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
    /// What reads them, where this program may; it need not.
    pub key: Option<PathBuf>,
    /// When the server makes one by itself; `None`: never.
    pub daily: Option<Daily>,
    /// How often it looks by itself whether one comes back; only where it makes them.
    pub drill: DrillEvery,
    /// For how long they are kept.
    pub retention: Retention,
}

/// How often a server brings its newest backup back into a database that is thrown away.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum DrillEvery {
    /// After the backup of each thirtieth day.
    #[default]
    Monthly,
    /// After that of each seventh day.
    Weekly,
    /// Somebody does it by hand.
    Never,
}

impl DrillEvery {
    /// As it is set.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monthly => "monthly",
            Self::Weekly => "weekly",
            Self::Never => "never",
        }
    }

    /// Since when one has to have been, if backups are made at `daily`: it comes after the backup of a night.
    pub const fn last_due(self, daily: Daily, now: Timestamp) -> Option<Timestamp> {
        let days = match self {
            Self::Monthly => 30,
            Self::Weekly => 7,
            Self::Never => return None,
        };
        let Timestamp(tonight) = daily.last_due(now);
        Some(Timestamp(tonight - (days - 1) * Daily::DAY * 1_000_000))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drill_is_due_after_the_backup_of_a_night() {
        let two: Daily = "02:00".parse().expect("a time");
        // 2026-11-29T02:00:00Z
        let tonight = Timestamp(1_795_917_600_000_000);
        let days_before = |days: i64| Some(tonight.plus_seconds(-days * 86_400));
        assert_eq!(DrillEvery::Weekly.last_due(two, tonight), days_before(6));
        assert_eq!(DrillEvery::Monthly.last_due(two, tonight.plus_seconds(3600)), days_before(29));
        assert_eq!(DrillEvery::Never.last_due(two, tonight), None);
    }
}
