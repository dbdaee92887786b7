//! Parents and sub-tasks. The depth is limited when a task gets its parent, so the recursion ends.

use super::{
    padded, read,
    row::{self, Found},
};
use crate::db::{Result, Tx};
use domain::{
    ids::{ProjectId, TaskId},
    task::{Lifecycle, TaskRef},
};
use uuid::Uuid;

/// A task on the way from one to the topmost above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The task.
    pub task: TaskRef,
    /// Its project.
    pub project_id: ProjectId,
    /// Whether it is in use.
    pub lifecycle: Lifecycle,
    /// Whether its project is.
    pub project_lifecycle: Lifecycle,
}

#[derive(sqlx::FromRow)]
struct LinkRow {
    id: Uuid,
    project_id: Uuid,
    project_key: String,
    number: i64,
    title: String,
    category: String,
    lifecycle: i16,
    project_lifecycle: i16,
}

/// A task and those above it, the topmost last; empty if there is no such task.
pub async fn chain(tx: &mut Tx, id: TaskId) -> Result<Vec<Link>> {
    let rows: Vec<LinkRow> = tx
        .sql(
            "WITH RECURSIVE above (id, level) AS (
               SELECT id, 0 FROM task WHERE id = ?
               UNION ALL
               SELECT t.parent_id, a.level + 1
               FROM above a
               JOIN task t ON t.id = a.id
               WHERE t.parent_id IS NOT NULL AND a.level < 100
             )
             SELECT t.id, t.project_id, p.project_key, t.number, t.title, t.category, t.lifecycle,
               p.lifecycle AS project_lifecycle
             FROM above a
             JOIN task t ON t.id = a.id
             JOIN project p ON p.id = t.project_id
             ORDER BY a.level",
        )
        .bind(id.uuid())
        .all()
        .await?;
    rows.into_iter().map(LinkRow::into_link).collect()
}

/// The tasks of those ids in passing, in no order.
pub async fn links(tx: &mut Tx, ids: &[TaskId]) -> Result<Vec<Link>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    let sql = tx
        .compose(
            "SELECT t.id, t.project_id, p.project_key, t.number, t.title, t.category, t.lifecycle,
               p.lifecycle AS project_lifecycle
             FROM task t
             JOIN project p ON p.id = t.project_id
             WHERE t.id IN ",
        )
        .list(padded(&ids));
    let rows: Vec<LinkRow> = tx.build(sql).all().await?;
    rows.into_iter().map(LinkRow::into_link).collect()
}

/// How many levels of sub-tasks hang below a task, whatever their lifecycle. Index: `task_by_parent`.
pub async fn depth_below(tx: &mut Tx, id: TaskId) -> Result<i64> {
    let sql = tx
        .compose("WITH RECURSIVE below (id, level) AS (")
        .bind("SELECT id, 0 FROM task WHERE id = ?", id.uuid())
        .push(" UNION ALL SELECT t.id, b.level + 1 FROM below b JOIN task t")
        .push(tx.dialect().by_parent())
        .push(" ON t.parent_id = b.id WHERE b.level < 100) SELECT COALESCE(MAX(level), 0) FROM below");
    let (depth,): (i64,) = tx.build(sql).one().await?;
    Ok(depth)
}

/// The tasks of `roots` and all below them that have this lifecycle, without their people and labels.
/// Index: `task_by_parent`.
pub async fn subtree(tx: &mut Tx, roots: &[TaskId], lifecycle: Lifecycle) -> Result<Vec<Found>> {
    if roots.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = roots.iter().map(|id| id.uuid()).collect();
    let sql = tx
        .compose("WITH RECURSIVE below (id) AS (SELECT id FROM task WHERE id IN ")
        .list(padded(&ids))
        .push(" UNION SELECT t.id FROM below b JOIN task t")
        .push(tx.dialect().by_parent())
        .push(" ON t.parent_id = b.id) ");
    // Joined with them, SQLite would first look through all tasks for those that could be among them.
    let sql = read::select(sql)
        .push(" WHERE t.id IN (SELECT id FROM below)")
        .bind(" AND t.lifecycle = ?", lifecycle.code());
    read::bare(tx, sql).await
}

impl LinkRow {
    fn into_link(self) -> Result<Link> {
        Ok(Link {
            task: TaskRef {
                id: TaskId(self.id),
                key: format!("{}-{}", self.project_key, self.number),
                category: row::category(self.id, &self.category)?,
                title: self.title,
            },
            project_id: ProjectId(self.project_id),
            lifecycle: Lifecycle::from_code(i64::from(self.lifecycle)),
            project_lifecycle: Lifecycle::from_code(i64::from(self.project_lifecycle)),
        })
    }
}
