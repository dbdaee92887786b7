//! Archived and deleted tasks.

use crate::db::{Result, Tx};
use domain::{ids::TaskId, task::Lifecycle, time::Timestamp};

/// Archives, deletes or takes back tasks.
pub async fn set_lifecycle(
    tx: &mut Tx,
    ids: &[TaskId],
    lifecycle: Lifecycle,
    now: Timestamp,
) -> Result<()> {
    let deleted_at = (lifecycle == Lifecycle::Deleted).then_some(now.micros());
    for chunk in ids.chunks(500) {
        let sql = tx
            .compose("UPDATE task SET ")
            .bind("lifecycle = ?", lifecycle.code())
            .bind(", deleted_at = ?", deleted_at)
            .bind(", updated_at = ?", now.micros())
            .push(", version = version + 1 WHERE id IN ")
            .list(chunk.iter().map(|id| id.uuid()));
        tx.build(sql).run().await?;
    }
    Ok(())
}
