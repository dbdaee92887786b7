//! Bringing a backup back into an embedded database that is thrown away: the only proof that it can be done.

use super::{Folder, Key, Recipients, aside::Aside, file};
use crate::{
    boot,
    config::{Backups, Config, Daily, DrillEvery, Trouble},
};
use domain::Timestamp;
use services::{
    Services,
    backup::{self, Chore, Ended, Failure, Replace, Summary},
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

/// Why a backup is not known to come back.
#[derive(Debug)]
pub enum Miss {
    /// It does not, or nobody here can read it.
    Lost(Trouble),
    /// That could not be seen: there is no room, or a database did not do its part.
    Untried(Trouble),
}

impl Miss {
    /// Of reading the backup, or of the database that it is brought back into.
    fn of(failure: Failure) -> Self {
        match failure {
            Failure::Store(_) => Self::Untried(failure.into()),
            _ => Self::Lost(failure.into()),
        }
    }
}

impl From<Miss> for Trouble {
    fn from(miss: Miss) -> Self {
        let (Miss::Lost(trouble) | Miss::Untried(trouble)) = miss;
        trouble
    }
}

impl Drill<'_> {
    /// Reads all of a backup, brings it back, reads that again, and looks whether tasks carry what follows from their
    /// dependencies, as `pms doctor` does. It reads files while others wait, so a server calls it where a thread may.
    ///
    /// # Errors
    /// If it did not come back whole, there is no room for it, or it was stopped.
    pub async fn run(&self, path: &Path, key: Option<&Key>) -> Result<Drilled, Miss> {
        let aside = Aside::under(&self.config.data, "drill").map_err(Miss::Untried)?;
        let bytes = self.verify(path, key).map_err(Miss::of)?;
        let room = aside.check_room("bring the backup back", bytes.saturating_mul(GROWTH));
        room.map_err(Miss::Untried)?;
        let url = format!("sqlite:{}", aside.file("drill.db").display());
        let there = boot::services_at(self.config, &url).await.map_err(Miss::Untried)?;
        let outcome = self.stop.run_until_cancelled(self.restore(&there, (path, key))).await;
        // Before the folder goes: what has it open would write to it once more.
        there.db.close().await;
        outcome.unwrap_or_else(|| Err(Miss::Untried(Trouble::new("Stopped. Nothing was changed."))))
    }

    /// Gives the bytes of its text.
    fn verify(&self, path: &Path, key: Option<&Key>) -> Result<u64, Failure> {
        let mut watched = Watched::new(file::open(path, key)?, &self.stop);
        backup::verify(&mut watched)?;
        Ok(watched.bytes)
    }

    async fn restore(&self, there: &Services, (path, key): (&Path, Option<&Key>)) -> Result<Drilled, Miss> {
        let open = || Ok(Watched::new(file::open(path, key)?, &self.stop));
        let summary = backup::restore(there, open, Replace::No).await.map_err(Miss::of)?;
        schema::up(&there.db, there.now().micros()).await.map_err(|error| {
            Miss::Untried(Trouble::new(format!(
                "The rows of the backup came back, but the copy of them that is thrown away could not be brought to this \
                 version: {}. The database here is as it was.",
                error.for_log()
            )))
        })?;
        let fine = dependencies::check(there).await.map_err(|error| Miss::Untried(error.into()))?.is_fine();
        if !fine {
            return Err(Miss::Lost(Trouble::new(
                "The backup came back whole, but some of its tasks do not carry what follows from their dependencies. \
                 Look here with: pms doctor",
            )));
        }
        let rows = compare(self.here, there).await.map_err(|failure| Miss::Untried(failure.into()))?;
        Ok(Drilled { summary, rows })
    }
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
pub struct Watched<'a, R> {
    inner: R,
    stop: &'a CancellationToken,
    bytes: u64,
}

impl<'a, R> Watched<'a, R> {
    /// From its beginning.
    pub const fn new(inner: R, stop: &'a CancellationToken) -> Self {
        Self { inner, stop, bytes: 0 }
    }
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
#[derive(Clone)]
pub struct Drills {
    /// As for [`Drill`]; its `backups` say how often, and which key reads them.
    pub config: Config,
    /// Cancelled, it ends.
    pub stop: CancellationToken,
}

impl Drills {
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
        let Some(due) = backups.drill.last_due(at, services.now()) else { return Ok(()) };
        let on = Drilling::of(backups) == Drilling::On;
        if !on || !backup::is_due(services, Chore::Drill, due).await? {
            return Ok(());
        }
        let Some(path) = self.newest(services.now()).await else { return Ok(()) };
        if !backup::claim(services, Chore::Drill, due).await? {
            return Ok(());
        }
        let outcome = self.run(services, path.clone()).await;
        if self.stop.is_cancelled() && outcome.is_err() {
            return backup::give_back(services, Chore::Drill).await;
        }
        backup::note(services, Chore::Drill, told(&path, outcome)).await
    }

    /// The newest backup of the folder, if it is of these days.
    async fn newest(&self, now: Timestamp) -> Option<PathBuf> {
        let folder = Folder::at(&self.config.backups.folder);
        let found = spawn_blocking(move || folder.newest(now)).await.ok()?.ok()??;
        (now.seconds_since(found.made_at) < FRESH_SECONDS).then_some(found.path)
    }

    async fn run(&self, services: &Services, path: PathBuf) -> Result<Drilled, Miss> {
        // The key was there when the server started. Where it is not any more, nothing comes back here.
        let key = reader(&self.config.backups).map_err(Miss::Lost)?;
        let (config, here, stop) = (self.config.clone(), services.clone(), self.stop.clone());
        // It decrypts and waits for the disk: not on the threads of requests.
        let working = spawn_blocking(move || {
            let drill = Drill { config: &config, here: &here, stop };
            Handle::current().block_on(drill.run(&path, key.as_ref()))
        });
        let broken = |_| Err(Miss::Untried(Trouble::new("It broke off; the log says where.")));
        working.await.unwrap_or_else(broken)
    }
}

/// How a drill ended, after it was said to the log.
fn told(path: &Path, outcome: Result<Drilled, Miss>) -> Ended {
    let file = path.display();
    match outcome {
        Ok(Drilled { rows, .. }) => {
            let (then, now) = rows.iter().fold((0, 0), |(then, now), row| (then + row.1, now + row.2));
            tracing::info!(%file, rows = then, rows_now = now, "restore rehearsed");
            Ended::Well
        }
        Err(Miss::Lost(Trouble(why))) => {
            tracing::error!(%file, why, "the backup did not come back; it is tried again in a day");
            Ended::Failed(why)
        }
        Err(Miss::Untried(Trouble(why))) => {
            tracing::error!(%file, why, "no restore could be rehearsed; it is tried again in a day");
            Ended::Untried(why)
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
            // Whether a key that is set can be read is seen at the start, and by each drill.
            _ if matches!(backups.recipients, Recipients::Keys(_)) && backups.key.is_none() => Self::Keyless,
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
        let mut watched = Watched::new(&b"one\ntwo\n"[..], &stop);
        let mut line = String::new();
        watched.read_line(&mut line).expect("read");
        assert_eq!((line.as_str(), watched.bytes), ("one\n", 4));
        stop.cancel();
        assert!(watched.read_line(&mut line).is_err());
    }
}
