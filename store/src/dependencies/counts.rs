//! The numbers that tasks carry: their open blockers, and the open tasks that wait for them.

use crate::{
    db::{Result, Sql, Tx},
    tasks::padded,
};
use domain::ids::{ColumnId, ProjectId, TaskId};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A task that blocks another.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Edge {
    /// The one that blocks.
    pub blocker: TaskId,
    /// The one that waits.
    pub blocked: TaskId,
}

/// Tasks that turn together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Within {
    /// Those of a column.
    Column(ColumnId),
    /// Those of a project.
    Project(ProjectId),
}

/// Which tasks these tasks block, and which block them. Indices: `dependency_pk`, `dependency_by_target`.
pub async fn edges_of(tx: &mut Tx, tasks: &[TaskId]) -> Result<(Vec<Edge>, Vec<Edge>)> {
    let (mut down, mut up) = (Vec::new(), Vec::new());
    for chunk in tasks.chunks(1000) {
        let ids = padded(&chunk.iter().map(|id| id.uuid()).collect::<Vec<_>>());
        let sql = tx
            .compose("SELECT 0, source_id, target_id FROM dependency WHERE kind = 0 AND source_id IN ")
            .list(ids.clone())
            .push(
                " UNION ALL
                 SELECT 1, source_id, target_id FROM dependency WHERE kind = 0 AND target_id IN ",
            )
            .list(ids);
        let (more_down, more_up) = sides(tx.build(sql).all().await?);
        down.extend(more_down);
        up.extend(more_up);
    }
    Ok((down, up))
}

/// As [`edges_of`], of all active tasks of a column, or of the open ones of a project. Indices: `task_on_board`,
/// `task_by_number`, `dependency_pk`, `dependency_by_target`.
pub async fn edges_within(tx: &mut Tx, within: Within) -> Result<(Vec<Edge>, Vec<Edge>)> {
    let sql = tx.compose(
        "SELECT 0, d.source_id, d.target_id
         FROM task t
         JOIN dependency d ON d.source_id = t.id AND d.kind = 0
         WHERE t.lifecycle = 0",
    );
    let sql = within.restrict(sql).push(
        " UNION ALL
         SELECT 1, d.source_id, d.target_id
         FROM task t
         JOIN dependency d ON d.target_id = t.id AND d.kind = 0
         WHERE t.lifecycle = 0",
    );
    let sql = within.restrict(sql);
    let rows: Vec<(i64, Uuid, Uuid)> = tx.build(sql).all().await?;
    Ok(sides(rows))
}

/// The active tasks there that have, or seem to have, something in their way. Indices: `task_on_board`,
/// `task_by_number`.
pub async fn waiting_within(tx: &mut Tx, within: Within) -> Result<Vec<TaskId>> {
    let sql = tx.compose(
        "SELECT t.id
         FROM task t
         WHERE t.lifecycle = 0 AND (t.blocker_count > 0 OR t.blocked_since IS NOT NULL)",
    );
    let sql = within.restrict(sql);
    let rows: Vec<(Uuid,)> = tx.build(sql).all().await?;
    Ok(rows.into_iter().map(|(id,)| TaskId(id)).collect())
}

impl Within {
    fn restrict(self, sql: Sql) -> Sql {
        match self {
            Self::Column(column) => sql.bind(" AND t.column_id = ?", column.uuid()),
            Self::Project(project) => {
                sql.bind(" AND t.project_id = ?", project.uuid()).push(" AND t.category <> 'done'")
            }
        }
    }
}

fn sides(rows: Vec<(i64, Uuid, Uuid)>) -> (Vec<Edge>, Vec<Edge>) {
    let (mut down, mut up) = (Vec::new(), Vec::new());
    for (side, source, target) in rows {
        let edge = Edge { blocker: TaskId(source), blocked: TaskId(target) };
        if side == 0 { down.push(edge) } else { up.push(edge) }
    }
    (down, up)
}

/// Adds to the numbers of tasks: open blockers, open tasks that wait. Their versions stay: nobody's edit is in the way.
pub async fn add_counts(tx: &mut Tx, counts: &BTreeMap<TaskId, (i64, i64)>) -> Result<()> {
    let counts: Vec<_> = counts.iter().filter(|(_, by)| **by != (0, 0)).collect();
    for chunk in counts.chunks(500) {
        let mut sql = tx.compose("UPDATE task SET blocker_count = blocker_count + CASE id");
        for (id, (blockers, _)) in chunk {
            sql = sql.bind(" WHEN ?", id.uuid()).bind(" THEN ?", *blockers);
        }
        sql = sql.push(" ELSE 0 END, waiting_count = waiting_count + CASE id");
        for (id, (_, waiting)) in chunk {
            sql = sql.bind(" WHEN ?", id.uuid()).bind(" THEN ?", *waiting);
        }
        let sql = sql.push(" ELSE 0 END WHERE id IN ").list(chunk.iter().map(|(id, _)| id.uuid()));
        tx.build(sql).run().await?;
    }
    Ok(())
}
