//! What was said of things that are removed for good goes with them, a piece at a time.

use crate::db::{Result, Sql, Tx};
use domain::ids::{NotificationId, ProjectId, TaskId};
use uuid::Uuid;

/// Removes at most `limit` notifications about a project and what is in it; gives how many there were.
/// Index: `notification_of_project`.
pub async fn remove_of_project(tx: &mut Tx, project: ProjectId, limit: i64) -> Result<usize> {
    let some = tx.compose("SELECT id FROM notification").bind(" WHERE project_id = ?", project.uuid());
    remove(tx, some, limit).await
}

/// Removes at most `limit` notifications about tasks; gives how many there were. Index: `notification_of_task`.
pub async fn remove_of_tasks(tx: &mut Tx, tasks: &[TaskId], limit: i64) -> Result<usize> {
    if tasks.is_empty() {
        return Ok(0);
    }
    let some =
        tx.compose("SELECT id FROM notification WHERE task_id IN ").list(tasks.iter().map(|id| id.uuid()));
    remove(tx, some, limit).await
}

/// At most `limit` notifications of announcements that went with their team. Index: `notification_of_announcement`.
pub async fn unannounced(tx: &mut Tx, limit: i64) -> Result<Vec<NotificationId>> {
    let some = tx.compose(
        "SELECT n.id
         FROM notification n
         LEFT JOIN announcement a ON a.id = n.announcement_id
         WHERE n.announcement_id IS NOT NULL AND a.id IS NULL",
    );
    find(tx, some, limit).await
}

/// Removes notifications, wherever they are.
pub async fn forget(tx: &mut Tx, ids: &[NotificationId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let sql = tx.compose("DELETE FROM notification WHERE id IN ").list(ids.iter().map(|id| id.uuid()));
    tx.build(sql).run().await.map(drop)
}

/// Removes what people chose to be told of a project. Reads every choice: there are few.
pub async fn remove_choices(tx: &mut Tx, project: ProjectId) -> Result<()> {
    tx.sql("DELETE FROM notification_choice WHERE project_id = ?").bind(project.uuid()).run().await.map(drop)
}

async fn remove(tx: &mut Tx, some: Sql, limit: i64) -> Result<usize> {
    let ids = find(tx, some, limit).await?;
    forget(tx, &ids).await?;
    Ok(ids.len())
}

async fn find(tx: &mut Tx, some: Sql, limit: i64) -> Result<Vec<NotificationId>> {
    let rows: Vec<(Uuid,)> = tx.build(some.bind(" LIMIT ?", limit)).all().await?;
    Ok(rows.into_iter().map(|(id,)| NotificationId(id)).collect())
}
