//! Notifications that are read, put away and removed.

use super::write::Place;
use crate::db::{Result, Sql, Tx};
use domain::{
    ids::{NotificationId, UserId},
    notification::{Event, Mark},
    time::Timestamp,
};
use uuid::Uuid;

/// Marks some of a person's notifications; gives how many rows matched. Those of somebody else are left alone.
/// Index: `notification_pk`.
pub async fn mark(
    tx: &mut Tx,
    user: UserId,
    (ids, mark): (&[NotificationId], Mark),
    now: Timestamp,
) -> Result<u64> {
    if ids.is_empty() {
        return Ok(0);
    }
    let sql = tx.compose("UPDATE notification SET ");
    let sql = match mark {
        Mark::Read => sql.bind("unread = ?", false),
        Mark::Unread => sql.bind("unread = ?", true),
        Mark::Archive => archive(sql, now),
        Mark::Restore => sql
            .bind("place = ?", Place::Inbox as i16)
            .bind(", unread = ?", false)
            .bind(", archived_at = ?", None::<i64>),
    };
    let from = if mark == Mark::Restore { Place::Archived } else { Place::Inbox };
    let sql = sql
        .bind(" WHERE user_id = ?", user.uuid())
        .bind(" AND place = ?", from as i16)
        .push_if(
            mark == Mark::Archive,
            " AND (acknowledged_at IS NOT NULL OR announcement_id IS NULL OR announcement_id NOT IN (
               SELECT an.id FROM announcement an WHERE an.acknowledge AND an.withdrawn_at IS NULL))",
        )
        .push(" AND id IN ")
        .list(ids.iter().map(|id| id.uuid()));
    tx.build(sql).run().await
}

/// A part of somebody's inbox that was marked.
#[derive(Clone, Debug)]
pub struct Piece {
    /// How many rows.
    pub marked: u64,
    /// Those that were looked at, in their order.
    pub ids: Vec<NotificationId>,
    /// Whether there may be more.
    pub more: bool,
}

/// Those that are this person's. Index: `notification_pk`.
pub async fn own(tx: &mut Tx, user: UserId, ids: &[NotificationId]) -> Result<Vec<NotificationId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = tx
        .compose("SELECT id FROM notification")
        .bind(" WHERE user_id = ?", user.uuid())
        .push(" AND id IN ")
        .list(ids.iter().map(|id| id.uuid()));
    let rows: Vec<(Uuid,)> = tx.build(sql).all().await?;
    Ok(rows.into_iter().map(|(id,)| NotificationId(id)).collect())
}

/// Marks at most `limit` of a person's notifications in the inbox, after one and up to and with another, as read or archived.
/// Indices: `notification_unread`, `notification_in_place`.
pub async fn mark_until(
    tx: &mut Tx,
    user: UserId,
    (after, until, archived, limit): (Option<NotificationId>, NotificationId, bool, i64),
    now: Timestamp,
) -> Result<Piece> {
    let sql = tx.compose("SELECT id FROM notification").bind(" WHERE user_id = ?", user.uuid());
    let sql = if archived {
        sql.bind(" AND place = ?", Place::Inbox as i16)
    } else {
        sql.bind(" AND unread = ?", true)
    };
    let sql = sql
        .bind_some(" AND id > ?", after.map(NotificationId::uuid))
        .bind(" AND id <= ?", until.uuid())
        .bind(" ORDER BY id LIMIT ?", limit);
    let rows: Vec<(Uuid,)> = tx.build(sql).all().await?;
    let ids: Vec<_> = rows.into_iter().map(|(id,)| NotificationId(id)).collect();
    let how = if archived { Mark::Archive } else { Mark::Read };
    let marked = mark(tx, user, (&ids, how), now).await?;
    let full = usize::try_from(limit).is_ok_and(|limit| ids.len() >= limit);
    Ok(Piece { marked, ids, more: full })
}

fn archive(sql: Sql, now: Timestamp) -> Sql {
    sql.bind("place = ?", Place::Archived as i16)
        .bind(", unread = ?", false)
        .bind(", archived_at = ?", now.micros())
}

/// Some notifications that were put away before `until`, or were only for e-mail, oldest first; those of announcements stay,
/// because they say who was told. Index: `notification_resting`.
pub async fn archived_before(tx: &mut Tx, until: Timestamp, limit: i64) -> Result<Vec<NotificationId>> {
    let mut ids = Vec::new();
    for place in [Place::Archived, Place::MailOnly] {
        let rows: Vec<(Uuid,)> = tx
            .sql(
                "SELECT id
                 FROM notification
                 WHERE place = ? AND archived_at <= ? AND announcement_id IS NULL
                 ORDER BY archived_at
                 LIMIT ?",
            )
            .bind(place as i16)
            .bind(until.micros())
            .bind(limit)
            .all()
            .await?;
        ids.extend(rows.into_iter().map(|(id,)| NotificationId(id)));
    }
    Ok(ids)
}

/// Removes notifications for good, but those that were brought back into the inbox meanwhile.
pub async fn remove(tx: &mut Tx, ids: &[NotificationId]) -> Result<u64> {
    if ids.is_empty() {
        return Ok(0);
    }
    let sql = tx
        .compose("DELETE FROM notification")
        .bind(" WHERE place <> ?", Place::Inbox as i16)
        .push(" AND id IN ")
        .list(ids.iter().map(|id| id.uuid()));
    tx.build(sql).run().await
}

/// Says that those of these events do not wait for a person's digest any more. Index: `notification_for_digest`.
pub async fn not_in_digest(tx: &mut Tx, user: UserId, events: &[Event]) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let sql = tx
        .compose("UPDATE notification SET")
        .bind(" in_digest = ?", false)
        .bind(" WHERE user_id = ?", user.uuid())
        .bind(" AND in_digest = ?", true)
        .push(" AND event IN ")
        .list(events.iter().map(|event| event.as_str()));
    tx.build(sql).run().await.map(drop)
}

/// Says that nothing waits for a person's digest any more. Index: `notification_for_digest`.
pub async fn digested(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.sql("UPDATE notification SET in_digest = ? WHERE user_id = ? AND in_digest = ?")
        .bind(false)
        .bind(user.uuid())
        .bind(true)
        .run()
        .await
        .map(drop)
}
