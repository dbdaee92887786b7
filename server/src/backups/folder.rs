//! A folder of backups.

use domain::time::Timestamp;
use services::backup::Retention;
use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

const STAMP: &[BorrowedFormatItem<'_>] = format_description!("[year][month][day]T[hour][minute][second]Z");
/// How the name of a file in the making ends…
const PART: &str = ".part";
/// …and after how long its program was stopped.
const LEFT_SECONDS: i64 = 24 * 60 * 60;
/// So far may the clock of whoever made a backup be ahead.
const AHEAD_SECONDS: i64 = 5 * 60;

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
}

impl Folder {
    /// The folder at `path`, which need not be there.
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Makes it if it is not there, for its owner alone.
    ///
    /// # Errors
    /// If it can't be made.
    pub fn prepare(&self) -> io::Result<()> {
        let mut folder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.recursive(true).create(&self.0)
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
        let mut all: Vec<Found> = self
            .names()?
            .into_iter()
            .filter_map(|name| Some(Found { made_at: time_in(&name)?, path: self.0.join(name) }))
            .collect();
        all.sort_by_key(|found| std::cmp::Reverse(found.made_at));
        Ok(all)
    }

    /// The newest at `now`. What a clock that was ahead once has dated into time to come is not it.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn newest(&self, now: Timestamp) -> io::Result<Option<Found>> {
        let made = |found: &Found| found.made_at <= now.plus_seconds(AHEAD_SECONDS);
        Ok(self.list()?.into_iter().find(made))
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
        for name in self.names()? {
            let half = name.strip_prefix("pms-").is_some_and(|rest| rest.ends_with(PART));
            let path = self.0.join(name);
            if half && written_at(&path).is_some_and(|at| now.seconds_since(at) > LEFT_SECONDS) {
                fs::remove_file(path)?;
            }
        }
        Ok(outlived)
    }

    fn names(&self) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        entries
            .map(|entry| Ok(entry?.file_name()))
            .filter_map(|name| name.map(|name| name.into_string().ok()).transpose())
            .collect()
    }
}

/// `None` also where it is gone meanwhile.
fn written_at(path: &Path) -> Option<Timestamp> {
    let since = path.metadata().ok()?.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_micros()).ok().map(Timestamp)
}

fn of(at: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at.micros().div_euclid(1_000_000))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// When the backup of that name was made; `None` for what is named otherwise.
pub fn time_in(name: &str) -> Option<Timestamp> {
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
        let folder = Folder::at(&here.path().join("deep/backups"));
        assert!(folder.list().expect("nothing there").is_empty());
        folder.prepare().expect("made");
        let now = Timestamp(1_795_917_600_000_000);
        for days in [0, 1, 2, 3, 4, 5, 40, 800] {
            fs::write(folder.place(now.plus_seconds(-days * 86_400)), "x").expect("written");
        }
        fs::write(folder.0.join("pms-notes.backup"), "mine").expect("written");
        fs::write(folder.0.join("pms-20200101T000000Z.part"), "in the making").expect("written");
        let went = folder.prune(Retention::default(), now).expect("pruned");
        assert_eq!(went.len(), 1, "{went:?}");
        assert_eq!(folder.list().expect("listed").len(), 7);
        assert_eq!(fs::read_dir(&folder.0).expect("read").count(), 9);
        assert_eq!(folder.list().expect("listed")[0].made_at, now);
        fs::write(folder.place(now.plus_seconds(86_400)), "x").expect("written");
        assert_eq!(folder.newest(now).expect("listed").expect("some").made_at, now, "a clock was ahead");
    }
}
