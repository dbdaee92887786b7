//! Parents and sub-tasks. The depth is limited when a task gets its parent, so the recursion ends.

use super::{
    padded, read,
    row::{self, Found},
};
use crate::db::{Result, Tx};
use domain::{
    ids::TaskId,
    task::{Lifecycle, TaskRef},
};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Above {
    id: Uuid,
    project_key: String,
    number: i64,
    title: String,
    category: String,
}

/// The tasks above a task, the topmost first.
pub async fn ancestors(tx: &mut Tx, id: TaskId) -> Result<Vec<TaskRef>> {
    let rows: Vec<Above> = tx
        .sql(
            "WITH RECURSIVE above (id, level) AS (
               SELECT parent_id, 1 FROM task WHERE id = ? AND parent_id IS NOT NULL
               UNION ALL
               SELECT t.parent_id, a.level + 1
               FROM above a
               JOIN task t ON t.id = a.id
               WHERE t.parent_id IS NOT NULL AND a.level < 100
             )
             SELECT t.id, p.project_key, t.number, t.title, t.category
             FROM above a
             JOIN task t ON t.id = a.id
             JOIN project p ON p.id = t.project_id
             ORDER BY a.level DESC",
        )
        .bind(id.uuid())
        .all()
        .await?;
    rows.into_iter()
        .map(|above| {
            Ok(TaskRef {
                id: TaskId(above.id),
                key: format!("{}-{}", above.project_key, above.number),
                title: above.title,
                category: row::category(above.id, &above.category)?,
            })
        })
        .collect()
}

/// How many levels of sub-tasks hang below a task, whatever their lifecycle. Index: `task_by_parent`.
pub async fn depth_below(tx: &mut Tx, id: TaskId) -> Result<i64> {
    let (depth,): (i64,) = tx
        .sql(
            "WITH RECURSIVE below (id, level) AS (
               SELECT id, 0 FROM task WHERE id = ?
               UNION ALL
               SELECT t.id, b.level + 1
               FROM below b
               JOIN task t ON t.parent_id = b.id
               WHERE b.level < 100
             )
             SELECT COALESCE(MAX(level), 0) FROM below",
        )
        .bind(id.uuid())
        .one()
        .await?;
    Ok(depth)
}

/// The tasks of `roots` and all below them that have this lifecycle. Index: `task_by_parent`.
pub async fn subtree(tx: &mut Tx, roots: &[TaskId], lifecycle: Lifecycle) -> Result<Vec<Found>> {
    if roots.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = roots.iter().map(|id| id.uuid()).collect();
    let sql = tx
        .compose("WITH RECURSIVE below (id) AS (SELECT id FROM task WHERE id IN ")
        .list(padded(&ids))
        .push(" UNION SELECT t.id FROM below b JOIN task t ON t.parent_id = b.id) ");
    let sql = read::select(sql)
        .push(" JOIN below b ON b.id = t.id")
        .bind(" WHERE t.lifecycle = ?", lifecycle.code());
    read::all(tx, sql).await
}
