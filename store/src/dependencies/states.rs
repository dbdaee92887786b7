//! Which tasks are blocked, since when, and where they stood before.

use super::links::category;
use crate::{
    db::{Result, Sql, Tx},
    tasks::padded,
};
use domain::{
    board::Category,
    dependency::Override,
    ids::{ColumnId, ProjectId, TaskId, UserId},
    task::Lifecycle,
    time::Timestamp,
    user::UserRef,
};
use uuid::Uuid;

/// What decides whether a task is blocked, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The task.
    pub id: TaskId,
    /// Its project.
    pub project_id: ProjectId,
    /// What is to be done.
    pub title: String,
    /// The column that it is in.
    pub column_id: ColumnId,
    /// What that column means.
    pub category: Category,
    /// Its place there, as stored.
    pub rank: String,
    /// Whether neither it nor its project is put away.
    pub in_use: bool,
    /// Its open blockers.
    pub blocker_count: i64,
    /// Whether it is blocked.
    pub blocked: bool,
    /// Whether it was unblocked by hand.
    pub overridden: bool,
    /// Where it stood before it was blocked, if it had to leave.
    pub held: Option<(ColumnId, String)>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    project_id: Uuid,
    title: String,
    column_id: Uuid,
    category: String,
    card_rank: String,
    lifecycle: i16,
    project_lifecycle: i16,
    blocker_count: i64,
    blocked_since: Option<i64>,
    override_at: Option<i64>,
    held_column_id: Option<Uuid>,
    held_rank: Option<String>,
}

/// A card and its new place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The task.
    pub id: TaskId,
    /// The column to put it in.
    pub column_id: ColumnId,
    /// What that column means.
    pub category: Category,
    /// Its place there.
    pub rank: String,
}

/// How tasks stand, in the order of their numbers.
pub async fn states(tx: &mut Tx, tasks: &[TaskId]) -> Result<Vec<State>> {
    let mut states = Vec::with_capacity(tasks.len());
    for chunk in tasks.chunks(1000) {
        let ids = padded(&chunk.iter().map(|id| id.uuid()).collect::<Vec<_>>());
        let sql = tx
            .compose(
                "SELECT t.id, t.project_id, t.title, t.column_id, t.category, t.card_rank, t.lifecycle,
                   p.lifecycle AS project_lifecycle, t.blocker_count, t.blocked_since, t.override_at,
                   t.held_column_id, t.held_rank
                 FROM task t
                 JOIN project p ON p.id = t.project_id
                 WHERE t.id IN ",
            )
            .list(ids)
            .push(" ORDER BY t.project_id, t.number");
        let rows: Vec<Row> = tx.build(sql).all().await?;
        for row in rows {
            states.push(row.into_state()?);
        }
    }
    Ok(states)
}

impl Row {
    fn into_state(self) -> Result<State> {
        let active = Lifecycle::Active.code();
        Ok(State {
            id: TaskId(self.id),
            project_id: ProjectId(self.project_id),
            title: self.title,
            column_id: ColumnId(self.column_id),
            category: category(self.id, &self.category)?,
            rank: self.card_rank,
            in_use: [self.lifecycle, self.project_lifecycle].map(i64::from) == [active; 2],
            blocker_count: self.blocker_count,
            blocked: self.blocked_since.is_some(),
            overridden: self.override_at.is_some(),
            held: self.held_column_id.map(ColumnId).zip(self.held_rank),
        })
    }
}

/// Makes tasks blocked.
pub async fn block(tx: &mut Tx, tasks: &[TaskId], now: Timestamp) -> Result<()> {
    for chunk in tasks.chunks(500) {
        let sql = tx
            .compose("UPDATE task SET version = version + 1, released_at = NULL")
            .bind(", blocked_since = ?", now.micros())
            .bind(", updated_at = ?", now.micros());
        run(tx, sql, chunk).await?;
    }
    Ok(())
}

/// Makes tasks free again; what they wait for is closed, or somebody unblocked them by hand.
pub async fn release(tx: &mut Tx, tasks: &[TaskId], now: Timestamp) -> Result<()> {
    for chunk in tasks.chunks(500) {
        let sql = tx
            .compose(
                "UPDATE task
                 SET version = version + 1, blocked_since = NULL, held_column_id = NULL, held_rank = NULL",
            )
            .bind(", released_at = ?", now.micros())
            .bind(", updated_at = ?", now.micros());
        run(tx, sql, chunk).await?;
    }
    Ok(())
}

