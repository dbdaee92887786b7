//! Removing what was put away long ago.

use crate::Services;
use domain::{Result, limits};

/// Rows of one transaction, so that nobody waits long behind it.
const PIECE: i64 = 1_000;

/// Removes what was archived 90 days ago or earlier, and what belongs to announcements that are gone, a piece at a time;
/// gives how many.
///
/// # Errors
/// What the database says.
pub async fn purge(services: &Services) -> Result<u64> {
    Ok(unannounced(services).await? + archived(services).await?)
}

/// Announcements go with their team.
async fn unannounced(services: &Services) -> Result<u64> {
    let mut total = 0;
    loop {
        let mut tx = services.db.peek().await?;
        let ids = store::notifications::unannounced(&mut tx, PIECE).await?;
        drop(tx);
        if ids.is_empty() {
            return Ok(total);
        }
        let mut tx = services.db.write().await?;
        store::notifications::forget(&mut tx, &ids).await?;
        tx.commit().await?;
        total += u64::try_from(ids.len()).unwrap_or(u64::MAX);
    }
}

async fn archived(services: &Services) -> Result<u64> {
    let until = services.now().plus_seconds(-limits::ARCHIVED_DAYS * 24 * 60 * 60);
    let mut total = 0;
    loop {
        let mut tx = services.db.peek().await?;
        let ids = store::notifications::archived_before(&mut tx, until, PIECE).await?;
        drop(tx);
        if ids.is_empty() {
            return Ok(total);
        }
        let mut tx = services.db.write().await?;
        let removed = store::notifications::remove(&mut tx, &ids).await?;
        tx.commit().await?;
        total += removed;
        if removed == 0 {
            return Ok(total);
        }
    }
}
