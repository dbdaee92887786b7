//! Walking from task to task: along what blocks what, and from sub-tasks to the tasks that they are part of.

use crate::{
    db::{Result, Sql, Tx},
    tasks::padded,
};
use domain::{dependency::Step, ids::TaskId};
use uuid::Uuid;

/// Which way to walk.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Direction {
    /// To what has to come after.
    Down,
    /// To what has to come before.
    Up,
}

/// Along what to walk, and how far at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Walk {
    /// Which way.
    pub direction: Direction,
    /// Whether also between sub-tasks and what they are part of.
    pub parts: bool,
    /// How many steps further than the given tasks. A few: a task that is reached in several numbers of steps is
    /// walked over as many times.
    pub steps: i64,
}

/// One step from a task to one that comes after it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Strand {
    /// The task that comes first.
    pub from: TaskId,
    /// The task that comes after.
    pub to: TaskId,
    /// Why.
    pub step: Step,
}

#[derive(sqlx::FromRow)]
struct Row {
    from_id: Uuid,
    to_id: Uuid,
    step: i64,
}

/// All strands that lead in one direction away from tasks and from those up to `walk.steps` further, whatever the state
/// of the tasks: what is deleted may come back. Indices: down `dependency_pk`, `task_pk`; up `dependency_by_target`,
/// `task_by_parent`.
pub async fn strands(tx: &mut Tx, walk: Walk, tasks: &[TaskId]) -> Result<Vec<Strand>> {
    let mut strands = Vec::new();
    for chunk in tasks.chunks(1000) {
        let ids = padded(&chunk.iter().map(|id| id.uuid()).collect::<Vec<_>>());
        let sql = match walk.steps {
            0 => near(tx, walk, ids),
            _ => far(tx, walk, ids),
        };
        let rows: Vec<Row> = tx.build(sql).all().await?;
        strands.extend(rows.into_iter().map(|row| Strand {
            from: TaskId(row.from_id),
            to: TaskId(row.to_id),
            step: if row.step == 0 { Step::Blocks } else { Step::PartOf },
        }));
    }
    Ok(strands)
}

/// The statement for the tasks themselves.
fn near(tx: &Tx, walk: Walk, ids: Vec<Uuid>) -> Sql {
    let blocks = match walk.direction {
        Direction::Down => {
            "SELECT source_id AS from_id, target_id AS to_id, 0 AS step
             FROM dependency
             WHERE kind = 0 AND source_id IN "
        }
        Direction::Up => {
            "SELECT source_id AS from_id, target_id AS to_id, 0 AS step
             FROM dependency
             WHERE kind = 0 AND target_id IN "
        }
    };
    let sql = tx.compose(blocks).list(ids.clone());
    let sql = match (walk.parts, walk.direction) {
        (false, _) => return sql,
        (true, Direction::Down) => {
            sql.push(" UNION ALL SELECT id, parent_id, 1 FROM task WHERE parent_id IS NOT NULL AND id IN ")
        }
        (true, Direction::Up) => sql
            .push(" UNION ALL SELECT id, parent_id, 1 FROM task")
            .push(tx.dialect().by_parent())
            .push(" WHERE parent_id IN "),
    };
    sql.list(ids)
}

/// The statement for the tasks and those up to `walk.steps` further.
fn far(tx: &Tx, walk: Walk, ids: Vec<Uuid>) -> Sql {
    let sql =
        tx.compose("WITH RECURSIVE walk (id, steps) AS (SELECT id, 0 FROM task WHERE id IN ").list(ids).bind(
            match walk.direction {
                Direction::Down => {
                    " UNION
                      SELECT d.target_id, w.steps + 1
                      FROM walk w
                      JOIN dependency d ON d.source_id = w.id AND d.kind = 0
                      WHERE w.steps < ?"
                }
                Direction::Up => {
                    " UNION
                      SELECT d.source_id, w.steps + 1
                      FROM walk w
                      JOIN dependency d ON d.target_id = w.id AND d.kind = 0
                      WHERE w.steps < ?"
                }
            },
            walk.steps,
        );
    let sql = match (walk.parts, walk.direction) {
        (false, _) => sql,
        (true, Direction::Down) => sql.bind(
            " UNION
              SELECT t.parent_id, w.steps + 1
              FROM walk w
              JOIN task t ON t.id = w.id
              WHERE t.parent_id IS NOT NULL AND w.steps < ?",
            walk.steps,
        ),
        (true, Direction::Up) => sql
            .push(" UNION SELECT t.id, w.steps + 1 FROM walk w JOIN task t")
            .push(tx.dialect().by_parent())
            .bind(" ON t.parent_id = w.id WHERE w.steps < ?", walk.steps),
    };
    let sql = sql.push(match walk.direction {
        Direction::Down => {
            ") SELECT d.source_id AS from_id, d.target_id AS to_id, 0 AS step
               FROM (SELECT DISTINCT id FROM walk) w
               JOIN dependency d ON d.source_id = w.id AND d.kind = 0"
        }
        Direction::Up => {
            ") SELECT d.source_id AS from_id, d.target_id AS to_id, 0 AS step
               FROM (SELECT DISTINCT id FROM walk) w
               JOIN dependency d ON d.target_id = w.id AND d.kind = 0"
        }
    });
    match (walk.parts, walk.direction) {
        (false, _) => sql,
        (true, Direction::Down) => sql.push(
            " UNION ALL
              SELECT t.id, t.parent_id, 1
              FROM (SELECT DISTINCT id FROM walk) w
              JOIN task t ON t.id = w.id
              WHERE t.parent_id IS NOT NULL",
        ),
        (true, Direction::Up) => sql
            .push(" UNION ALL SELECT t.id, t.parent_id, 1 FROM (SELECT DISTINCT id FROM walk) w JOIN task t")
            .push(tx.dialect().by_parent())
            .push(" ON t.parent_id = w.id"),
    }
}
