//! When people are written to.

use crate::db::{Result, Tx};
use domain::{
    ids::UserId,
    rhythm::{Digest, Quiet, Rhythm},
    time::Timestamp,
};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    user_id: Uuid,
    time_zone: String,
    quiet_from: Option<i16>,
    quiet_until: Option<i16>,
    digest: String,
    digest_hour: i16,
    digest_weekday: i16,
    version: i64,
}

impl From<Row> for Rhythm {
    fn from(row: Row) -> Self {
        Self {
            time_zone: row.time_zone,
            quiet: row.quiet_from.zip(row.quiet_until).map(|(from, until)| Quiet { from, until }),
            digest: Digest::parse(&row.digest).unwrap_or_default(),
            digest_hour: row.digest_hour,
            digest_weekday: row.digest_weekday,
            version: row.version,
        }
    }
}

/// When these people are written to, those who chose it. Index: `notification_rhythm_pk`.
pub async fn rhythms(tx: &mut Tx, users: &[UserId]) -> Result<HashMap<UserId, Rhythm>> {
    let mut found = HashMap::new();
    for chunk in users.chunks(5_000) {
        let sql = tx
            .compose(
                "SELECT user_id, time_zone, quiet_from, quiet_until, digest, digest_hour, digest_weekday, version
                 FROM notification_rhythm
                 WHERE user_id IN ",
            )
            .list(chunk.iter().map(|id| id.uuid()));
        let rows: Vec<Row> = tx.build(sql).all().await?;
        found.extend(rows.into_iter().map(|row| (UserId(row.user_id), Rhythm::from(row))));
    }
    Ok(found)
}

/// Writes when a person is written to over version `seen`, with the instant of the next digest; `false` if it has another
/// version by now. Version 0 is nothing chosen yet.
pub async fn set_rhythm(
    tx: &mut Tx,
    user: UserId,
    (rhythm, seen): (&Rhythm, i64),
    digest_due: Timestamp,
) -> Result<bool> {
    if seen == 0 {
        let sql = tx
            .compose(tx.dialect().insert_ignore())
            .push(
                "notification_rhythm (user_id, time_zone, quiet_from, quiet_until, digest, digest_hour, digest_weekday,
                 digest_due, version) VALUES ",
            )
            .rows([rhythm], 9, |sql, rhythm| {
                sql.value(user.uuid())
                    .value(rhythm.time_zone.clone())
                    .value(rhythm.quiet.map(|quiet| quiet.from))
                    .value(rhythm.quiet.map(|quiet| quiet.until))
                    .value(rhythm.digest.as_str())
                    .value(rhythm.digest_hour)
                    .value(rhythm.digest_weekday)
                    .value(digest_due.micros())
                    .value(rhythm.version)
            });
        return Ok(tx.build(sql).run().await? > 0);
    }
    let matched = tx
        .sql(
            "UPDATE notification_rhythm
             SET time_zone = ?, quiet_from = ?, quiet_until = ?, digest = ?, digest_hour = ?, digest_weekday = ?,
               digest_due = ?, version = ?
             WHERE user_id = ? AND version = ?",
        )
        .bind(rhythm.time_zone.clone())
        .bind(rhythm.quiet.map(|quiet| quiet.from))
        .bind(rhythm.quiet.map(|quiet| quiet.until))
        .bind(rhythm.digest.as_str())
        .bind(rhythm.digest_hour)
        .bind(rhythm.digest_weekday)
        .bind(digest_due.micros())
        .bind(rhythm.version)
        .bind(user.uuid())
        .bind(seen)
        .run()
        .await?;
    Ok(matched > 0)
}

/// Some people whose digest is due. Index: `notification_rhythm_by_digest`.
pub async fn digests_due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<UserId>> {
    let rows: Vec<(Uuid,)> = tx
        .sql("SELECT user_id FROM notification_rhythm WHERE digest_due <= ? ORDER BY digest_due, user_id LIMIT ?")
        .bind(now.micros())
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| UserId(id)).collect())
}

/// Whether a person's digest is due. Only whoever holds the lock of writers may count on it.
pub async fn is_digest_due(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<bool> {
    let row: Option<(i64,)> = tx
        .sql("SELECT digest_due FROM notification_rhythm WHERE user_id = ?")
        .bind(user.uuid())
        .optional()
        .await?;
    Ok(row.is_some_and(|(due,)| due <= now.micros()))
}

/// Sets when a person's next digest is due, unless they have chosen anew since this version.
pub async fn set_digest_due(tx: &mut Tx, user: UserId, (version, due): (i64, Timestamp)) -> Result<()> {
    tx.sql("UPDATE notification_rhythm SET digest_due = ? WHERE user_id = ? AND version = ?")
        .bind(due.micros())
        .bind(user.uuid())
        .bind(version)
        .run()
        .await
        .map(drop)
}
