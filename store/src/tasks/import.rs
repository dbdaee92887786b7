//! Tasks that came from a checklist, known again by the key of their line.

use crate::db::{Result, Sql, Tx};
use domain::{
    board::Category,
    ids::{ColumnId, ProjectId, TaskId},
    task::Lifecycle,
    time::Timestamp,
};
use uuid::Uuid;

use super::{counts::Counted, row};

/// A task of an earlier import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Its id.
    pub id: TaskId,
    /// The key of its line.
    pub source_key: String,
    /// Its number in the project.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Its description.
    pub description: String,
    /// The column that it is in.
    pub column_id: ColumnId,
    /// What that column means.
    pub category: Category,
    /// Its rank there, as stored.
    pub rank: String,
    /// The task that it is part of.
    pub parent_id: Option<TaskId>,
    /// Whether people have put it away.
    pub lifecycle: Lifecycle,
    /// When it came into a done column.
    pub completed_at: Option<Timestamp>,
    /// Its open blockers.
    pub blocker_count: i64,
    /// Whether it was unblocked by hand.
    pub overridden: bool,
    /// Whether it is blocked.
    pub blocked: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    source_key: String,
    number: i64,
    title: String,
    description: String,
    column_id: Uuid,
    category: String,
    card_rank: String,
    parent_id: Option<Uuid>,
    lifecycle: i16,
    completed_at: Option<i64>,
    blocker_count: i64,
    override_at: Option<i64>,
    blocked_since: Option<i64>,
}

/// The tasks of a project that came from checklists. Index: `task_source`.
pub async fn imported(tx: &mut Tx, project: ProjectId) -> Result<Vec<Imported>> {
    let rows: Vec<Row> = tx
        .sql(
            "SELECT id, source_key, number, title, description, column_id, category, card_rank, parent_id,
               lifecycle, completed_at, blocker_count, override_at, blocked_since
             FROM task
             WHERE project_id = ? AND source_key IS NOT NULL",
        )
        .bind(project.uuid())
        .all()
        .await?;
    rows.into_iter().map(Row::into_imported).collect()
}

/// Writes changed tasks of an earlier import, a hundred in a statement.
pub async fn update_imported(tx: &mut Tx, tasks: &[Imported], now: Timestamp) -> Result<()> {
    for chunk in tasks.chunks(100) {
        let sql = tx.compose("UPDATE task SET version = version + 1");
        let sql = sql.bind(", updated_at = ?", now.micros());
        let sql = set(sql, chunk, ", title = CASE id", |sql, it| sql.value(it.title.clone()));
        let sql = set(sql, chunk, " ELSE title END, description = CASE id", |sql, it| {
            sql.value(it.description.clone())
        });
        let sql = set(sql, chunk, " ELSE description END, column_id = CASE id", |sql, it| {
            sql.value(it.column_id.uuid())
        });
        let sql = set(sql, chunk, " ELSE column_id END, category = CASE id", |sql, it| {
            sql.value(it.category.as_str())
        });
        let sql =
            set(sql, chunk, " ELSE category END, card_rank = CASE id", |sql, it| sql.value(it.rank.clone()));
        let sql = set(sql, chunk, " ELSE card_rank END, parent_id = CASE id", |sql, it| {
            sql.value(it.parent_id.map(TaskId::uuid))
        });
        let sql = set(sql, chunk, " ELSE parent_id END, completed_at = CASE id", |sql, it| {
            sql.value(it.completed_at.map(Timestamp::micros))
        });
        let sql =
            sql.push(" ELSE completed_at END WHERE id IN ").list(chunk.iter().map(|task| task.id.uuid()));
        tx.build(sql).run().await?;
    }
    Ok(())
}

fn set(sql: Sql, tasks: &[Imported], column: &'static str, value: impl Fn(Sql, &Imported) -> Sql) -> Sql {
    tasks
        .iter()
        .fold(sql.push(column), |sql, task| value(sql.bind(" WHEN ?", task.id.uuid()).push(" THEN ?"), task))
}

impl Imported {
    /// What of it counts.
    pub const fn counted(&self) -> Counted {
        Counted {
            column_id: self.column_id,
            category: self.category,
            parent_id: self.parent_id,
            lifecycle: self.lifecycle,
        }
    }
}

impl Row {
    fn into_imported(self) -> Result<Imported> {
        Ok(Imported {
            id: TaskId(self.id),
            source_key: self.source_key,
            number: self.number,
            title: self.title,
            description: self.description,
            column_id: ColumnId(self.column_id),
            category: row::category(self.id, &self.category)?,
            rank: self.card_rank,
            parent_id: self.parent_id.map(TaskId),
            lifecycle: Lifecycle::from_code(i64::from(self.lifecycle)),
            completed_at: self.completed_at.map(Timestamp),
            blocker_count: self.blocker_count,
            overridden: self.override_at.is_some(),
            blocked: self.blocked_since.is_some(),
        })
    }
}
