//! What tasks carry about their dependencies, against what it should be.

use super::counts::Edge;
use crate::db::{Result, Tx};
use domain::ids::TaskId;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    project_key: String,
    number: i64,
    blocker_count: i64,
    blockers: i64,
    waiting_count: i64,
    waiting: i64,
    blocked: i64,
    should_block: i64,
}

/// A task that does not carry what it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The task.
    pub id: TaskId,
    /// Its readable key.
    pub key: String,
    /// Its open blockers: as noted, and as counted.
    pub blockers: (i64, i64),
    /// The open tasks that wait for it: as noted, and as counted.
    pub waiting: (i64, i64),
    /// Whether it is blocked: as noted, and as it follows from the rest.
    pub blocked: (bool, bool),
}

/// The first `limit` tasks whose numbers or state are not what follows from the dependencies; of what is put away only
/// the numbers. It reads all dependencies.
pub async fn differences(tx: &mut Tx, limit: i64) -> Result<Vec<Difference>> {
    let rows: Vec<Row> = tx
        .sql(
            "SELECT * FROM (
               SELECT t.id, p.project_key, t.number,
                 t.blocker_count, COALESCE(b.tasks, 0) AS blockers,
                 t.waiting_count, COALESCE(w.tasks, 0) AS waiting,
                 CASE WHEN t.blocked_since IS NULL THEN 0 ELSE 1 END AS blocked,
                 CASE WHEN t.lifecycle <> 0 OR p.lifecycle <> 0
                      THEN CASE WHEN t.blocked_since IS NULL THEN 0 ELSE 1 END
                      WHEN t.category <> 'done' AND COALESCE(b.tasks, 0) > 0 AND t.override_at IS NULL THEN 1
                      ELSE 0 END AS should_block,
                 CASE WHEN t.lifecycle = 0 AND p.lifecycle = 0 AND t.override_at IS NOT NULL
                        AND COALESCE(b.tasks, 0) = 0
                      THEN 1 ELSE 0 END AS lapsed
               FROM task t
               JOIN project p ON p.id = t.project_id
               LEFT JOIN (
                 SELECT d.target_id AS id, COUNT(*) AS tasks
                 FROM dependency d
                 JOIN task s ON s.id = d.source_id
                 JOIN project q ON q.id = s.project_id
                 WHERE d.kind = 0 AND s.lifecycle = 0 AND s.category <> 'done' AND q.lifecycle = 0
                 GROUP BY d.target_id
               ) b ON b.id = t.id
               LEFT JOIN (
                 SELECT d.source_id AS id, COUNT(*) AS tasks
                 FROM dependency d
                 JOIN task s ON s.id = d.target_id
                 JOIN project q ON q.id = s.project_id
                 WHERE d.kind = 0 AND s.lifecycle = 0 AND s.category <> 'done' AND q.lifecycle = 0
                 GROUP BY d.source_id
               ) w ON w.id = t.id
             ) it
             WHERE blocker_count <> blockers OR waiting_count <> waiting OR blocked <> should_block OR lapsed = 1
             ORDER BY project_key, number
             LIMIT ?",
        )
        .bind(limit)
        .all()
        .await?;
    let differences = rows.into_iter().map(|row| Difference {
        id: TaskId(row.id),
        key: format!("{}-{}", row.project_key, row.number),
        blockers: (row.blocker_count, row.blockers),
        waiting: (row.waiting_count, row.waiting),
        blocked: (row.blocked != 0, row.should_block != 0),
    });
    Ok(differences.collect())
}

/// Every dependency that blocks, and every sub-task with the task that it is part of.
pub async fn all_edges(tx: &mut Tx) -> Result<(Vec<Edge>, Vec<(TaskId, TaskId)>)> {
    let rows: Vec<(i64, Uuid, Uuid)> = tx
        .sql(
            "SELECT 0, source_id, target_id FROM dependency WHERE kind = 0
             UNION ALL
             SELECT 1, id, parent_id FROM task WHERE parent_id IS NOT NULL",
        )
        .all()
        .await?;
    let (edges, parts): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(part, _, _)| *part == 0);
    let edges = edges
        .into_iter()
        .map(|(_, source, target)| Edge { blocker: TaskId(source), blocked: TaskId(target) });
    Ok((edges.collect(), parts.into_iter().map(|(_, id, parent)| (TaskId(id), TaskId(parent))).collect()))
}

/// Takes from all tasks what they carry about their dependencies; the dependencies stay, and cards where they are.
pub async fn reset(tx: &mut Tx) -> Result<()> {
    tx.sql(
        "UPDATE task
         SET blocker_count = 0, waiting_count = 0, blocked_since = NULL, released_at = NULL, held_column_id = NULL,
           held_rank = NULL
         WHERE blocker_count <> 0 OR waiting_count <> 0 OR blocked_since IS NOT NULL OR released_at IS NOT NULL",
    )
    .run()
    .await
    .map(drop)
}
