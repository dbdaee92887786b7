//! What has to reach people outside the pages, and what became of it.

mod claims;

pub use claims::{Claimed, Recipient, Settled, bring_forward, claim, claimed, due, settle};

use crate::db::{Error, Result, Tx};
use domain::{
    delivery::{Channel, Delivery, DeliveryState, Message},
    ids::{DeliveryId, DeviceId, ProjectId, UserId},
    time::Timestamp,
};
use uuid::Uuid;

/// Rows of one insert: few enough that what is left over is prepared soon.
const ROWS: usize = 50;
/// References of one statement.
const CHUNK: usize = 200;

/// A delivery as it is queued.
#[derive(Clone, Debug)]
pub struct NewRow {
    /// What others read of it.
    pub delivery: Delivery,
    /// The webhook's address.
    pub url: Option<String>,
    /// The project that the person must still see when it is sent.
    pub project_id: Option<ProjectId>,
    /// What is said.
    pub message: Message,
    /// When it is given up.
    pub not_after: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    user_id: Option<Uuid>,
    channel: String,
    device_id: Option<Uuid>,
    reference: Option<Uuid>,
    reason: String,
    state: String,
    attempts: i64,
    created_at: i64,
    due_at: Option<i64>,
    ended_at: Option<i64>,
    last_error: Option<String>,
}

impl Row {
    fn into_delivery(self) -> Result<Delivery> {
        let corrupt = |what: &str, word: &str| Error::Corrupt(format!("delivery {}: {what} {word}", self.id));
        let channel = Channel::parse(&self.channel).ok_or_else(|| corrupt("channel", &self.channel))?;
        let state = DeliveryState::parse(&self.state).ok_or_else(|| corrupt("state", &self.state))?;
        Ok(Delivery {
            id: DeliveryId(self.id),
            user_id: self.user_id.map(UserId),
            channel,
            device_id: self.device_id.map(DeviceId),
            reference: self.reference,
            reason: self.reason,
            state,
            attempts: self.attempts,
            created_at: Timestamp(self.created_at),
            // While it is being sent, this is the end of a lease and nothing for people.
            next_at: self.due_at.filter(|_| state == DeliveryState::Queued).map(Timestamp),
            ended_at: self.ended_at.map(Timestamp),
            last_error: self.last_error,
        })
    }
}

/// Queues rows; one whose id is there already stays as it is.
pub async fn insert(tx: &mut Tx, rows: &[NewRow]) -> Result<()> {
    for chunk in rows.chunks(ROWS) {
        let sql = tx
            .compose(tx.dialect().insert_ignore())
            .kept(chunk.len() == ROWS)
            .push(
                "delivery (id, user_id, channel, urgent, device_id, url, reference, project_id, reason, message,
                   state, attempts, created_at, due_at, not_after, ended_at, last_error) VALUES ",
            )
            .rows(chunk, 17, |sql, row| {
                let made = &row.delivery;
                sql.value(made.id.uuid())
                    .value(made.user_id.map(UserId::uuid))
                    .value(made.channel.as_str())
                    .value(row.message.urgent)
                    .value(made.device_id.map(DeviceId::uuid))
                    .value(row.url.clone())
                    .value(made.reference)
                    .value(row.project_id.map(ProjectId::uuid))
                    .value(made.reason.clone())
                    .value(text_of(made.state, &row.message))
                    .value(made.state.as_str())
                    .value(made.attempts)
                    .value(made.created_at.micros())
                    .value(made.next_at.map(Timestamp::micros))
                    .value(row.not_after.micros())
                    .value(made.ended_at.map(Timestamp::micros))
                    .value(made.last_error.clone())
            });
        tx.build(sql).run().await?;
    }
    Ok(())
}

/// What was said is kept as long as it may have to be sent.
fn text_of(state: DeliveryState, message: &Message) -> String {
    if state == DeliveryState::Queued {
        serde_json::to_string(message).unwrap_or_default()
    } else {
        String::new()
    }
}

