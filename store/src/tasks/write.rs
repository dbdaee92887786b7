//! New and changed tasks.

use super::search_id;
use crate::{
    days,
    db::{Result, Sql, Tx},
};
use domain::{
    Day,
    board::{Category, Column},
    ids::{LabelId, TaskId, UserId},
    task::{Priority, Task, TaskSummary},
    time::Timestamp,
};

/// A task to insert.
#[derive(Clone, Debug)]
pub struct NewRow {
    /// The task; its people and labels are inserted apart.
    pub task: Task,
    /// Its number in the project.
    pub number: i64,
    /// The line of a checklist that it comes from.
    pub source_key: Option<String>,
}

/// The same change for many tasks; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct BulkChange {
    /// The column that they are in from now on.
    pub column: Option<Column>,
    /// How much they matter.
    pub priority: Option<Priority>,
    /// When they are due.
    pub due_on: Option<Option<Day>>,
}

/// Adds tasks, a hundred in a statement.
///
/// # Errors
/// [`crate::Error::Taken`] if an id, number or source is.
pub async fn insert(tx: &mut Tx, rows: &[NewRow]) -> Result<()> {
    for chunk in rows.chunks(100) {
        let sql = tx
            .compose(
                "INSERT INTO task (id, search_id, project_id, number, title, description, column_id, category,
                   card_rank, priority, start_on, due_on, estimate_minutes, parent_id, creator_id, child_count,
                   child_done_count, comment_count, lifecycle, source_key, completed_at, deleted_at, created_at,
                   updated_at, version) VALUES ",
            )
            .rows(chunk, 25, values);
        tx.build(sql).run().await?;
    }
    Ok(())
}

/// Writes a changed task over version `seen`; `false` if it has another version by now. Title and description are
/// written only `with_text`, because they are indexed anew each time.
pub async fn update(tx: &mut Tx, task: &Task, seen: i64, with_text: bool) -> Result<bool> {
    let it = &task.summary;
    let mut sql = tx.compose("UPDATE task SET ");
    if with_text {
        sql = sql.bind("title = ?, ", it.title.clone()).bind("description = ?, ", task.description.clone());
    }
    let sql = sql
        .bind("column_id = ?", it.column_id.uuid())
        .bind(", category = ?", it.category.as_str())
        .bind(", card_rank = ?", it.rank.clone())
        .bind(", priority = ?", it.priority.level())
        .bind(", start_on = ?", days::write(it.start_on))
        .bind(", due_on = ?", days::write(it.due_on))
        .bind(", estimate_minutes = ?", it.estimate_minutes)
        .bind(", parent_id = ?", it.parent_id.map(TaskId::uuid))
        .bind(", completed_at = ?", it.completed_at.map(Timestamp::micros))
        .bind(", updated_at = ?", it.updated_at.micros())
        .bind(", version = ?", it.version)
        .bind(" WHERE id = ?", it.id.uuid())
        .bind(" AND version = ?", seen);
    Ok(tx.build(sql).run().await? > 0)
}

/// Changes many tasks in the same way.
pub async fn update_many(tx: &mut Tx, ids: &[TaskId], change: &BulkChange, now: Timestamp) -> Result<()> {
    for chunk in ids.chunks(500) {
        let mut sql = tx.compose("UPDATE task SET version = version + 1");
        if let Some(column) = &change.column {
            sql = sql
                .bind(", column_id = ?", column.id.uuid())
                .bind(", category = ?", column.category.as_str());
            sql = match column.category {
                Category::Done => sql.bind(", completed_at = COALESCE(completed_at, ?)", now.micros()),
                Category::Todo | Category::Doing => sql.push(", completed_at = NULL"),
            };
        }
        let sql = sql
            .bind_some(", priority = ?", change.priority.map(Priority::level))
            .bind_some(", due_on = ?", change.due_on.map(days::write))
            .bind(", updated_at = ?", now.micros())
            .push(" WHERE id IN ")
            .list(chunk.iter().map(|id| id.uuid()));
        tx.build(sql).run().await?;
    }
    Ok(())
}

