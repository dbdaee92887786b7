//! Devices: a person's browsers, and what each can do to reach them.

use crate::db::{Error, Result, Tx};
use domain::{
    device::{Device, Notices, OPEN_SECONDS, PushAddress, Reach, Reachable, ReportDevice, Sound},
    ids::{DeviceId, SessionId, UserId},
    time::Timestamp,
};
use uuid::Uuid;

/// People of one statement.
const CHUNK: usize = 500;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    sound: String,
    permission: String,
    push: i64,
    created_at: i64,
    last_seen_at: i64,
    last_test_at: Option<i64>,
}

impl Row {
    fn into_device(self, now: Timestamp) -> Result<Device> {
        let corrupt = |word: &str| Error::Corrupt(format!("device {}: {word}", self.id));
        let last_seen_at = Timestamp(self.last_seen_at);
        Ok(Device {
            id: DeviceId(self.id),
            sound: Sound::parse(&self.sound).ok_or_else(|| corrupt(&self.sound))?,
            permission: Notices::parse(&self.permission).ok_or_else(|| corrupt(&self.permission))?,
            name: self.name,
            push: self.push > 0,
            created_at: Timestamp(self.created_at),
            last_seen_at,
            last_test_at: self.last_test_at.map(Timestamp),
            open: now.seconds_since(last_seen_at) <= OPEN_SECONDS,
        })
    }
}

/// A person's devices, last seen first, at most `limit`. Index: `device_pk`.
pub async fn list(tx: &mut Tx, user: UserId, now: Timestamp, limit: i64) -> Result<Vec<Device>> {
    let rows: Vec<Row> = tx
        .sql(
            "SELECT id, name, sound, permission, CASE WHEN endpoint IS NULL THEN 0 ELSE 1 END AS push, created_at,
               last_seen_at, last_test_at
             FROM device
             WHERE user_id = ?
             ORDER BY last_seen_at DESC, id DESC
             LIMIT ?",
        )
        .bind(user.uuid())
        .bind(limit)
        .all()
        .await?;
    rows.into_iter().map(|row| row.into_device(now)).collect()
}

/// The person's device of that id.
pub async fn find(tx: &mut Tx, (user, id): (UserId, DeviceId), now: Timestamp) -> Result<Option<Device>> {
    let row: Option<Row> = tx
        .sql(
            "SELECT id, name, sound, permission, CASE WHEN endpoint IS NULL THEN 0 ELSE 1 END AS push, created_at,
               last_seen_at, last_test_at
             FROM device
             WHERE user_id = ? AND id = ?",
        )
        .bind(user.uuid())
        .bind(id.uuid())
        .optional()
        .await?;
    row.map(|row| row.into_device(now)).transpose()
}

/// What a device says about itself, and through which session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The session that it reports through.
    pub session: Option<SessionId>,
    /// What it says.
    pub report: ReportDevice,
    /// SHA-256 of its push address.
    pub endpoint_hash: Option<[u8; 32]>,
}

#[derive(sqlx::FromRow)]
struct SaidRow {
    session_id: Option<Uuid>,
    name: String,
    sound: String,
    permission: String,
    endpoint: Option<String>,
    endpoint_hash: Option<Vec<u8>>,
    p256dh: Option<String>,
    auth: Option<String>,
    last_seen_at: i64,
}

impl SaidRow {
    fn into_said(self) -> (Said, Timestamp) {
        let push = match (self.endpoint, self.p256dh, self.auth) {
            (Some(endpoint), Some(p256dh), Some(auth)) => Some(PushAddress { endpoint, p256dh, auth }),
            _ => None,
        };
        let report = ReportDevice {
            name: self.name,
            sound: Sound::parse(&self.sound).unwrap_or_default(),
            permission: Notices::parse(&self.permission).unwrap_or_default(),
            push,
        };
        let endpoint_hash = self.endpoint_hash.and_then(|hash| hash.try_into().ok());
        let said = Said { session: self.session_id.map(SessionId), report, endpoint_hash };
        (said, Timestamp(self.last_seen_at))
    }
}

