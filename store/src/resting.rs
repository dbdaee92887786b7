//! What was deleted rests for a while; this removes it for good, a bounded piece at a time.

use crate::db::{Result, Tx};
use domain::{
    ids::{ProjectId, TaskId},
    time::Timestamp,
};
use uuid::Uuid;

/// A deleted task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestingTask {
    /// Its id.
    pub id: TaskId,
    /// Its project.
    pub project_id: ProjectId,
    /// Its title.
    pub title: String,
}

/// A project that was deleted before `until`, with its name. Index: `project_by_update`.
pub async fn project(tx: &mut Tx, until: Timestamp) -> Result<Option<(ProjectId, String)>> {
    let row: Option<(Uuid, String)> = tx
        .sql(
            "SELECT id, name
             FROM project
             WHERE lifecycle = 2 AND deleted_at <= ?
             ORDER BY updated_at
             LIMIT 1",
        )
        .bind(until.micros())
        .optional()
        .await?;
    Ok(row.map(|(id, name)| (ProjectId(id), name)))
}

/// Some tasks that were deleted before `until`, oldest first. Index: `task_resting`.
pub async fn tasks(tx: &mut Tx, until: Timestamp, limit: i64) -> Result<Vec<RestingTask>> {
    let rows: Vec<(Uuid, Uuid, String)> = tx
        .sql(
            "SELECT id, project_id, title
             FROM task
             WHERE lifecycle = 2 AND deleted_at <= ?
             ORDER BY deleted_at
             LIMIT ?",
        )
        .bind(until.micros())
        .bind(limit)
        .all()
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, project, title)| RestingTask { id: TaskId(id), project_id: ProjectId(project), title })
        .collect())
}

/// Some tasks of a project. Index: `task_number`.
pub async fn tasks_of(tx: &mut Tx, project: ProjectId, limit: i64) -> Result<Vec<TaskId>> {
    let rows: Vec<(Uuid,)> = tx
        .sql("SELECT id FROM task WHERE project_id = ? LIMIT ?")
        .bind(project.uuid())
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| TaskId(id)).collect())
}

/// Removes tasks with all that belongs to them; their sub-tasks stand on their own from then on.
/// Index: `task_by_parent`.
pub async fn remove_tasks(tx: &mut Tx, tasks: &[TaskId]) -> Result<()> {
    let ids = || tasks.iter().map(|id| id.uuid());
    let sql =
        tx.compose("UPDATE task SET parent_id = NULL, version = version + 1 WHERE parent_id IN ").list(ids());
    tx.build(sql).run().await?;
    let sql = tx.compose("DELETE FROM task WHERE id IN ").list(ids());
    tx.build(sql).run().await.map(drop)
}

/// Removes a project without tasks, with all that belongs to it.
///
/// # Errors
/// [`crate::Error::Dangling`] if it has tasks.
pub async fn remove_project(tx: &mut Tx, id: ProjectId) -> Result<()> {
    tx.sql("DELETE FROM project WHERE id = ?").bind(id.uuid()).run().await.map(drop)
}
