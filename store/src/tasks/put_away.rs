//! Archived and deleted tasks.

use crate::db::{Result, Tx};
use domain::{ids::TaskId, rank::Rank, task::Lifecycle, time::Timestamp};

/// Archives or deletes tasks.
pub async fn put_away(tx: &mut Tx, ids: &[TaskId], lifecycle: Lifecycle, now: Timestamp) -> Result<()> {
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

/// Takes back archived and deleted tasks, each to its new rank.
pub async fn take_back(tx: &mut Tx, places: &[(TaskId, Rank)], now: Timestamp) -> Result<()> {
    for chunk in places.chunks(500) {
        let mut sql = tx
            .compose("UPDATE task SET lifecycle = 0, deleted_at = NULL, version = version + 1")
            .bind(", updated_at = ?", now.micros())
            .push(", card_rank = CASE id");
        for (id, rank) in chunk {
            sql = sql.bind(" WHEN ?", id.uuid()).bind(" THEN ?", rank.as_str().to_owned());
        }
        let sql = sql.push(" ELSE card_rank END WHERE id IN ").list(chunk.iter().map(|(id, _)| id.uuid()));
        tx.build(sql).run().await?;
    }
    Ok(())
}