/// What the person's device of that id said last, and when.
pub async fn said(tx: &mut Tx, (user, id): (UserId, DeviceId)) -> Result<Option<(Said, Timestamp)>> {
    let row: Option<SaidRow> = tx
        .sql(
            "SELECT session_id, name, sound, permission, endpoint, endpoint_hash, p256dh, auth, last_seen_at
             FROM device
             WHERE user_id = ? AND id = ?",
        )
        .bind(user.uuid())
        .bind(id.uuid())
        .optional()
        .await?;
    Ok(row.map(SaidRow::into_said))
}

/// Writes what a device says about itself over what is there; `false` if it is not there.
pub async fn update(
    tx: &mut Tx,
    (user, id): (UserId, DeviceId),
    said: &Said,
    now: Timestamp,
) -> Result<bool> {
    let push = said.report.push.clone();
    let matched = tx
        .sql(
            "UPDATE device
             SET session_id = ?, name = ?, sound = ?, permission = ?, endpoint = ?, endpoint_hash = ?, p256dh = ?,
               auth = ?, last_seen_at = ?
             WHERE user_id = ? AND id = ?",
        )
        .bind(said.session.map(SessionId::uuid))
        .bind(said.report.name.clone())
        .bind(said.report.sound.as_str())
        .bind(said.report.permission.as_str())
        .bind(push.as_ref().map(|push| push.endpoint.clone()))
        .bind(said.endpoint_hash.map(|hash| hash.to_vec()))
        .bind(push.as_ref().map(|push| push.p256dh.clone()))
        .bind(push.map(|push| push.auth))
        .bind(now.micros())
        .bind(user.uuid())
        .bind(id.uuid())
        .run()
        .await?;
    Ok(matched > 0)
}

/// Adds a device, of which nothing but its owner is known yet.
///
/// # Errors
/// [`Error::Taken`] if the person has one of that id.
pub async fn insert(tx: &mut Tx, (user, id): (UserId, DeviceId), now: Timestamp) -> Result<()> {
    tx.sql(
        "INSERT INTO device (user_id, id, name, sound, permission, created_at, last_seen_at)
         VALUES (?, ?, '', 'locked', 'default', ?, ?)",
    )
    .bind(user.uuid())
    .bind(id.uuid())
    .bind(now.micros())
    .bind(now.micros())
    .run()
    .await
    .map(drop)
}

/// Takes the push address away from everybody else who has it with the same keys: the browser that holds them has another
/// person now. Whoever only knows the address has not the keys, and takes nothing away. Index: `device_by_endpoint`.
pub async fn hand_over(
    tx: &mut Tx,
    (user, id): (UserId, DeviceId),
    push: &PushAddress,
    hash: [u8; 32],
) -> Result<u64> {
    tx.sql(
        "UPDATE device
         SET endpoint = NULL, endpoint_hash = NULL, p256dh = NULL, auth = NULL
         WHERE endpoint_hash = ? AND p256dh = ? AND auth = ? AND (user_id <> ? OR id <> ?)",
    )
    .bind(hash.to_vec())
    .bind(push.p256dh.clone())
    .bind(push.auth.clone())
    .bind(user.uuid())
    .bind(id.uuid())
    .run()
    .await
}

/// Forgets a device's push address, if it is still this one: the push service says that there is nobody.
pub async fn forget_push(tx: &mut Tx, (user, id): (UserId, DeviceId), hash: [u8; 32]) -> Result<bool> {
    let matched = tx
        .sql(
            "UPDATE device
             SET endpoint = NULL, endpoint_hash = NULL, p256dh = NULL, auth = NULL
             WHERE user_id = ? AND id = ? AND endpoint_hash = ?",
        )
        .bind(user.uuid())
        .bind(id.uuid())
        .bind(hash.to_vec())
        .run()
        .await?;
    Ok(matched > 0)
}

/// Notes that a device got a test.
pub async fn tested(tx: &mut Tx, (user, id): (UserId, DeviceId), now: Timestamp) -> Result<()> {
    tx.sql("UPDATE device SET last_test_at = ? WHERE user_id = ? AND id = ?")
        .bind(now.micros())
        .bind(user.uuid())
        .bind(id.uuid())
        .run()
        .await
        .map(drop)
}

