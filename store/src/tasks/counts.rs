//! The numbers that columns, projects and parents carry, so that no list has to count.

use crate::db::{Result, Tx};
use domain::{
    board::Category,
    ids::{ColumnId, ProjectId, TaskId},
    task::{Lifecycle, TaskSummary},
    time::Timestamp,
};
use std::collections::BTreeMap;

/// What a change of tasks adds to the kept numbers. Only active tasks count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    columns: BTreeMap<ColumnId, i64>,
    /// Sub-tasks, and those of them that are done.
    parents: BTreeMap<TaskId, (i64, i64)>,
    open: i64,
    done: i64,
    /// Numbers taken.
    new: i64,
}

/// What of a task counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The column that it is in.
    pub column_id: ColumnId,
    /// What that column means.
    pub category: Category,
    /// The task that it is part of.
    pub parent_id: Option<TaskId>,
    /// Whether it is in use.
    pub lifecycle: Lifecycle,
}

impl Counted {
    /// What of `task` counts.
    pub fn of(task: &TaskSummary) -> Self {
        let TaskSummary { column_id, category, parent_id, lifecycle, .. } = *task;
        Self { column_id, category, parent_id, lifecycle }
    }
}

impl Counts {
    /// Notes that a task was as `before` and is as `after`.
    pub fn change(&mut self, before: Counted, after: Counted) {
        self.add(before, -1);
        self.add(after, 1);
    }

    /// Notes a new task, which took the project's next number.
    pub fn created(&mut self, task: Counted) {
        self.new += 1;
        self.add(task, 1);
    }

    fn add(&mut self, task: Counted, by: i64) {
        if task.lifecycle != Lifecycle::Active {
            return;
        }
        let done = if task.category == Category::Done { by } else { 0 };
        *self.columns.entry(task.column_id).or_default() += by;
        self.done += done;
        self.open += by - done;
        if let Some(parent) = task.parent_id {
            let counts = self.parents.entry(parent).or_default();
            counts.0 += by;
            counts.1 += done;
        }
    }
}

/// Adds to the numbers of a project, its columns and its tasks; the project's last change is `now`.
pub async fn add_to_counts(
    tx: &mut Tx,
    project: ProjectId,
    mut counts: Counts,
    now: Timestamp,
) -> Result<()> {
    tx.sql(
        "UPDATE project
         SET open_count = open_count + ?, done_count = done_count + ?, next_number = next_number + ?, updated_at = ?
         WHERE id = ?",
    )
    .bind(counts.open)
    .bind(counts.done)
    .bind(counts.new)
    .bind(now.micros())
    .bind(project.uuid())
    .run()
    .await?;
    add_to_parents(tx, std::mem::take(&mut counts.parents)).await?;
    add_to_columns(tx, counts).await
}

/// Adds only to the numbers of columns: open tasks that went from one to another, of whatever projects.
pub async fn add_to_columns(tx: &mut Tx, counts: Counts) -> Result<()> {
    let mut columns = counts.columns;
    columns.retain(|_, by| *by != 0);
    if columns.is_empty() {
        return Ok(());
    }
    let mut sql = tx.compose("UPDATE board_column SET task_count = task_count + CASE id");
    for (id, by) in &columns {
        sql = sql.bind(" WHEN ?", id.uuid()).bind(" THEN ?", *by);
    }
    let sql = sql.push(" ELSE 0 END WHERE id IN ").list(columns.keys().map(|id| id.uuid()));
    tx.build(sql).run().await.map(drop)
}

async fn add_to_parents(tx: &mut Tx, mut parents: BTreeMap<TaskId, (i64, i64)>) -> Result<()> {
    parents.retain(|_, by| *by != (0, 0));
    let parents: Vec<_> = parents.into_iter().collect();
    for chunk in parents.chunks(500) {
        let mut sql = tx.compose("UPDATE task SET child_count = child_count + CASE id");
        for (id, (all, _)) in chunk {
            sql = sql.bind(" WHEN ?", id.uuid()).bind(" THEN ?", *all);
        }
        sql = sql.push(" ELSE 0 END, child_done_count = child_done_count + CASE id");
        for (id, (_, done)) in chunk {
            sql = sql.bind(" WHEN ?", id.uuid()).bind(" THEN ?", *done);
        }
        let sql = sql.push(" ELSE 0 END WHERE id IN ").list(chunk.iter().map(|(id, _)| id.uuid()));
        tx.build(sql).run().await?;
    }
    Ok(())
}
