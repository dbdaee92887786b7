//! API tokens, and the bearer tokens that die with a session.

use crate::db::{Result, Tx};
use domain::{
    ids::{SessionId, TokenId, UserId},
    time::Timestamp,
    token::Token,
};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    read_only: bool,
    created_at: i64,
    used_at: Option<i64>,
    expires_at: i64,
}

impl Row {
    fn into_token(self) -> Token {
        Token {
            id: TokenId(self.id),
            name: self.name,
            read_only: self.read_only,
            created_at: Timestamp(self.created_at),
            used_at: self.used_at.map(Timestamp),
            expires_at: Timestamp(self.expires_at),
        }
    }
}

/// Adds a token of `user`; with a session it ends with that.
///
/// # Errors
/// [`crate::Error::Dangling`] if there is no such person or session.
pub async fn insert(
    tx: &mut Tx,
    (user, session): (UserId, Option<SessionId>),
    token: &Token,
    secret_hash: [u8; 32],
) -> Result<()> {
    tx.sql(
        "INSERT INTO token (id, user_id, session_id, name, secret_hash, read_only, created_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(token.id.uuid())
    .bind(user.uuid())
    .bind(session.map(SessionId::uuid))
    .bind(token.name.clone())
    .bind(secret_hash.to_vec())
    .bind(token.read_only)
    .bind(token.created_at.micros())
    .bind(token.expires_at.micros())
    .run()
    .await
    .map(drop)
}

/// A person's API tokens, newest first, at most 200. Index: `token_by_user`.
pub async fn list(tx: &mut Tx, user: UserId) -> Result<Vec<Token>> {
    let rows: Vec<Row> = tx
        .sql(
            "SELECT id, name, read_only, created_at, used_at, expires_at
             FROM token
             WHERE user_id = ? AND session_id IS NULL
             ORDER BY created_at DESC, id DESC
             LIMIT 200",
        )
        .bind(user.uuid())
        .all()
        .await?;
    Ok(rows.into_iter().map(Row::into_token).collect())
}

/// Notes that a token was used.
pub async fn touch(tx: &mut Tx, id: TokenId, now: Timestamp) -> Result<()> {
    tx.sql("UPDATE token SET used_at = ? WHERE id = ?")
        .bind(now.micros())
        .bind(id.uuid())
        .run()
        .await
        .map(drop)
}

/// Removes all API tokens of a person.
pub async fn remove_of_user(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.sql("DELETE FROM token WHERE user_id = ? AND session_id IS NULL")
        .bind(user.uuid())
        .run()
        .await
        .map(drop)
}

/// Removes a person's API token; `false` if they have none of that id.
pub async fn remove(tx: &mut Tx, user: UserId, id: TokenId) -> Result<bool> {
    let removed = tx
        .sql("DELETE FROM token WHERE id = ? AND user_id = ? AND session_id IS NULL")
        .bind(id.uuid())
        .bind(user.uuid())
        .run()
        .await?;
    Ok(removed > 0)
}
