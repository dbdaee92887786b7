//! Bringing a backup back into an embedded database that is thrown away: the only proof that it can be done.

use super::{Folder, Key, Recipients, aside::Aside, file};
use crate::{
    boot,
    config::{Backups, Config, Daily, DrillEvery, Trouble},
};
use services::{
    Services,
    backup::{self, Chore, Failure, Replace, Summary},
    dependencies,
};
use std::{
    collections::BTreeMap,
    io::{self, BufRead, Read},
    path::{Path, PathBuf},
};
use store::schema;
use tokio::{runtime::Handle, task::spawn_blocking};
use tokio_util::sync::CancellationToken;

/// Bytes of an embedded database and of its log, while it is filled in one transaction, for each byte of a backup's text.
/// Measured with `pms seed`: 2.9.
const GROWTH: u64 = 4;
/// A backup that a server rehearses is not older than this: else another server makes them, and has newer ones.
const FRESH_SECONDS: i64 = 2 * 24 * 60 * 60;

/// A backup is brought back beside what is here.
pub struct Drill<'a> {
    /// Where there is room for it, and how a database is opened.
    pub config: &'a Config,
    /// What is here.
    pub here: &'a Services,
    /// The folder in the data folder that it is brought back into. It is gone afterwards.
    pub aside: &'static str,
    /// Cancelled, it ends.
    pub stop: CancellationToken,
}

/// What came back.
pub struct Drilled {
    /// What was in the backup.
    pub summary: Summary,
    /// Each table, its rows as they came back, and as they are here now.
    pub rows: Vec<(String, u64, u64)>,
}

impl Drill<'_> {
    /// Reads all of a backup, brings it back, reads that again, and looks whether tasks carry what follows from their
    /// dependencies, as `pms doctor` does. It reads files while others wait, so a server calls it where a thread may.
    ///
    /// # Errors
    /// If it did not come back whole, there is no room for it, or it was stopped.
    pub async fn run(&self, path: &Path, key: Option<&Key>) -> Result<Drilled, Trouble> {
        let aside = Aside::under(&self.config.data, self.aside)?;
        let bytes = self.verify(path, key)?;
        aside.check_room("bring the backup back", bytes.saturating_mul(GROWTH))?;
        let url = format!("sqlite:{}", aside.file("drill.db").display());
        let there = boot::services_at(self.config, &url).await?;
        let outcome = self.stop.run_until_cancelled(self.restore(&there, (path, key))).await;
        // Before the folder goes: what has it open would write to it once more.
        there.db.close().await;
        outcome.unwrap_or_else(|| Err(Trouble::new("Stopped. Nothing was changed.")))
    }

    /// Gives the bytes of its text.
    fn verify(&self, path: &Path, key: Option<&Key>) -> Result<u64, Failure> {
        let mut watched = Watched { inner: file::open(path, key)?, stop: &self.stop, bytes: 0 };
        backup::verify(&mut watched)?;
        Ok(watched.bytes)
    }

    async fn restore(
        &self,
        there: &Services,
        (path, key): (&Path, Option<&Key>),
    ) -> Result<Drilled, Trouble> {
        let open = || Ok(Watched { inner: file::open(path, key)?, stop: &self.stop, bytes: 0 });
        let summary = backup::restore(there, open, Replace::No).await?;
        migrate(there).await?;
        if !dependencies::check(there).await?.is_fine() {
            return Err(Trouble::new(
                "The backup came back whole, but some of its tasks do not carry what follows from their dependencies. \
                 Look here with: pms doctor",
            ));
        }
        Ok(Drilled { summary, rows: compare(self.here, there).await? })
    }
}

/// Brings restored tables to this version. Gives the names of what was applied.
///
/// # Errors
/// What the database says.
pub async fn migrate(services: &Services) -> Result<Vec<String>, Trouble> {
    schema::up(&services.db, services.now().micros()).await.map_err(|error| {
        Trouble::new(format!(
            "Everything was restored, but its tables could not be brought to this version: {}. Go on with: pms migrate up",
            error.for_log()
        ))
    })
}

/// Each table's rows there and here.
async fn compare(here: &Services, there: &Services) -> Result<Vec<(String, u64, u64)>, Failure> {
    let now: BTreeMap<String, u64> = backup::counts(here).await?.into_iter().collect();
    let line = |(table, then): (String, u64)| {
        let now = now.get(&table).copied().unwrap_or(0);
        (table, then, now)
    };
    Ok(backup::counts(there).await?.into_iter().map(line).collect())
}

/// A backup's text that is counted as it is read, and ends when the program is stopped.
struct Watched<'a, R> {
    inner: R,
    stop: &'a CancellationToken,
    bytes: u64,
}

