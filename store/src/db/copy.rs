//! A copy of an embedded database beside it.

use super::{Db, Error, Result};
use std::{fs, io, path::PathBuf};

impl Db {
    /// The file of an embedded database.
    ///
    /// # Errors
    /// What the database says.
    pub async fn file(&self) -> Result<Option<PathBuf>> {
        let Self::Sqlite { .. } = self else { return Ok(None) };
        let mut tx = self.peek().await?;
        let name = tx.sql("SELECT file FROM pragma_database_list WHERE name = 'main'").optional().await?;
        Ok(name.map(|(name,): (String,)| PathBuf::from(name)).filter(|path| !path.as_os_str().is_empty()))
    }

    /// Copies an embedded database, as it is at this moment, to a file beside it with `.before-` and `name` after its own
    /// name, and removes older such copies. Gives where it is; nothing for a database server, which has no file.
    ///
    /// # Errors
    /// [`Error::Unwritable`] if the disk does not take it. Then no copy is left, and older ones are as they were.
    pub async fn copy_beside(&self, name: &str) -> Result<Option<PathBuf>> {
        let (Self::Sqlite { read, .. }, Some(file)) = (self, self.file().await?) else { return Ok(None) };
        let path = |end: &str| {
            let mut path = file.clone().into_os_string();
            path.push(end);
            PathBuf::from(path)
        };
        let (part, copy) = (path(".part"), path(&format!(".before-{name}")));
        remove(&part)?;
        // Connections that read may write nothing, not even another file; this one is not theirs any more afterwards.
        let mut connection = read.acquire().await?.detach();
        sqlx::query("PRAGMA query_only = OFF").execute(&mut connection).await?;
        let made = sqlx::query("VACUUM INTO ?")
            .bind(part.to_string_lossy().into_owned())
            .execute(&mut connection)
            .await;
        let kept = made.map_err(Error::from).and_then(|_| {
            fs::File::open(&part).and_then(|file| file.sync_all()).map_err(unwritable)?;
            fs::rename(&part, &copy).map_err(unwritable)
        });
        if let Err(error) = kept {
            let _ = remove(&part);
            return Err(error);
        }
        remove_others(&copy, &path(".before-"))?;
        Ok(Some(copy))
    }
}

/// Removes what begins with `begin` beside `copy`, but not that.
fn remove_others(copy: &PathBuf, begin: &std::path::Path) -> Result<()> {
    let (Some(folder), Some(begin)) = (copy.parent(), begin.file_name()) else { return Ok(()) };
    let begin = begin.to_string_lossy();
    for entry in fs::read_dir(folder).map_err(unwritable)?.flatten() {
        if entry.file_name().to_string_lossy().starts_with(&*begin) && entry.path() != *copy {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

fn remove(path: &std::path::Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unwritable(error)),
        _ => Ok(()),
    }
}

fn unwritable(error: io::Error) -> Error {
    Error::Unwritable(sqlx::Error::Io(error))
}
