//! Sessions, and who acts through one.

use crate::{
    counters::Counters,
    db::{Result, Tx},
};
use domain::{
    ids::{SessionId, TokenId, UserId},
    session::Session,
    time::Timestamp,
};
use uuid::Uuid;

/// SHA-256 of a secret.
pub type SecretHash = [u8; 32];

/// A session's row.
#[derive(Clone, Debug)]
pub struct NewRow {
    /// SHA-256 of what the cookie holds.
    pub secret_hash: SecretHash,
    /// Names it in the list.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// The browser, as it called itself.
    pub user_agent: String,
    /// The address that it signed in from.
    pub address: String,
    /// When it was signed in.
    pub created_at: Timestamp,
    /// When it was last used.
    pub seen_at: Timestamp,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
}

/// What a cookie's secret stands for.
#[derive(Clone, Debug)]
pub struct Found {
    /// The session.
    pub session: Session,
    /// Whose it is.
    pub user_id: UserId,
    /// Whether its secret is to be changed, because the person's role was.
    pub renew_due: bool,
    /// When they asked.
    pub moment: Moment,
}

/// How far everything had come when somebody asked.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Moment {
    /// Both counters.
    #[sqlx(flatten)]
    pub counters: Counters,
    /// Grows with the access counter, and when the permissions of this person alone change: with the same number they may do
    /// the same.
    pub own_access: i64,
}

/// What a bearer token stands for.
#[derive(Clone, Debug)]
pub struct FoundToken {
    /// The token.
    pub id: TokenId,
    /// Whose it is.
    pub user_id: UserId,
    /// Whether it may only read.
    pub read_only: bool,
    /// When it was last used, to the minute.
    pub used_at: Option<Timestamp>,
    /// The session that it ends with.
    pub session_id: Option<SessionId>,
    /// When that session was signed in and last used, to the minute.
    pub session_times: Option<(Timestamp, Timestamp)>,
    /// When they asked.
    pub moment: Moment,
}

/// The session of a secret, if it has not ended and its person may sign in, and how far everything has come: one statement.
pub async fn resolve(tx: &mut Tx, secret: SecretHash, now: Timestamp) -> Result<Option<Found>> {
    let row: Option<ResolveRow> = tx
        .sql(
            "SELECT s.id, s.user_id, s.user_agent, s.address, s.renew_due, s.created_at, s.seen_at,
               c.value AS change_value, a.value AS access_value, a.value + u.access AS own_access
             FROM session s
             JOIN person u ON u.id = s.user_id
             JOIN counter c ON c.name = 'change'
             JOIN counter a ON a.name = 'access'
             WHERE s.secret_hash = ? AND s.expires_at > ? AND u.status = 'active'",
        )
        .bind(secret.to_vec())
        .bind(now.micros())
        .optional()
        .await?;
    Ok(row.map(ResolveRow::into_found))
}

/// The bearer token of a secret, if neither it nor its session has ended and its person may sign in, and
/// how far everything has come: one statement.
pub async fn resolve_token(tx: &mut Tx, secret: SecretHash, now: Timestamp) -> Result<Option<FoundToken>> {
    let row: Option<TokenRow> = tx
        .sql(
            "SELECT t.id, t.user_id, t.read_only, t.used_at, t.session_id,
               s.created_at AS session_created_at, s.seen_at AS session_seen_at,
               c.value AS change_value, a.value AS access_value, a.value + u.access AS own_access
             FROM token t
             JOIN person u ON u.id = t.user_id
             JOIN counter c ON c.name = 'change'
             JOIN counter a ON a.name = 'access'
             LEFT JOIN session s ON s.id = t.session_id
             WHERE t.secret_hash = ? AND t.expires_at > ? AND u.status = 'active'
               AND (t.session_id IS NULL OR s.expires_at > ?)",
        )
        .bind(secret.to_vec())
        .bind(now.micros())
        .bind(now.micros())
        .optional()
        .await?;
    Ok(row.map(TokenRow::into_found))
}

/// A session that has not ended, of a person who may sign in.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Standing {
    created_at: i64,
    seen_at: i64,
    /// When they asked.
    #[sqlx(flatten)]
    pub moment: Moment,
}

