//! The history as those read it who make notifications of it, and how far they came.

use crate::{
    db::{Result, Tx},
    settings,
};
use domain::{
    activity::{Change, Tells},
    ids::{ProjectId, TaskId, UserId},
    time::Timestamp,
};
use uuid::Uuid;

/// One row of the history.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its number.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who acted.
    pub actor_id: Option<UserId>,
    /// In which project.
    pub project_id: Option<ProjectId>,
    /// On which task.
    pub task_id: Option<TaskId>,
    /// What was done, `thing.verb`.
    pub action: String,
    /// To what, in words.
    pub subject: String,
    /// The fields that changed.
    pub changes: Vec<Change>,
    /// Whom it concerns.
    pub tells: Tells,
}

#[derive(sqlx::FromRow)]
struct Stored {
    seq: i64,
    at: i64,
    actor_id: Option<Uuid>,
    project_id: Option<Uuid>,
    task_id: Option<Uuid>,
    action: String,
    subject: String,
    changes: String,
    tells: Option<String>,
}

impl From<Stored> for Row {
    fn from(row: Stored) -> Self {
        Self {
            seq: row.seq,
            at: Timestamp(row.at),
            actor_id: row.actor_id.map(UserId),
            project_id: row.project_id.map(ProjectId),
            task_id: row.task_id.map(TaskId),
            action: row.action,
            subject: row.subject,
            // What can't be read tells nobody: it would stop all that comes behind it.
            changes: serde_json::from_str(&row.changes).unwrap_or_default(),
            tells: row.tells.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
        }
    }
}

/// Whether there is a row of the history of which no notifications were made. Takes no lock.
pub async fn anything_new(tx: &mut Tx) -> Result<bool> {
    let row: (i64,) = tx
        .sql(
            "SELECT c.value - n.value
             FROM counter c
             JOIN counter n ON n.name = 'notified'
             WHERE c.name = 'change'",
        )
        .one()
        .await?;
    Ok(row.0 > 0)
}

/// How far the history was told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Position {
    /// The number of the last row of which everybody was told.
    pub seq: i64,
    /// Up to whom the row after it was told, in the order of ids; `None` if nobody was yet.
    pub up_to: Option<UserId>,
}

/// The setting that holds whom the row after this one was told up to, while that is not everybody: `seq:user`. With
/// another number than the counter's it counts for nothing: nobody is told twice, because of the cause.
const UP_TO: &str = "notifications.told_up_to";

/// How far the history was told. Only whoever holds the lock of writers ([`crate::Db::write`]) may count on it.
pub async fn position(tx: &mut Tx) -> Result<Position> {
    let (seq, up_to): (i64, Option<String>) = tx
        .sql(
            "SELECT c.value, s.value
             FROM counter c
             LEFT JOIN setting s ON s.name = ?
             WHERE c.name = 'notified'",
        )
        .bind(UP_TO)
        .one()
        .await?;
    let up_to = up_to.as_deref().and_then(|text| text.split_once(':'));
    let up_to = up_to.filter(|(of, _)| of.parse() == Ok(seq)).and_then(|(_, user)| user.parse().ok());
    Ok(Position { seq, up_to })
}

/// Goes on from `from`, what [`position`] gave, to `to`.
pub async fn move_on(tx: &mut Tx, from: Position, to: Position) -> Result<()> {
    if to.seq != from.seq {
        tx.sql("UPDATE counter SET value = ? WHERE name = 'notified'").bind(to.seq).run().await?;
    }
    match (from.up_to, to.up_to) {
        (None, None) => Ok(()),
        (_, Some(user)) => settings::put(tx, UP_TO, format!("{}:{user}", to.seq)).await,
        (Some(_), None) => settings::remove(tx, UP_TO).await,
    }
}

/// The rows after number `seq` in their order, at most `limit`. Index: `activity_pk`.
pub async fn after(tx: &mut Tx, seq: i64, limit: i64) -> Result<Vec<Row>> {
    let rows: Vec<Stored> = tx
        .sql(
            "SELECT seq, at, actor_id, project_id, task_id, action, subject, changes, tells
             FROM activity
             WHERE seq > ?
             ORDER BY seq
             LIMIT ?",
        )
        .bind(seq)
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(Row::from).collect())
}
