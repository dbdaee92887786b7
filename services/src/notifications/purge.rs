//! Removing what was put away long ago.

use crate::Services;
use domain::{Result, limits};

/// Rows of one call, so that nobody waits long behind it.
const PIECE: i64 = 1_000;

/// Removes a piece of what was archived 90 days ago or earlier; gives how many, and 0 says that there is nothing left to do.
///
/// # Errors
/// What the database says.
pub async fn purge(services: &Services) -> Result<u64> {
    let until = services.now().plus_seconds(-limits::ARCHIVED_DAYS * 24 * 60 * 60);
    let ids = {
        let mut tx = services.db.read().await?;
        store::notifications::archived_before(&mut tx, until, PIECE).await?
    };
    if ids.is_empty() {
        return Ok(0);
    }
    let mut tx = services.db.write_aside().await?;
    let removed = store::notifications::remove(&mut tx, &ids).await?;
    tx.commit().await?;
    Ok(removed)
}
