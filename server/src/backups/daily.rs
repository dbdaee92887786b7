//! The backup that the server makes by itself, once a day.

use super::{Folder, file::Writing};
use crate::config::{Backups, Daily};
use services::{
    Services,
    backup::{self, Failure, Summary},
};
use std::{path::PathBuf, time::Duration};
use tokio::{runtime::Handle, task::spawn_blocking, time::sleep};

const LOOK: Duration = Duration::from_mins(1);

/// A backup that was made.
pub struct Made {
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// What is in it.
    pub summary: Summary,
}

/// Makes one now. `secret` goes into it only if it is encrypted. It writes to files while others wait, so a server calls
/// it where a thread may.
///
/// # Errors
/// What the disk or the database says; then no file is left.
pub async fn make(services: &Services, to: &Backups, secret: Option<String>) -> Result<Made, Failure> {
    let recipients = to.recipients.keys().map_err(|trouble| Failure::Refused(trouble.0))?;
    let path = Folder::at(&to.folder)?.place(services.now());
    let writing = Writing::begin(&path, recipients.as_deref())?;
    let secret = secret.filter(|_| recipients.is_some());
    let (summary, writing) = backup::create(services, writing, secret).await?;
    Ok(Made { bytes: writing.finish()?, path, summary })
}

/// Makes one each day, if it is this server's turn, and removes what has outlived. Never ends.
pub async fn follow(services: Services, to: Backups, at: Daily, secret: Option<String>) {
    loop {
        if let Err(error) = turn(&services, &to, at, secret.as_ref()).await {
            tracing::warn!(%error, "whether a backup is due could not be seen; it is looked at again");
        }
        sleep(LOOK).await;
    }
}

async fn turn(services: &Services, to: &Backups, at: Daily, secret: Option<&String>) -> domain::Result<()> {
    if !backup::claim(services, at.last_due(services.now())).await? {
        return Ok(());
    }
    let working = {
        let (services, to, secret) = (services.clone(), to.clone(), secret.cloned());
        // It compresses and waits for the disk: not on the threads of requests.
        spawn_blocking(move || Handle::current().block_on(make_and_prune(&services, &to, secret)))
    };
    let outcome = match working.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(failure)) => Err(failure.to_string()),
        Err(_) => Err("it was stopped".into()),
    };
    if let Err(why) = &outcome {
        tracing::error!(why, "no backup was made; it is tried again in a quarter of an hour");
    }
    backup::note(services, outcome).await
}

async fn make_and_prune(services: &Services, to: &Backups, secret: Option<String>) -> Result<(), Failure> {
    let Made { path, bytes, summary } = make(services, to, secret).await?;
    tracing::info!(file = %path.display(), bytes, rows = summary.rows(), "backup made");
    for gone in Folder::at(&to.folder)?.prune(to.retention, services.now())? {
        tracing::info!(file = %gone.path.display(), "backup outlived and removed");
    }
    Ok(())
}

/// Whether a server that makes backups by itself can: it says so at its start, not at night.
///
/// # Errors
/// With a sentence for the operator.
pub fn check(to: &Backups) -> Result<(), crate::config::Trouble> {
    to.recipients.keys()?;
    Folder::at(&to.folder).map(drop).map_err(|error| {
        crate::config::Trouble::new(format!(
            "PMS cannot make the folder {} for backups: {error}. Choose another one with --backup-folder.",
            to.folder.display()
        ))
    })
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
