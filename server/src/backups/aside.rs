//! A folder for what is needed for a moment only.

use super::Folder;
use crate::{config::Trouble, doctor};
use services::backup::Failure;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A folder in the data folder, for its owner alone, that is gone afterwards.
pub struct Aside(PathBuf);

impl Aside {
    /// Makes it, without what one that was killed has left there.
    ///
    /// # Errors
    /// If it can't be made.
    pub fn under(data: &Path, name: &str) -> Result<Self, Trouble> {
        let path = data.join(name);
        let _ = fs::remove_dir_all(&path);
        Folder::at(&path).prepare().map_err(Failure::from)?;
        Ok(Self(path))
    }

    /// Where the file of that name is in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Whether there is room for so many bytes to do `what`.
    ///
    /// # Errors
    /// If there is not.
    pub fn check_room(&self, what: &str, bytes: u64) -> Result<(), Trouble> {
        match doctor::free(&self.0) {
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
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_without_room_is_refused_and_nothing_stays() {
        let data = tempfile::tempdir().expect("a folder");
        let aside = Aside::under(data.path(), "drill").expect("a folder");
        aside.check_room("write a word", 1).expect("there is room");
        let sentence = aside.check_room("write it all", u64::MAX).expect_err("no disk has so much").0;
        assert!(sentence.contains("no room in the data folder to write it all"), "{sentence}");
        drop(aside);
        assert_eq!(fs::read_dir(data.path()).expect("a folder").count(), 0);
    }
}
