//! A folder of backups.

use super::file;
use domain::time::Timestamp;
use services::backup::Retention;
use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

const STAMP: &[BorrowedFormatItem<'_>] = format_description!("[year][month][day]T[hour][minute][second]Z");
/// A file in the making that is older is one whose program was stopped.
const LEFT_SECONDS: i64 = 24 * 60 * 60;

/// Where backups are.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

/// A file in it.
#[derive(Clone, Debug)]
pub struct Found {
    /// When it was made, by its name.
    pub made_at: Timestamp,
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Whether it takes a key to read.
    pub encrypted: bool,
}

impl Folder {
    /// The folder at `path`, made if it is not there.
    ///
    /// # Errors
    /// If it can't be made.
    pub fn at(path: &Path) -> io::Result<Self> {
        let mut folder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.recursive(true).create(path)?;
        Ok(Self(path.to_owned()))
    }

    /// Where a backup that is made now goes.
    pub fn place(&self, now: Timestamp) -> PathBuf {
        let stamp = of(now).format(STAMP).unwrap_or_default();
        self.0.join(format!("pms-{stamp}.backup"))
    }

    /// Its backups, the newest first. What has another name is nothing to us.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn list(&self) -> io::Result<Vec<Found>> {
        let mut all = Vec::new();
        for entry in fs::read_dir(&self.0)? {
            let entry = entry?;
            let Some(made_at) = entry.file_name().to_str().and_then(time_in) else { continue };
            let path = entry.path();
            let encrypted = file::is_encrypted(&path)?;
            all.push(Found { made_at, bytes: entry.metadata()?.len(), path, encrypted });
        }
        all.sort_by_key(|found| std::cmp::Reverse(found.made_at));
        Ok(all)
    }

    /// Those that `retention` lets go at `now`.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn outlived(&self, retention: Retention, now: Timestamp) -> io::Result<Vec<Found>> {
        let all = self.list()?;
        let made: Vec<Timestamp> = all.iter().map(|found| found.made_at).collect();
        let outlived = retention.outlived(&made, now);
        Ok(all.into_iter().filter(|found| outlived.contains(&found.made_at)).collect())
    }

    /// Removes what is outlived, and what was left half-written long ago. Gives what went.
    ///
    /// # Errors
    /// If something can't be removed.
    pub fn prune(&self, retention: Retention, now: Timestamp) -> io::Result<Vec<Found>> {
        let outlived = self.outlived(retention, now)?;
        for found in &outlived {
            fs::remove_file(&found.path)?;
        }
        for entry in fs::read_dir(&self.0)? {
            let entry = entry?;
            let name = entry.file_name();
            let ours = name.to_str().and_then(|name| name.strip_prefix("pms-")?.strip_suffix(".part"));
            let written = entry.metadata()?.modified()?.duration_since(SystemTime::UNIX_EPOCH);
            let written = written.map_or(0, |since| i64::try_from(since.as_micros()).unwrap_or(i64::MAX));
            if ours.is_some() && now.seconds_since(Timestamp(written)) > LEFT_SECONDS {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(outlived)
    }
}

fn of(at: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at.micros().div_euclid(1_000_000))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

fn time_in(name: &str) -> Option<Timestamp> {
    let stamp = name.strip_prefix("pms-")?.strip_suffix(".backup")?;
    let at = time::PrimitiveDateTime::parse(stamp, STAMP).ok()?.assume_utc();
    Some(Timestamp(at.unix_timestamp() * 1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_outlived_goes_and_nothing_of_others() {
        let here = tempfile::tempdir().expect("a folder");
        let folder = Folder::at(&here.path().join("deep/backups")).expect("made");
        let now = Timestamp(1_795_917_600_000_000);
        for days in [0, 1, 40, 800] {
            fs::write(folder.place(now.plus_seconds(-days * 86_400)), "x").expect("written");
        }
        fs::write(folder.0.join("pms-notes.backup"), "mine").expect("written");
        fs::write(folder.0.join("pms-20200101T000000Z.part"), "in the making").expect("written");
        let went = folder.prune(Retention::default(), now).expect("pruned");
        assert_eq!(went.len(), 1, "{went:?}");
        assert_eq!(folder.list().expect("listed").len(), 3);
        assert_eq!(fs::read_dir(&folder.0).expect("read").count(), 5);
        assert_eq!(folder.list().expect("listed")[0].made_at, now);
    }
}