impl Standing {
    /// When it was signed in and last used, to the minute.
    pub const fn times(self) -> (Timestamp, Timestamp) {
        (Timestamp(self.created_at), Timestamp(self.seen_at))
    }
}

/// Whether a session stands: for what stays open longer than a request.
pub async fn standing(tx: &mut Tx, id: SessionId, user: UserId, now: Timestamp) -> Result<Option<Standing>> {
    tx.sql(
        "SELECT s.created_at, s.seen_at, c.value AS change_value, a.value AS access_value,
           a.value + u.access AS own_access
         FROM session s
         JOIN person u ON u.id = s.user_id
         JOIN counter c ON c.name = 'change'
         JOIN counter a ON a.name = 'access'
         WHERE s.id = ? AND s.user_id = ? AND s.expires_at > ? AND u.status = 'active'",
    )
    .bind(id.uuid())
    .bind(user.uuid())
    .bind(now.micros())
    .optional()
    .await
}

/// How far everything has come, if an API token has not ended and its person may sign in.
pub async fn standing_of_token(
    tx: &mut Tx,
    id: TokenId,
    user: UserId,
    now: Timestamp,
) -> Result<Option<Moment>> {
    tx.sql(
        "SELECT c.value AS change_value, a.value AS access_value, a.value + u.access AS own_access
         FROM token t
         JOIN person u ON u.id = t.user_id
         JOIN counter c ON c.name = 'change'
         JOIN counter a ON a.name = 'access'
         WHERE t.id = ? AND t.user_id = ? AND t.expires_at > ? AND u.status = 'active'",
    )
    .bind(id.uuid())
    .bind(user.uuid())
    .bind(now.micros())
    .optional()
    .await
}

/// Gives the session of the row's id and person the row's secret; `false` if there is none. A session that was
/// closed comes back only with another secret: that is how an id is renewed, by closing and opening.
pub async fn renew(tx: &mut Tx, row: &NewRow) -> Result<bool> {
    let matched = tx
        .sql(
            "UPDATE session
             SET secret_hash = ?, renew_due = ?, seen_at = ?, expires_at = ?
             WHERE id = ? AND user_id = ? AND (expires_at > ? OR secret_hash <> ?)",
        )
        .bind(row.secret_hash.to_vec())
        .bind(false)
        .bind(row.seen_at.micros())
        .bind(row.expires_at.micros())
        .bind(row.id.uuid())
        .bind(row.user_id.uuid())
        .bind(row.seen_at.micros())
        .bind(row.secret_hash.to_vec())
        .run()
        .await?;
    Ok(matched > 0)
}