/// Ends what is not sent yet of these references. What is on its way at this moment is not tried again.
/// Index: `delivery_by_reference`.
pub async fn drop_of(tx: &mut Tx, references: &[Uuid], now: Timestamp) -> Result<u64> {
    let mut dropped = 0;
    for chunk in references.chunks(CHUNK) {
        let sql = tx
            .compose("SELECT id FROM delivery WHERE due_at IS NOT NULL AND reference IN ")
            .list(chunk.iter().copied());
        let rows: Vec<(Uuid,)> = tx.build(sql).all().await?;
        if rows.is_empty() {
            continue;
        }
        let mut ids: Vec<Uuid> = rows.into_iter().map(|(id,)| id).collect();
        // In the order of those who claim, so that nobody waits in a circle.
        ids.sort_unstable();
        let sql = tx
            .compose("UPDATE delivery SET state = 'dropped', due_at = NULL, message = ''")
            .bind(", ended_at = ?", now.micros())
            .push(" WHERE due_at IS NOT NULL AND id IN ")
            .list(ids);
        dropped += tx.build(sql).run().await?;
    }
    Ok(dropped)
}

/// Everything that was queued for these references, oldest first, at most `limit`. Index: `delivery_by_reference`.
pub async fn of_references(tx: &mut Tx, references: &[Uuid], limit: i64) -> Result<Vec<Delivery>> {
    if references.is_empty() {
        return Ok(Vec::new());
    }
    let sql = tx
        .compose(
            "SELECT id, user_id, channel, device_id, reference, reason, state, attempts, created_at, due_at, ended_at,
               last_error
             FROM delivery
             WHERE reference IN ",
        )
        .list(references.iter().copied())
        .bind(" ORDER BY created_at, id LIMIT ?", limit);
    let rows: Vec<Row> = tx.build(sql).all().await?;
    rows.into_iter().map(Row::into_delivery).collect()
}

/// The delivery of that id.
pub async fn find(tx: &mut Tx, id: DeliveryId) -> Result<Option<Delivery>> {
    let row: Option<Row> = tx
        .sql(
            "SELECT id, user_id, channel, device_id, reference, reason, state, attempts, created_at, due_at, ended_at,
               last_error
             FROM delivery
             WHERE id = ?",
        )
        .bind(id.uuid())
        .optional()
        .await?;
    row.map(Row::into_delivery).transpose()
}

/// Those to a person's devices for that reason since `since`, newest first, at most 200. Index: `delivery_by_user`.
pub async fn to_devices(tx: &mut Tx, user: UserId, reason: &str, since: Timestamp) -> Result<Vec<Delivery>> {
    let rows: Vec<Row> = tx
        .sql(
            "SELECT id, user_id, channel, device_id, reference, reason, state, attempts, created_at, due_at, ended_at,
               last_error
             FROM delivery
             WHERE user_id = ? AND created_at >= ? AND reason = ? AND device_id IS NOT NULL
             ORDER BY created_at DESC, id DESC
             LIMIT 200",
        )
        .bind(user.uuid())
        .bind(since.micros())
        .bind(reason.to_owned())
        .all()
        .await?;
    rows.into_iter().map(Row::into_delivery).collect()
}

/// Removes some of those that ended before `until`; gives how many. Index: `delivery_ended`.
pub async fn purge(tx: &mut Tx, until: Timestamp, limit: i64) -> Result<u64> {
    let ids: Vec<(Uuid,)> = tx
        .sql("SELECT id FROM delivery WHERE ended_at <= ? ORDER BY ended_at LIMIT ?")
        .bind(until.micros())
        .bind(limit)
        .all()
        .await?;
    if ids.is_empty() {
        return Ok(0);
    }
    let sql = tx.compose("DELETE FROM delivery WHERE id IN ").list(ids.into_iter().map(|(id,)| id));
    tx.build(sql).run().await
}
