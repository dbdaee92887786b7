//! Folders for what is needed for a moment only: a backup that was fetched, or a database that one is brought back into.
//! What is in them can be read, so what a program that was killed has left is removed by the next one; what another one is
//! at is not. Who is at a folder holds a lock on a file in it, which ends with the process.

use crate::{config::Trouble, doctor};
use services::backup::Failure;
use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// How their names begin.
const PREFIX: &str = "aside-";
/// The file in each that is locked…
const LOCK: &str = "lock";
/// …and its name until it is.
const NEW: &str = "lock.new";

/// A folder in the data folder, for its owner alone, that is gone afterwards.
pub struct Aside {
    path: PathBuf,
    _lock: File,
}

impl Aside {
    /// Makes one, beside those that others are at.
    ///
    /// # Errors
    /// If it can't be made, or what is left of others can't be removed.
    pub fn under(data: &Path, name: &str) -> Result<Self, Trouble> {
        sweep(data).and_then(|()| Self::make(data, name)).map_err(|error| Trouble::from(Failure::from(error)))
    }

    fn make(data: &Path, name: &str) -> io::Result<Self> {
        let mut number = 0_u32;
        let path = loop {
            let path = data.join(format!("{PREFIX}{name}-{number}"));
            match fs::create_dir(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                made => break made.map(|()| path)?,
            }
        };
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        let lock = File::create(path.join(NEW))?;
        lock.try_lock()?;
        // Under this name it is never without its lock, so nobody takes it for left.
        fs::rename(path.join(NEW), path.join(LOCK))?;
        Ok(Self { path, _lock: lock })
    }

    /// Where the file of that name is in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Whether there is room for so many bytes to do `what`.
    ///
    /// # Errors
    /// If there is not.
    pub fn check_room(&self, what: &str, bytes: u64) -> Result<(), Trouble> {
        match doctor::free(&self.path) {
            Some(free) if free < bytes => Err(Trouble::new(format!(
                "There is no room in the data folder to {what}: it may take {} MiB, and {} MiB are free. Make room, or \
                 choose another folder with --data.",
                bytes.div_ceil(1024 * 1024),
                free / (1024 * 1024)
            ))),
            _ => Ok(()),
        }
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if let Err(error) = remove(&self.path) {
            tracing::error!(folder = %self.path.display(), %error, "what was needed for a moment could not be removed");
        }
    }
}

/// Removes what programs that were killed have left in the data folder.
///
/// # Errors
/// If something can't be removed.
pub fn sweep(data: &Path) -> io::Result<()> {
    for entry in fs::read_dir(data)? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX)) {
            remove_if_left(&entry.path())?;
        }
    }
    Ok(())
}

fn remove_if_left(path: &Path) -> io::Result<()> {
    let lock = match File::open(path.join(LOCK)) {
        // Somebody is about to begin, or has just removed it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        lock => lock?,
    };
    match lock.try_lock() {
        Ok(()) => remove(path),
        Err(TryLockError::WouldBlock) => Ok(()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(data: &tempfile::TempDir) -> usize {
        fs::read_dir(data.path()).expect("a folder").count()
    }

    #[test]
    fn a_disk_without_room_is_refused_and_nothing_stays() {
        let data = tempfile::tempdir().expect("a folder");
        let aside = Aside::under(data.path(), "drill").expect("a folder");
        aside.check_room("write a word", 1).expect("there is room");
        let sentence = aside.check_room("write it all", u64::MAX).expect_err("no disk has so much").0;
        assert!(sentence.contains("no room in the data folder to write it all"), "{sentence}");
        drop(aside);
        assert_eq!(count(&data), 0);
    }

    #[test]
    fn what_was_left_goes_and_what_others_are_at_stays() {
        let data = tempfile::tempdir().expect("a folder");
        let one = Aside::under(data.path(), "drill").expect("a folder");
        fs::write(one.file("drill.db"), "at work").expect("written");
        let left = data.path().join("aside-drill-7");
        fs::create_dir(&left).expect("made");
        for name in [LOCK, "drill.db"] {
            fs::write(left.join(name), "left").expect("written");
        }
        let other = Aside::under(data.path(), "drill").expect("a folder");
        assert!(!left.exists() && one.file("drill.db").exists());
        assert_ne!(one.path, other.path);
        drop((one, other));
        assert_eq!(count(&data), 0);
    }
}
