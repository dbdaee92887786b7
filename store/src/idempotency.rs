//! Answers of writes that may be sent again.

use crate::db::{Error, Result, Tx};
use domain::{ids::UserId, time::Timestamp};

/// What is known of a key.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    /// SHA-256 of the request.
    pub request_hash: Vec<u8>,
    /// The answer's status; 0 while the request runs.
    pub status: i64,
    /// The answer's headers, as JSON.
    pub headers: String,
    /// The answer's body.
    pub body: String,
    /// When the request came, in microseconds.
    pub created_at: i64,
}

/// What is known of a person's key.
pub async fn find(tx: &mut Tx, user: UserId, key: &str) -> Result<Option<Row>> {
    tx.sql(
        "SELECT request_hash, status, headers, body, created_at
         FROM idempotency
         WHERE user_id = ? AND request_key = ?",
    )
    .bind(user.uuid())
    .bind(key.to_owned())
    .optional()
    .await
}

/// Notes that a request with this key runs; `false` if the key is there already.
pub async fn claim(tx: &mut Tx, user: UserId, key: &str, (hash, now): ([u8; 32], Timestamp)) -> Result<bool> {
    let inserted = tx
        .sql(
            "INSERT INTO idempotency (user_id, request_key, request_hash, status, headers, body, created_at)
             VALUES (?, ?, ?, 0, '', '', ?)",
        )
        .bind(user.uuid())
        .bind(key.to_owned())
        .bind(hash.to_vec())
        .bind(now.micros())
        .run()
        .await;
    match inserted {
        Ok(_) => Ok(true),
        Err(Error::Taken(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Takes a key over that was claimed at `seen` and is void by now; `false` if someone else was faster.
pub async fn take_over(
    tx: &mut Tx,
    (user, key): (UserId, &str),
    seen: i64,
    (hash, now): ([u8; 32], Timestamp),
) -> Result<bool> {
    let matched = tx
        .sql(
            "UPDATE idempotency
             SET request_hash = ?, status = 0, headers = '', body = '', created_at = ?
             WHERE user_id = ? AND request_key = ? AND created_at = ?",
        )
        .bind(hash.to_vec())
        .bind(now.micros())
        .bind(user.uuid())
        .bind(key.to_owned())
        .bind(seen)
        .run()
        .await?;
    Ok(matched > 0)
}

/// Keeps the answer of a request that ran.
pub async fn finish(
    tx: &mut Tx,
    (user, key): (UserId, &str),
    status: i64,
    (headers, body): (String, String),
) -> Result<()> {
    tx.sql(
        "UPDATE idempotency
         SET status = ?, headers = ?, body = ?
         WHERE user_id = ? AND request_key = ? AND status = 0",
    )
    .bind(status)
    .bind(headers)
    .bind(body)
    .bind(user.uuid())
    .bind(key.to_owned())
    .run()
    .await
    .map(drop)
}

/// Forgets a request that did not come to an answer.
pub async fn release(tx: &mut Tx, user: UserId, key: &str) -> Result<()> {
    tx.sql("DELETE FROM idempotency WHERE user_id = ? AND request_key = ? AND status = 0")
        .bind(user.uuid())
        .bind(key.to_owned())
        .run()
        .await
        .map(drop)
}

/// Removes answers of before `at`. Index: `idempotency_by_time`.
pub async fn sweep(tx: &mut Tx, at: Timestamp) -> Result<u64> {
    tx.sql("DELETE FROM idempotency WHERE created_at < ?").bind(at.micros()).run().await
}
