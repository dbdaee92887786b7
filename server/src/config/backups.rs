//! Where backups go, for whom, when, and for how long.

use super::{Flags, S3Access, S3Place, Trouble, file::BackupSection, s3::S3Said};
use crate::backups::Recipients;
use domain::time::Timestamp;
use serde::Deserialize;
use services::backup::Retention;
use std::{
    path::{Path, PathBuf},
    str::FromStr,
};

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
    /// Where a second copy of each goes; `None`: nowhere.
    pub s3: Option<S3Place>,
    /// How a storage that speaks S3 is reached; also without such a place, to bring a copy back.
    pub s3_access: Option<S3Access>,
}

impl Backups {
    pub(super) fn of(flags: &Flags, file: BackupSection, data: &Path) -> Result<Self, Trouble> {
        let recipients = flags.backup_recipients.clone().or(file.recipients).unwrap_or_default();
        let secret_file = flags.backup_s3_secret_file.as_ref().or(file.s3_secret_file.as_ref());
        let access = S3Access::of(S3Said {
            endpoint: flags.backup_s3_endpoint.clone().or(file.s3_endpoint),
            region: flags.backup_s3_region.clone().or(file.s3_region),
            key_id: flags.backup_s3_key_id.clone().or(file.s3_key_id),
            secret_file: secret_file.map(PathBuf::as_path),
        })?;
        let s3 = flags.backup_s3.clone().or(file.s3);
        if let (Some(place), None) = (&s3, &access) {
            return Err(Trouble::new(format!(
                "Backups go to {place}, and PMS has no key for it. Set PMS_BACKUP_S3_KEY_ID, and PMS_BACKUP_S3_SECRET or \
                 PMS_BACKUP_S3_SECRET_FILE."
            )));
        }
        Ok(Self {
            folder: flags.backup_folder.clone().or(file.folder).unwrap_or_else(|| data.join("backups")),
            recipients: recipients.parse().map_err(Trouble)?,
            key: flags.backup_key.clone().or(file.key),
            daily: flags.backup_daily.or(file.daily),
            drill: flags.backup_drill.or(file.drill).unwrap_or_default(),
            retention: file.retention,
            s3,
            s3_access: access,
        })
    }
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
