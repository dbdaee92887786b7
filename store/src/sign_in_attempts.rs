//! Failed tries of a password.

use crate::db::{Result, Tx};
use domain::time::Timestamp;
use uuid::Uuid;

/// SHA-256 of what tries are counted by: an account's name or an address.
pub type Subject = [u8; 32];

/// Notes a try for each subject.
pub async fn insert(tx: &mut Tx, tries: &[(Uuid, Subject)], at: Timestamp) -> Result<()> {
    if tries.is_empty() {
        return Ok(());
    }
    let sql = tx.compose("INSERT INTO sign_in_attempt (id, subject, at) VALUES ").rows(
        tries,
        3,
        |sql, (id, subject)| sql.value(*id).value(subject.to_vec()).value(at.micros()),
    );
    tx.build(sql).run().await.map(drop)
}

/// When the latest tries on a subject were, newest first, at most `limit`. Index: `sign_in_attempt_by_subject`.
pub async fn latest(tx: &mut Tx, subject: Subject, after: Timestamp, limit: i64) -> Result<Vec<Timestamp>> {
    let rows: Vec<(i64,)> = tx
        .sql("SELECT at FROM sign_in_attempt WHERE subject = ? AND at > ? ORDER BY at DESC LIMIT ?")
        .bind(subject.to_vec())
        .bind(after.micros())
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(at,)| Timestamp(at)).collect())
}

/// Takes tries back.
pub async fn remove(tx: &mut Tx, ids: &[Uuid]) -> Result<()> {
    let sql = tx.compose("DELETE FROM sign_in_attempt WHERE id IN ").list(ids.iter().copied());
    tx.build(sql).run().await.map(drop)
}

/// Forgets every try on these subjects. Index: `sign_in_attempt_by_subject`.
pub async fn clear(tx: &mut Tx, subjects: &[Subject]) -> Result<()> {
    let sql = tx
        .compose("DELETE FROM sign_in_attempt WHERE subject IN ")
        .list(subjects.iter().map(|subject| subject.to_vec()));
    tx.build(sql).run().await.map(drop)
}

/// Removes tries before `at`. Index: `sign_in_attempt_by_time`.
pub async fn sweep(tx: &mut Tx, at: Timestamp) -> Result<u64> {
    tx.sql("DELETE FROM sign_in_attempt WHERE at < ?").bind(at.micros()).run().await
}
