//! The backup that the server makes by itself, once a day.

use super::{Bucket, Folder, Key, bucket::Filled, drill::Drills, file::Writing};
use crate::{
    config::{Backups, Daily, Trouble},
    telemetry::Origin,
};
use services::{
    Services,
    backup::{self, Chore, Ended, Failure, Summary},
    rounds::Rounds,
};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{runtime::Handle, task::spawn_blocking, time::sleep};
use tokio_util::sync::CancellationToken;

const LOOK: Duration = Duration::from_mins(1);
/// Copies may be on their way for so long: the backup of the next night does not wait for them, and nobody takes who sends
/// them for gone ([`backup::claim`]).
const COPYING: Duration = Duration::from_hours(4);

/// A backup that was made.
pub struct Made {
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// What is in it.
    pub summary: Summary,
}

/// What goes where.
#[derive(Clone)]
pub struct Making {
    /// Where, for whom, for how long.
    pub to: Backups,
    /// The signing secret; it goes only into what is encrypted.
    pub secret: Option<String>,
    /// Cancelled, it ends, and leaves no file.
    pub stop: CancellationToken,
}

impl Making {
    /// Makes one now. It writes to files while others wait, so a server calls it where a thread may.
    ///
    /// # Errors
    /// What the disk or the database says; then no file is left.
    pub async fn make(&self, services: &Services) -> Result<Made, Failure> {
        let recipients = self.to.recipients.keys().map_err(|trouble| Failure::Refused(trouble.0))?;
        let folder = Folder::at(&self.to.folder);
        folder.prepare()?;
        let path = folder.place(services.now());
        let writing = Writing::begin(&path, recipients.as_deref(), self.stop.clone())?;
        let secret = self.secret.clone().filter(|_| recipients.is_some());
        let (summary, writing) = backup::create(services, writing, secret).await?;
        Ok(Made { bytes: writing.finish()?, path, summary })
    }