/// Removes a person's device; `false` if they have none of that id.
pub async fn remove(tx: &mut Tx, user: UserId, id: DeviceId) -> Result<bool> {
    let removed = tx
        .sql("DELETE FROM device WHERE user_id = ? AND id = ?")
        .bind(user.uuid())
        .bind(id.uuid())
        .run()
        .await?;
    Ok(removed > 0)
}

/// Removes the person's devices that reported last through this session. Index: `device_by_session`.
pub async fn remove_of_session(tx: &mut Tx, user: UserId, session: SessionId) -> Result<u64> {
    tx.sql("DELETE FROM device WHERE user_id = ? AND session_id = ?")
        .bind(user.uuid())
        .bind(session.uuid())
        .run()
        .await
}

/// Removes all of a person's devices but those of session `kept`.
pub async fn remove_of_user(tx: &mut Tx, user: UserId, kept: Option<SessionId>) -> Result<u64> {
    let sql = tx.compose("DELETE FROM device").bind(" WHERE user_id = ?", user.uuid());
    let sql = match kept {
        Some(session) => sql.bind(" AND (session_id IS NULL OR session_id <> ?)", session.uuid()),
        None => sql,
    };
    tx.build(sql).run().await
}

/// Removes devices that were not seen since `until`; gives how many.
pub async fn sweep(tx: &mut Tx, until: Timestamp) -> Result<u64> {
    tx.sql("DELETE FROM device WHERE last_seen_at <= ?").bind(until.micros()).run().await
}

/// Which devices of these people take push messages. Index: `device_pk`.
pub async fn with_push(tx: &mut Tx, users: &[UserId]) -> Result<Vec<(UserId, DeviceId)>> {
    let mut found = Vec::new();
    for chunk in users.chunks(CHUNK) {
        let sql = tx
            .compose("SELECT user_id, id FROM device WHERE endpoint IS NOT NULL AND user_id IN ")
            .list(chunk.iter().map(|user| user.uuid()))
            .push(" ORDER BY user_id, id");
        let rows: Vec<(Uuid, Uuid)> = tx.build(sql).all().await?;
        found.extend(rows.into_iter().map(|(user, device)| (UserId(user), DeviceId(device))));
    }
    Ok(found)
}

#[derive(sqlx::FromRow)]
struct ReachRow {
    id: Uuid,
    sound: i64,
    notifications: i64,
    push: i64,
    email: i64,
}

/// By which ways these people can be reached at `now`; whoever may not sign in is left out. One statement for 500 people.
/// Index: `device_pk`.
pub async fn reachable(tx: &mut Tx, users: &[UserId], now: Timestamp) -> Result<Vec<Reachable>> {
    let since = now.plus_seconds(-OPEN_SECONDS).micros();
    let mut found = Vec::new();
    for chunk in users.chunks(CHUNK) {
        let sql = tx
            .compose("SELECT p.id")
            .bind(", MAX(CASE WHEN v.sound = 'armed' AND v.last_seen_at >= ? THEN 1 ELSE 0 END) AS sound", since)
            .bind(
                ", MAX(CASE WHEN v.permission = 'granted' AND v.last_seen_at >= ? THEN 1 ELSE 0 END) AS notifications",
                since,
            )
            .push(
                ", MAX(CASE WHEN v.endpoint IS NOT NULL THEN 1 ELSE 0 END) AS push,
                 MAX(CASE WHEN p.email <> '' THEN 1 ELSE 0 END) AS email
                 FROM person p
                 LEFT JOIN device v ON v.user_id = p.id
                 WHERE p.status = 'active' AND p.id IN ",
            )
            .list(chunk.iter().map(|user| user.uuid()))
            .push(" GROUP BY p.id");
        let rows: Vec<ReachRow> = tx.build(sql).all().await?;
        found.extend(rows.into_iter().map(|row| Reachable {
            user_id: UserId(row.id),
            reach: Reach {
                sound: row.sound > 0,
                notifications: row.notifications > 0,
                push: row.push > 0,
                email: row.email > 0,
            },
        }));
    }
    Ok(found)
}