/// Gives a task exactly these assignees.
pub async fn set_assignees(tx: &mut Tx, task: &TaskSummary, had_some: bool) -> Result<()> {
    if had_some {
        tx.sql("DELETE FROM task_assignee WHERE task_id = ?").bind(task.id.uuid()).run().await?;
    }
    let pairs: Vec<_> = task.assignees.iter().map(|user| (task.id, user.id)).collect();
    add_assignees(tx, &pairs).await
}

/// Gives a task exactly these labels.
pub async fn set_labels(tx: &mut Tx, task: &TaskSummary, had_some: bool) -> Result<()> {
    if had_some {
        tx.sql("DELETE FROM task_label WHERE task_id = ?").bind(task.id.uuid()).run().await?;
    }
    let pairs: Vec<_> = task.labels.iter().map(|label| (task.id, label.id)).collect();
    add_labels(tx, &pairs).await
}

/// Assigns people to tasks that they are not assigned to yet.
pub async fn add_assignees(tx: &mut Tx, pairs: &[(TaskId, UserId)]) -> Result<()> {
    for chunk in pairs.chunks(500) {
        let sql = tx.compose("INSERT INTO task_assignee (task_id, user_id) VALUES ").rows(
            chunk,
            2,
            |sql, (task, user)| sql.value(task.uuid()).value(user.uuid()),
        );
        tx.build(sql).run().await?;
    }
    Ok(())
}

/// Takes people off tasks.
pub async fn remove_assignees(tx: &mut Tx, tasks: &[TaskId], users: &[UserId]) -> Result<()> {
    if tasks.is_empty() || users.is_empty() {
        return Ok(());
    }
    let sql = tx
        .compose("DELETE FROM task_assignee WHERE task_id IN ")
        .list(tasks.iter().map(|id| id.uuid()))
        .push(" AND user_id IN ")
        .list(users.iter().map(|id| id.uuid()));
    tx.build(sql).run().await.map(drop)
}

/// Puts labels on tasks that do not have them yet.
pub async fn add_labels(tx: &mut Tx, pairs: &[(TaskId, LabelId)]) -> Result<()> {
    for chunk in pairs.chunks(500) {
        let sql = tx.compose("INSERT INTO task_label (task_id, label_id) VALUES ").rows(
            chunk,
            2,
            |sql, (task, label)| sql.value(task.uuid()).value(label.uuid()),
        );
        tx.build(sql).run().await?;
    }
    Ok(())
}

/// Takes labels off tasks.
pub async fn remove_labels(tx: &mut Tx, tasks: &[TaskId], labels: &[LabelId]) -> Result<()> {
    if tasks.is_empty() || labels.is_empty() {
        return Ok(());
    }
    let sql = tx
        .compose("DELETE FROM task_label WHERE task_id IN ")
        .list(tasks.iter().map(|id| id.uuid()))
        .push(" AND label_id IN ")
        .list(labels.iter().map(|id| id.uuid()));
    tx.build(sql).run().await.map(drop)
}

/// Adds to the number of a task's comments. Its version stays: nobody's edit is in the way of a comment.
pub async fn add_to_comments(tx: &mut Tx, id: TaskId, by: i64, now: Timestamp) -> Result<()> {
    tx.sql("UPDATE task SET comment_count = comment_count + ?, updated_at = ? WHERE id = ?")
        .bind(by)
        .bind(now.micros())
        .bind(id.uuid())
        .run()
        .await
        .map(drop)
}

fn values(sql: Sql, row: &NewRow) -> Sql {
    let it = &row.task.summary;
    sql.value(it.id.uuid())
        .value(search_id(it.id.uuid()))
        .value(it.project_id.uuid())
        .value(row.number)
        .value(it.title.clone())
        .value(row.task.description.clone())
        .value(it.column_id.uuid())
        .value(it.category.as_str())
        .value(it.rank.clone())
        .value(it.priority.level())
        .value(days::write(it.start_on))
        .value(days::write(it.due_on))
        .value(it.estimate_minutes)
        .value(it.parent_id.map(TaskId::uuid))
        .value(row.task.creator.as_ref().map(|creator| creator.id.uuid()))
        .value(it.child_count)
        .value(it.child_done_count)
        .value(it.comment_count)
        .value(it.lifecycle.code())
        .value(row.source_key.clone())
        .value(it.completed_at.map(Timestamp::micros))
        .value(None::<i64>)
        .value(it.created_at.micros())
        .value(it.updated_at.micros())
        .value(it.version)
}
