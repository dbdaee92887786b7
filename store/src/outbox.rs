//! What has to leave the database once the transaction that caused it is committed.

use crate::db::{Result, Tx};
use domain::time::Timestamp;

/// A message on its way out.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Message {
    /// Its place: the number of the change that caused it.
    pub seq: i64,
    /// What it is about.
    pub topic: String,
    /// Ids only, as JSON.
    pub payload: String,
}

/// Puts messages in.
pub async fn push(tx: &mut Tx, messages: &[Message], at: Timestamp) -> Result<()> {
    for chunk in messages.chunks(200) {
        let sql = tx.compose("INSERT INTO outbox (seq, topic, payload, at) VALUES ").rows(
            chunk,
            4,
            |sql, message| {
                sql.value(message.seq)
                    .value(message.topic.clone())
                    .value(message.payload.clone())
                    .value(at.micros())
            },
        );
        tx.build(sql).run().await?;
    }
    Ok(())
}

/// The oldest messages after number `seq`, at most `limit`.
pub async fn after(tx: &mut Tx, seq: i64, limit: i64) -> Result<Vec<Message>> {
    tx.sql("SELECT seq, topic, payload FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?")
        .bind(seq)
        .bind(limit)
        .all()
        .await
}

/// Removes what was put in until `at`.
pub async fn remove_until(tx: &mut Tx, at: Timestamp) -> Result<u64> {
    // The oldest that stays is found by the key, and so are those before it: nobody who puts something in waits for that.
    let stays: Option<(i64,)> = tx
        .sql("SELECT seq FROM outbox WHERE at > ? ORDER BY seq LIMIT 1")
        .bind(at.micros())
        .optional()
        .await?;
    match stays {
        Some((seq,)) => tx.sql("DELETE FROM outbox WHERE seq < ?").bind(seq).run().await,
        None => tx.sql("DELETE FROM outbox WHERE at <= ?").bind(at.micros()).run().await,
    }
}
