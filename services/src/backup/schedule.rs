//! Whose turn it is to make the backup of a day or to rehearse a restore, and how the last one went: kept in the database, so
//! that one of several servers does it.

use crate::Services;
use domain::{Result, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::Tx;

/// After so long without a word, whoever began it is taken for gone.
const PATIENCE_SECONDS: i64 = 6 * 60 * 60;
/// The same: who takes longer at a chore of the server's hangs.
pub const PATIENCE: Duration = Duration::from_secs(PATIENCE_SECONDS.unsigned_abs());

/// What servers do by themselves, one of them at a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Chore {
    /// The backup of the day.
    Backup,
    /// Bringing a backup back into a database that is thrown away.
    Drill,
}

impl Chore {
    /// The setting that has how it went.
    const fn setting(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::Drill => "backup_drill",
        }
    }

    /// When one that failed is tried again. A drill reads all of a backup: not over and over.
    const fn again_seconds(self) -> i64 {
        match self {
            Self::Backup => 15 * 60,
            Self::Drill => 24 * 60 * 60,
        }
    }
}

/// How a turn ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ended {
    /// As it should.
    Well,
    /// Not so, and why.
    Failed(String),
    /// Whether it would have ended well could not be seen, and why.
    Untried(String),
}

/// How it went when a server last did it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Last {
    /// When the last try began.
    pub begun_at: Option<Timestamp>,
    /// When a try last ended, well or not.
    pub ended_at: Option<Timestamp>,
    /// When a try last ended well.
    pub done_at: Option<Timestamp>,
    /// Why the last try failed that could be made to its end.
    pub failed: Option<String>,
    /// Why the last try could not.
    pub untried: Option<String>,
}

/// How the last one went; nothing where there was none.
///
/// # Errors
/// What the database says.
pub async fn last(services: &Services, chore: Chore) -> Result<Last> {
    read(&mut services.db.peek().await?, chore).await
}

/// Whether the turn could be taken: it was not done since `due`, and nobody is at it.
///
/// # Errors
/// What the database says.
pub async fn is_due(services: &Services, chore: Chore, due: Timestamp) -> Result<bool> {
    Ok(is_open(&last(services, chore).await?, chore, (due, services.now())))
}

/// Takes the turn, if it is due.
///
/// # Errors
/// What the database says.
pub async fn claim(services: &Services, chore: Chore, due: Timestamp) -> Result<bool> {
    if !is_due(services, chore, due).await? {
        return Ok(false);
    }
    // Again, alone: another server may have asked at the same time.
    let now = services.now();
    let mut tx = services.db.write().await?;
    let last = read(&mut tx, chore).await?;
    if !is_open(&last, chore, (due, now)) {
        return Ok(false);
    }
    put(&mut tx, chore, &Last { begun_at: Some(now), ..last }).await?;
    tx.commit().await?;
    Ok(true)
}

/// Notes how the turn ended. One that could not be tried takes nothing back of what was seen before it.
///
/// # Errors
/// What the database says.
pub async fn note(services: &Services, chore: Chore, ended: Ended) -> Result<()> {
    let ended_at = Some(services.now());
    let mut tx = services.db.write().await?;
    let before = Last { ended_at, ..read(&mut tx, chore).await? };
    let last = match ended {
        Ended::Well => Last { done_at: ended_at, failed: None, untried: None, ..before },
        Ended::Failed(why) => Last { failed: Some(why), untried: None, ..before },
        Ended::Untried(why) => Last { untried: Some(why), ..before },
    };
    put(&mut tx, chore, &last).await?;
    Ok(tx.commit().await?)
}

/// Gives the turn back, as if nobody had taken it: whoever was at it was stopped, which says nothing of backups.
///
/// # Errors
/// What the database says.
pub async fn give_back(services: &Services, chore: Chore) -> Result<()> {
    let mut tx = services.db.write().await?;
    let before = read(&mut tx, chore).await?;
    put(&mut tx, chore, &Last { begun_at: None, ..before }).await?;
    Ok(tx.commit().await?)
}

async fn read(tx: &mut Tx, chore: Chore) -> Result<Last> {
    let text = store::settings::find(tx, chore.setting()).await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

async fn put(tx: &mut Tx, chore: Chore, last: &Last) -> Result<()> {
    Ok(store::settings::put(tx, chore.setting(), serde_json::to_string(last).unwrap_or_default()).await?)
}

fn is_open(last: &Last, chore: Chore, (due, now): (Timestamp, Timestamp)) -> bool {
    let Some(begun) = last.begun_at else { return true };
    match last.ended_at.filter(|ended| *ended >= begun) {
        // A clock was wrong once; it must not hold up all that come.
        _ if begun > now => true,
        Some(ended) if last.failed.is_some() || last.untried.is_some() => {
            now.seconds_since(ended) >= chore.again_seconds()
        }
        Some(_) => begun < due,
        None => now.seconds_since(begun) >= PATIENCE_SECONDS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_after_it_is_due_and_again_when_it_failed_or_whoever_began_is_gone() {
        let at = |minutes: i64| Timestamp(0).plus_seconds(minutes * 60);
        let due = at(1000);
        let last = |begun, ended: Option<i64>, failed: bool| Last {
            begun_at: Some(at(begun)),
            ended_at: ended.map(at),
            done_at: None,
            failed: failed.then(|| "the disk is full".to_owned()),
            untried: None,
        };
        let open = |last, now| is_open(&last, Chore::Backup, (due, now));
        assert!(open(Last::default(), at(1000)), "there was none");
        assert!(open(last(10, Some(11), false), at(1000)), "the last one is older");
        assert!(!open(last(1000, Some(1003), false), at(1200)), "it is done");
        assert!(!open(last(1000, Some(11), false), at(1100)), "somebody is at it");
        assert!(open(last(1000, Some(11), false), at(1400)), "who was at it is gone");
        assert!(!open(last(1000, Some(1005), true), at(1019)), "it failed a moment ago");
        assert!(open(last(1000, Some(1005), true), at(1020)), "it failed a while ago");
        assert!(!open(last(1020, Some(1005), true), at(1050)), "somebody tries again");
        assert!(open(last(9000, Some(9001), false), at(1010)), "a clock was ahead");
        let drill = |now| is_open(&last(1000, Some(1005), true), Chore::Drill, (due, at(now)));
        assert!(!drill(1005 + 24 * 60 - 1) && drill(1005 + 24 * 60), "a drill that failed waits for a day");
    }
}
