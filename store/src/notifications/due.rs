//! Tasks whose day comes.

use crate::{
    days,
    db::{Result, Tx},
};
use domain::{
    Day,
    ids::{ProjectId, TaskId, UserId},
    rhythm::Rhythm,
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
    /// Their time zone.
    pub time_zone: String,
}

/// The time zones that people chose, each once, and the one of those who chose none.
pub async fn time_zones(tx: &mut Tx) -> Result<Vec<String>> {
    let sql = tx
        .compose("SELECT time_zone FROM notification_rhythm")
        .bind(" UNION SELECT ?", Rhythm::default().time_zone);
    let rows: Vec<(String,)> = tx.build(sql).all().await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// Open tasks of projects in use that are due from the first day to the last, with those who are assigned and live in one
/// of the time zones: at most `limit` rows, in the order of their ids, after one. Index: `task_by_due`, for each project
/// in use.
pub async fn due(
    tx: &mut Tx,
    (first, last): (Day, Day),
    zones: &[String],
    (after, limit): (Option<(TaskId, UserId)>, i64),
) -> Result<Vec<Due>> {
    let join = tx.dialect().join_in_order();
    let sql = tx
        .compose("SELECT t.id, t.project_id, t.title, t.due_on, a.user_id")
        .bind(", COALESCE(r.time_zone, ?) FROM project p", Rhythm::default().time_zone)
        .push(join)
        .push("task t ON t.project_id = p.id AND t.lifecycle = 0")
        .bind(" AND t.due_on >= ?", days::write(Some(first)))
        .bind(" AND t.due_on <= ?", days::write(Some(last)))
        .push(join)
        .push(
            "task_assignee a ON a.task_id = t.id
             LEFT JOIN notification_rhythm r ON r.user_id = a.user_id
             WHERE p.lifecycle = 0 AND t.category <> 'done'",
        )
        .bind(" AND COALESCE(r.time_zone, ?) IN ", Rhythm::default().time_zone)
        .list(zones.iter().cloned());
    let sql = match after {
        Some((task, user)) => sql
            .bind(" AND t.id >= ?", task.uuid())
            .bind(" AND (t.id > ?", task.uuid())
            .bind(" OR a.user_id > ?)", user.uuid()),
        None => sql,
    };
    let sql = sql.bind(" ORDER BY t.id, a.user_id LIMIT ?", limit);
    let rows: Vec<(Uuid, Uuid, String, String, Uuid, String)> = tx.build(sql).all().await?;
    let due = rows.into_iter().filter_map(|(task, project, title, due_on, user, time_zone)| {
        Some(Due {
            task_id: TaskId(task),
            project_id: ProjectId(project),
            title,
            due_on: days::read(&due_on)?,
            user_id: UserId(user),
            time_zone,
        })
    });
    Ok(due.collect())
}
