//! One server for an embedded database: two would not hear of each other's changes, and a newer one would change the tables
//! under the older one.

use crate::config::{Trouble, without_password};
use std::{
    fs::{File, TryLockError},
    path::PathBuf,
};
use store::db::Options;

/// Takes the database for this server, until the file is dropped or the process ends; `None` on a database server, which
/// many may use. A folder that can't be written is left to those who open the database in it.
///
/// # Errors
/// If another server has it.
pub fn take(database: &Options) -> Result<Option<File>, Trouble> {
    let Some(lock) = database.file().and_then(|file| File::create(beside(file)).ok()) else {
        return Ok(None);
    };
    match lock.try_lock() {
        Err(TryLockError::WouldBlock) => Err(Trouble::new(format!(
            "Another PMS serves from the database {} already. Stop that one first; several servers need MySQL or MariaDB.",
            without_password(&database.url)
        ))),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(Some(lock)),
    }
}

/// As SQLite names its own files.
fn beside(database: PathBuf) -> PathBuf {
    let mut name = database.into_os_string();
    name.push("-server");
    name.into()
}