    /// Makes one each day, if it is this server's turn, removes what has outlived, and rehearses from time to time that it
    /// can be brought back, until it is stopped.
    pub async fn follow(self, services: Services, rounds: Rounds, (at, drills): (Daily, Drills)) {
        drills.announce();
        loop {
            if let Err(error) = rounds.round(self.turn(&services, at)).await {
                tracing::warn!(%error, "whether a backup is due could not be seen or noted; it is looked at again");
            }
            if let Err(error) = drills.turn(&services, at).await {
                tracing::warn!(%error, "whether a drill is due could not be seen or noted; it is looked at again");
            }
            rounds.ended();
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = sleep(LOOK) => {}
            }
        }
    }

    /// How many were tried: one, if it is this server's turn.
    async fn turn(&self, services: &Services, at: Daily) -> domain::Result<u64> {
        if !backup::claim(services, Chore::Backup, at.last_due(services.now())).await? {
            return Ok(0);
        }
        let working = {
            let (services, making, origin) = (services.clone(), self.clone(), Origin::here());
            // It compresses and waits for the disk: not on the threads of requests.
            spawn_blocking(move || Handle::current().block_on(origin.go_on(making.save(&services, at))))
        };
        let ended = match working.await {
            Ok(Ok(())) => Ended::Well,
            // That says nothing of backups; the next server goes on with it.
            Ok(Err(_)) if self.stop.is_cancelled() => {
                return backup::give_back(services, Chore::Backup).await.map(|()| 0);
            }
            Ok(Err(Trouble(why))) => {
                tracing::error!(
                    why,
                    "no backup was made and copied to where it belongs; it is tried again in a quarter of an hour"
                );
                Ended::Failed(why)
            }
            Err(panic) => {
                tracing::error!(%panic, "a backup broke off; it is tried again in a quarter of an hour");
                Ended::Failed("it broke off".into())
            }
        };
        backup::note(services, Chore::Backup, ended).await?;
        Ok(1)
    }

    /// One that is there, and only has to be brought to the bucket, is not made again.
    async fn save(&self, services: &Services, at: Daily) -> Result<(), Trouble> {
        let now = services.now();
        let all = Folder::at(&self.to.folder).list().map_err(Failure::from)?;
        let due = at.last_due(now)..=now;
        if !all.iter().any(|found| due.contains(&found.made_at)) {
            let Made { path, bytes, summary } = self.make(services).await?;
            tracing::info!(file = %path.display(), bytes, rows = summary.rows(), "backup made");
        }
        self.prune(services);
        self.copy(services, |copy| tracing::info!(copy, "backup copied to S3")).await?;
        self.prune_copies(services).await;
        Ok(())
    }

    /// Brings to the bucket, if there is one, what is not there, but not for longer than some hours: the rest is for the
    /// next time. `heard` gets where each is then. It reads files while others wait.
    ///
    /// # Errors
    /// What the storage says of those that did not come there; what is in the folder stays.
    pub async fn copy(&self, services: &Services, heard: impl Fn(&str)) -> Result<(), Trouble> {
        let ends = within(&self.stop, COPYING);
        let _timer = ends.clone().drop_guard();
        let Some(bucket) = Bucket::of(&self.to, ends)? else { return Ok(()) };
        let filled = bucket.fill(&Folder::at(&self.to.folder), self.to.retention, services.now()).await;
        let missed = match filled {
            Ok(Filled { brought, missed }) => {
                for name in &brought {
                    heard(&bucket.url(name));
                }
                missed
            }
            Err(failure) => vec![failure.to_string()],
        };
        if missed.is_empty() {
            return Ok(());
        }
        Err(Trouble::new(format!(
            "Backups are in {}, but not all of them came to S3. {}",
            self.to.folder.display(),
            missed.join(" ")
        )))
    }

    /// Brings this backup to the bucket, if there is one. Gives where it is then.
    ///
    /// # Errors
    /// What the storage says, or that it took longer than `limit`; what is in the folder stays.
    pub async fn send(&self, path: &Path, limit: Duration) -> Result<Option<String>, Trouble> {
        let ends = within(&self.stop, limit);
        let _timer = ends.clone().drop_guard();
        let Some(bucket) = Bucket::of(&self.to, ends)? else { return Ok(None) };
        Ok(Some(bucket.send(path).await?))
    }

    /// What can't be removed makes no copy of today worse.
    async fn prune_copies(&self, services: &Services) {
        let Ok(Some(bucket)) = Bucket::of(&self.to, self.stop.clone()) else { return };
        let pruning = async {
            let from = Folder::at(&self.to.folder);
            for copy in bucket.outlived(&from, self.to.retention, services.now()).await? {
                bucket.remove(&copy.name).await?;
                tracing::info!(copy = bucket.url(&copy.name), "backup outlived and removed");
            }
            Ok::<_, Failure>(())
        };
        if let Err(error) = pruning.await {
            tracing::error!(%error, "old backups could not be removed from S3");
        }
    }

    /// What can't be removed makes no backup of today worse.
    fn prune(&self, services: &Services) {
        match Folder::at(&self.to.folder).prune(self.to.retention, services.now()) {
            Ok(gone) => {
                for found in gone {
                    tracing::info!(file = %found.path.display(), "backup outlived and removed");
                }
            }
            Err(error) => tracing::error!(%error, "old backups could not be removed"),
        }
    }

    /// Whether a server that makes backups by itself can: it says so at its start, not at night.
    ///
    /// # Errors
    /// With a sentence for the operator.
    pub fn check(&self) -> Result<(), Trouble> {
        self.to.recipients.keys()?;
        self.to.key.as_deref().map(Key::read).transpose()?;
        Bucket::of(&self.to, self.stop.clone())?;
        let probe = self.to.folder.join("pms-probe.part");
        let tried = Folder::at(&self.to.folder).prepare();
        tried.and_then(|()| fs::write(&probe, "")).and_then(|()| fs::remove_file(&probe)).map_err(|error| {
            Trouble::new(format!(
                "PMS cannot write backups into {}: {error}. Give its user write access, or choose another folder with \
                 --backup-folder.",
                self.to.folder.display()
            ))
        })
    }
}

/// Cancelled with `stop`, or after `limit`.
fn within(stop: &CancellationToken, limit: Duration) -> CancellationToken {
    let ends = stop.child_token();
    let late = ends.clone();
    tokio::spawn(async move {
        late.run_until_cancelled(sleep(limit)).await;
        late.cancel();
    });
    ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::time::Timestamp;

    #[test]
    fn the_last_time_it_was_due_is_today_or_yesterday() {
        let two: Daily = "02:00".parse().expect("a time");
        // 2026-11-29T02:00:00Z
        let due = Timestamp(1_795_917_600_000_000);
        assert_eq!(two.last_due(due), due);
        assert_eq!(two.last_due(due.plus_seconds(60)), due);
        assert_eq!(two.last_due(due.plus_seconds(-60)), due.plus_seconds(-86_400));
        for wrong in ["", "2", "24:00", "12:60", "2 o'clock"] {
            assert!(wrong.parse::<Daily>().is_err(), "{wrong}");
        }
    }
}