impl<R: BufRead> BufRead for Watched<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.stop.is_cancelled() {
            return Err(io::Error::other("the program was stopped"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.bytes += count as u64;
        self.inner.consume(count);
    }
}

impl<R: BufRead> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

/// The drills that a server does by itself.
pub struct Drills {
    /// As for [`Drill`]; its `backups` say how often, and which key reads them.
    pub config: Config,
    /// Cancelled, it ends.
    pub stop: CancellationToken,
}

impl Drills {
    /// The folder of a server's drill in its data folder: another one than that of the command.
    const ASIDE: &str = "drill.server";

    /// Says once if there will be no drill.
    pub fn announce(&self) {
        let backups = &self.config.backups;
        if let (Drilling::Keyless, Err(why)) = (Drilling::of(backups), reader(backups)) {
            tracing::warn!(%why, "no restore is rehearsed");
        }
    }

    /// Rehearses the newest backup, if it is due and this server's turn.
    ///
    /// # Errors
    /// What the database says of whose turn it is.
    pub async fn turn(&self, services: &Services, at: Daily) -> domain::Result<()> {
        let backups = &self.config.backups;
        let now = services.now();
        let (Some(due), Ok(key)) = (backups.drill.last_due(at, now), reader(backups)) else { return Ok(()) };
        let newest = Folder::at(&backups.folder).list().ok().and_then(|all| all.into_iter().next());
        let fresh = newest.filter(|found| now.seconds_since(found.made_at) < FRESH_SECONDS);
        let Some(found) = fresh else { return Ok(()) };
        if !backup::claim(services, Chore::Drill, due).await? {
            return Ok(());
        }
        let outcome = self.run(services, found.path.clone(), key).await;
        if self.stop.is_cancelled() && outcome.is_err() {
            return backup::give_back(services, Chore::Drill).await;
        }
        match &outcome {
            Ok(Drilled { rows, .. }) => {
                let (then, now) = rows.iter().fold((0, 0), |(then, now), row| (then + row.1, now + row.2));
                tracing::info!(file = %found.path.display(), rows = then, rows_now = now, "restore rehearsed");
            }
            Err(why) => {
                tracing::error!(file = %found.path.display(), why, "the backup did not come back; it is tried again in a day");
            }
        }
        backup::note(services, Chore::Drill, outcome.map(drop)).await
    }

    async fn run(&self, services: &Services, path: PathBuf, key: Option<Key>) -> Result<Drilled, String> {
        let (config, here, stop) = (self.config.clone(), services.clone(), self.stop.clone());
        // It decrypts and waits for the disk: not on the threads of requests.
        let working = spawn_blocking(move || {
            let drill = Drill { config: &config, here: &here, aside: Self::ASIDE, stop };
            Handle::current().block_on(drill.run(&path, key.as_ref()))
        });
        match working.await {
            Ok(outcome) => outcome.map_err(|trouble| trouble.0),
            Err(_) => Err("it broke off".into()),
        }
    }
}

/// Whether a server rehearses restores by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Drilling {
    /// It makes no backups, or is told not to.
    Off,
    /// It would, but can't read what it makes.
    Keyless,
    /// It does.
    On,
}

impl Drilling {
    /// As the settings have it.
    pub fn of(backups: &Backups) -> Self {
        match (backups.daily, backups.drill) {
            (None, _) | (_, DrillEvery::Never) => Self::Off,
            _ if reader(backups).is_err() => Self::Keyless,
            _ => Self::On,
        }
    }
}

/// What reads the backups that are made now; nothing, where they are not encrypted.
///
/// # Errors
/// With a sentence for the operator where this server has no key for them.
pub fn reader(backups: &Backups) -> Result<Option<Key>, Trouble> {
    match (&backups.recipients, &backups.key) {
        (Recipients::Keys(_), Some(path)) => Key::read(path).map(Some),
        (Recipients::Keys(_), None) => Err(Trouble::new(
            "The server has no key that reads its backups, so it cannot see that they come back. Let it have one \
             (PMS_BACKUP_KEY), or rehearse by hand (pms backup drill --key FILE) and set PMS_BACKUP_DRILL=never",
        )),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_counted_and_ends_when_the_program_is_stopped() {
        let stop = CancellationToken::new();
        let mut watched = Watched { inner: &b"one\ntwo\n"[..], stop: &stop, bytes: 0 };
        let mut line = String::new();
        watched.read_line(&mut line).expect("read");
        assert_eq!((line.as_str(), watched.bytes), ("one\n", 4));
        stop.cancel();
        assert!(watched.read_line(&mut line).is_err());
    }
}