/// Takes the block from tasks that were done along with what they waited for.
pub async fn clear(tx: &mut Tx, tasks: &[TaskId], now: Timestamp) -> Result<()> {
    for chunk in tasks.chunks(500) {
        let sql = tx
            .compose(
                "UPDATE task
                 SET version = version + 1, blocked_since = NULL, held_column_id = NULL, held_rank = NULL",
            )
            .bind(", updated_at = ?", now.micros());
        run(tx, sql, chunk).await?;
    }
    Ok(())
}

/// Remembers where tasks stand that have to leave their column.
pub async fn hold(tx: &mut Tx, tasks: &[TaskId]) -> Result<()> {
    for chunk in tasks.chunks(500) {
        let sql = tx.compose("UPDATE task SET held_column_id = column_id, held_rank = card_rank");
        run(tx, sql, chunk).await?;
    }
    Ok(())
}

/// Forgets where blocked tasks stood before: somebody has moved them since.
pub async fn forget_place(tx: &mut Tx, tasks: &[TaskId]) -> Result<()> {
    for chunk in tasks.chunks(500) {
        let sql = tx.compose("UPDATE task SET held_column_id = NULL, held_rank = NULL");
        run(tx, sql, chunk).await?;
    }
    Ok(())
}

/// Puts cards into other columns of things to do or in work.
pub async fn place(tx: &mut Tx, moves: &[Move]) -> Result<()> {
    for chunk in moves.chunks(300) {
        let mut sql = tx.compose("UPDATE task SET column_id = CASE id");
        for card in chunk {
            sql = sql.bind(" WHEN ?", card.id.uuid()).bind(" THEN ?", card.column_id.uuid());
        }
        sql = sql.push(" ELSE column_id END, category = CASE id");
        for card in chunk {
            sql = sql.bind(" WHEN ?", card.id.uuid()).bind(" THEN ?", card.category.as_str());
        }
        sql = sql.push(" ELSE category END, card_rank = CASE id");
        for card in chunk {
            sql = sql.bind(" WHEN ?", card.id.uuid()).bind(" THEN ?", card.rank.clone());
        }
        let sql = sql.push(" ELSE card_rank END WHERE id IN ").list(chunk.iter().map(|card| card.id.uuid()));
        tx.build(sql).run().await?;
    }
    Ok(())
}

/// Ends what people have unblocked by hand.
pub async fn lapse(tx: &mut Tx, tasks: &[TaskId]) -> Result<()> {
    for chunk in tasks.chunks(500) {
        let sql =
            tx.compose("UPDATE task SET override_by = NULL, override_at = NULL, override_reason = NULL");
        run(tx, sql, chunk).await?;
    }
    Ok(())
}

/// Notes who unblocked a task by hand, and why.
pub async fn set_override(
    tx: &mut Tx,
    task: TaskId,
    (by, reason): (Option<UserId>, String),
    now: Timestamp,
) -> Result<()> {
    tx.sql("UPDATE task SET override_by = ?, override_at = ?, override_reason = ? WHERE id = ?")
        .bind(by.map(UserId::uuid))
        .bind(now.micros())
        .bind(reason)
        .bind(task.uuid())
        .run()
        .await
        .map(drop)
}

#[derive(sqlx::FromRow)]
struct StandingRow {
    blocked_since: Option<i64>,
    override_at: Option<i64>,
    override_reason: Option<String>,
    id: Option<Uuid>,
    username: Option<String>,
    display_name: Option<String>,
}

/// Since when a task is blocked, and who unblocked it by hand, while that counts.
pub async fn standing(tx: &mut Tx, task: TaskId) -> Result<(Option<Timestamp>, Option<Override>)> {
    let row: Option<StandingRow> = tx
        .sql(
            "SELECT t.blocked_since, t.override_at, t.override_reason, u.id, u.username, u.display_name
             FROM task t
             LEFT JOIN person u ON u.id = t.override_by
             WHERE t.id = ?",
        )
        .bind(task.uuid())
        .optional()
        .await?;
    let Some(row) = row else { return Ok((None, None)) };
    let by = match (row.id, row.username, row.display_name) {
        (Some(id), Some(username), Some(display_name)) => {
            Some(UserRef { id: UserId(id), username, display_name })
        }
        _ => None,
    };
    let unblocked = row.override_at.map(|at| Override {
        by,
        at: Timestamp(at),
        reason: row.override_reason.unwrap_or_default(),
    });
    Ok((row.blocked_since.map(Timestamp), unblocked))
}

async fn run(tx: &mut Tx, sql: Sql, tasks: &[TaskId]) -> Result<()> {
    let sql = sql.push(" WHERE id IN ").list(tasks.iter().map(|task| task.uuid()));
    tx.build(sql).run().await.map(drop)
}