/// Adds a session.
///
/// # Errors
/// [`crate::Error::Taken`] if the id or secret is; [`crate::Error::Dangling`] if there is no such person.
pub async fn insert(tx: &mut Tx, row: NewRow) -> Result<()> {
    tx.sql(
        "INSERT INTO session (secret_hash, id, user_id, user_agent, address, renew_due, created_at, seen_at,
           expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(row.secret_hash.to_vec())
    .bind(row.id.uuid())
    .bind(row.user_id.uuid())
    .bind(row.user_agent.chars().take(300).collect::<String>())
    .bind(row.address.chars().take(64).collect::<String>())
    .bind(false)
    .bind(row.created_at.micros())
    .bind(row.seen_at.micros())
    .bind(row.expires_at.micros())
    .run()
    .await
    .map(drop)
}

/// Notes that a session was used, unless it has ended meanwhile.
pub async fn touch(tx: &mut Tx, id: SessionId, now: Timestamp, expires_at: Timestamp) -> Result<()> {
    tx.sql("UPDATE session SET seen_at = ?, expires_at = ? WHERE id = ? AND expires_at > ?")
        .bind(now.micros())
        .bind(expires_at.micros())
        .bind(id.uuid())
        .bind(now.micros())
        .run()
        .await
        .map(drop)
}

/// A person's sessions that have not ended, last used first. Index: `session_by_user`.
pub async fn list(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<Vec<Session>> {
    let rows: Vec<ListRow> = tx
        .sql(
            "SELECT id, user_agent, address, created_at, seen_at
             FROM session
             WHERE user_id = ? AND expires_at > ?
             ORDER BY seen_at DESC, id DESC
             LIMIT 200",
        )
        .bind(user.uuid())
        .bind(now.micros())
        .all()
        .await?;
    Ok(rows.into_iter().map(ListRow::into_session).collect())
}

/// Ends the session of a secret now; its row goes with the next sweep.
pub async fn close(tx: &mut Tx, secret: SecretHash, now: Timestamp) -> Result<()> {
    tx.sql("UPDATE session SET expires_at = ? WHERE secret_hash = ? AND expires_at > ?")
        .bind(now.micros())
        .bind(secret.to_vec())
        .bind(now.micros())
        .run()
        .await
        .map(drop)
}

/// Ends a person's session; `false` if they have none of that id.
pub async fn revoke(tx: &mut Tx, user: UserId, id: SessionId) -> Result<bool> {
    let ended = tx
        .sql("DELETE FROM session WHERE id = ? AND user_id = ?")
        .bind(id.uuid())
        .bind(user.uuid())
        .run()
        .await?;
    Ok(ended > 0)
}

/// Ends all of a person's sessions but `kept`. Index: `session_by_user`.
pub async fn close_of_user(tx: &mut Tx, user: UserId, kept: Option<SessionId>) -> Result<u64> {
    let sql = tx
        .compose("DELETE FROM session")
        .bind(" WHERE user_id = ?", user.uuid())
        .bind_some(" AND id <> ?", kept.map(SessionId::uuid));
    tx.build(sql).run().await
}

/// Ends every session.
pub async fn close_all(tx: &mut Tx) -> Result<u64> {
    tx.sql("DELETE FROM session").run().await
}

/// Asks each of a person's sessions to change its secret with the next request. Index: `session_by_user`.
pub async fn ask_renewal(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.sql("UPDATE session SET renew_due = ? WHERE user_id = ?")
        .bind(true)
        .bind(user.uuid())
        .run()
        .await
        .map(drop)
}

/// Removes sessions that ended before `now`. Index: `session_by_end`.
pub async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    tx.sql("DELETE FROM session WHERE expires_at <= ?").bind(now.micros()).run().await
}

#[derive(sqlx::FromRow)]
struct ListRow {
    id: Uuid,
    user_agent: String,
    address: String,
    created_at: i64,
    seen_at: i64,
}

impl ListRow {
    fn into_session(self) -> Session {
        Session {
            id: SessionId(self.id),
            created_at: Timestamp(self.created_at),
            seen_at: Timestamp(self.seen_at),
            user_agent: self.user_agent,
            address: self.address,
            current: false,
        }
    }
}

#[derive(sqlx::FromRow)]
struct ResolveRow {
    id: Uuid,
    user_id: Uuid,
    user_agent: String,
    address: String,
    renew_due: bool,
    created_at: i64,
    seen_at: i64,
    #[sqlx(flatten)]
    moment: Moment,
}

impl ResolveRow {
    fn into_found(self) -> Found {
        Found {
            user_id: UserId(self.user_id),
            renew_due: self.renew_due,
            moment: self.moment,
            session: Session {
                id: SessionId(self.id),
                created_at: Timestamp(self.created_at),
                seen_at: Timestamp(self.seen_at),
                user_agent: self.user_agent,
                address: self.address,
                current: true,
            },
        }
    }
}

#[derive(sqlx::FromRow)]
struct TokenRow {
    id: Uuid,
    user_id: Uuid,
    read_only: bool,
    used_at: Option<i64>,
    session_id: Option<Uuid>,
    session_created_at: Option<i64>,
    session_seen_at: Option<i64>,
    #[sqlx(flatten)]
    moment: Moment,
}

impl TokenRow {
    fn into_found(self) -> FoundToken {
        let created = self.session_created_at.map(Timestamp);
        let seen = self.session_seen_at.map(Timestamp);
        FoundToken {
            id: TokenId(self.id),
            user_id: UserId(self.user_id),
            read_only: self.read_only,
            used_at: self.used_at.map(Timestamp),
            session_id: self.session_id.map(SessionId),
            session_times: created.zip(seen),
            moment: self.moment,
        }
    }
}
