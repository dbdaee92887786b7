//! Whose turn it is to make the backup of a day, and how the last one went: kept in the database, so that one of several
//! servers makes it.

use crate::Services;
use domain::{Result, Timestamp};
use serde::{Deserialize, Serialize};
use store::Tx;

/// The setting that has it.
const SETTING: &str = "backup";
/// After so long without a word, whoever began it is taken for gone.
const PATIENCE_SECONDS: i64 = 6 * 60 * 60;
/// When one that failed is tried again.
const AGAIN_SECONDS: i64 = 15 * 60;

/// The last backup that a server made by itself.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Last {
    /// When the last try began.
    pub begun_at: Option<Timestamp>,
    /// When a try last ended, well or not.
    pub ended_at: Option<Timestamp>,
    /// When a try last ended well.
    pub done_at: Option<Timestamp>,
    /// Why the last try that ended failed.
    pub failed: Option<String>,
}

/// How the last one went; nothing where there was none.
///
/// # Errors
/// What the database says.
pub async fn last(services: &Services) -> Result<Last> {
    read(&mut services.db.peek().await?).await
}

/// Takes the turn, if a backup is due: none was made since `due`, and nobody is at it.
///
/// # Errors
/// What the database says.
pub async fn claim(services: &Services, due: Timestamp) -> Result<bool> {
    let now = services.now();
    if !is_open(&last(services).await?, due, now) {
        return Ok(false);
    }
    // Again, alone: another server may have asked at the same time.
    let mut tx = services.db.write().await?;
    let last = read(&mut tx).await?;
    if !is_open(&last, due, now) {
        return Ok(false);
    }
    put(&mut tx, &Last { begun_at: Some(now), ..last }).await?;
    tx.commit().await?;
    Ok(true)
}

/// Notes how the turn ended: `Err` with the reason.
///
/// # Errors
/// What the database says.
pub async fn note(services: &Services, outcome: std::result::Result<(), String>) -> Result<()> {
    let ended_at = Some(services.now());
    let mut tx = services.db.write().await?;
    let before = read(&mut tx).await?;
    let done_at = if outcome.is_ok() { ended_at } else { before.done_at };
    put(&mut tx, &Last { ended_at, done_at, failed: outcome.err(), ..before }).await?;
    Ok(tx.commit().await?)
}

async fn read(tx: &mut Tx) -> Result<Last> {
    let text = store::settings::find(tx, SETTING).await?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

async fn put(tx: &mut Tx, last: &Last) -> Result<()> {
    Ok(store::settings::put(tx, SETTING, serde_json::to_string(last).unwrap_or_default()).await?)
}

fn is_open(last: &Last, due: Timestamp, now: Timestamp) -> bool {
    let Some(begun) = last.begun_at else { return true };
    match last.ended_at.filter(|ended| *ended >= begun) {
        // A clock was wrong once; it must not hold up all that come.
        _ if begun > now => true,
        Some(ended) if last.failed.is_some() => now.seconds_since(ended) >= AGAIN_SECONDS,
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
        };
        assert!(is_open(&Last::default(), due, at(1000)), "there was none");
        assert!(is_open(&last(10, Some(11), false), due, at(1000)), "the last one is older");
        assert!(!is_open(&last(1000, Some(1003), false), due, at(1200)), "it is done");
        assert!(!is_open(&last(1000, Some(11), false), due, at(1100)), "somebody is at it");
        assert!(is_open(&last(1000, Some(11), false), due, at(1400)), "who was at it is gone");
        assert!(!is_open(&last(1000, Some(1005), true), due, at(1019)), "it failed a moment ago");
        assert!(is_open(&last(1000, Some(1005), true), due, at(1020)), "it failed a while ago");
        assert!(!is_open(&last(1020, Some(1005), true), due, at(1050)), "somebody tries again");
        assert!(is_open(&last(9000, Some(9001), false), due, at(1010)), "a clock was ahead");
    }
}
