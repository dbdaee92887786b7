//! Tasks whose day comes.

use crate::{
    days,
    db::{Result, Tx},
};
use domain::{
    Day,
    ids::{ProjectId, TaskId, UserId},
};
use uuid::Uuid;

/// An open task that is due, and one of those who are assigned to it.
#[derive(Clone, Debug)]
pub struct Due {
    /// The task.
    pub task_id: TaskId,
    /// Its project.
    pub project_id: ProjectId,
    /// Its title.
    pub title: String,
    /// When it is due.
    pub due_on: Day,
    /// Whose it is.
    pub user_id: UserId,
}

/// Open tasks of projects in use that are due from the first day to the last, with those who are assigned: at most
/// `limit` rows, in the order of their ids, after one. Index: `task_by_due`, for each project in use.
pub async fn due(
    tx: &mut Tx,
    (first, last): (Day, Day),
    (after, limit): (Option<(TaskId, UserId)>, i64),
) -> Result<Vec<Due>> {
    let join = tx.dialect().join_in_order();
    let sql = tx
        .compose("SELECT t.id, t.project_id, t.title, t.due_on, a.user_id FROM project p")
        .push(join)
        .push("task t ON t.project_id = p.id AND t.lifecycle = 0")
        .bind(" AND t.due_on >= ?", days::write(Some(first)))
        .bind(" AND t.due_on <= ?", days::write(Some(last)))
        .push(join)
        .push("task_assignee a ON a.task_id = t.id WHERE p.lifecycle = 0 AND t.category <> 'done'");
    let sql = match after {
        Some((task, user)) => sql
            .bind(" AND t.id >= ?", task.uuid())
            .bind(" AND (t.id > ?", task.uuid())
            .bind(" OR a.user_id > ?)", user.uuid()),
        None => sql,
    };
    let sql = sql.bind(" ORDER BY t.id, a.user_id LIMIT ?", limit);
    let rows: Vec<(Uuid, Uuid, String, String, Uuid)> = tx.build(sql).all().await?;
    let due = rows.into_iter().filter_map(|(task, project, title, due_on, user)| {
        Some(Due {
            task_id: TaskId(task),
            project_id: ProjectId(project),
            title,
            due_on: days::read(&due_on)?,
            user_id: UserId(user),
        })
    });
    Ok(due.collect())
}
