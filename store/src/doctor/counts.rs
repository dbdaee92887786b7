//! The numbers that projects, columns and tasks carry so that no list has to count, against what counting gives.

use crate::db::{Result, Sql, Tx};
use uuid::Uuid;

/// Rows whose numbers are not what counting gives.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Off {
    projects: Vec<Uuid>,
    columns: Vec<Uuid>,
    tasks: Vec<Uuid>,
}

impl Off {
    /// How many projects, columns and tasks.
    pub const fn counts(&self) -> (usize, usize, usize) {
        (self.projects.len(), self.columns.len(), self.tasks.len())
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        matches!(self.counts(), (0, 0, 0))
    }
}

/// The first `limit` projects, columns and tasks whose numbers are off.
pub async fn off(tx: &mut Tx, limit: i64) -> Result<Off> {
    let projects = tx
        .sql(
            "SELECT p.id FROM project p
             WHERE p.open_count <> (SELECT COUNT(*) FROM task t
                 WHERE t.project_id = p.id AND t.lifecycle = 0 AND t.category <> 'done')
               OR p.done_count <> (SELECT COUNT(*) FROM task t
                 WHERE t.project_id = p.id AND t.lifecycle = 0 AND t.category = 'done')
               OR p.member_count <> (SELECT COUNT(DISTINCT m.user_id) FROM project_member m
                 WHERE m.project_id = p.id)
               OR p.next_number <= (SELECT COALESCE(MAX(t.number), 0) FROM task t WHERE t.project_id = p.id)
             LIMIT ?",
        )
        .bind(limit);
    let projects = ids(projects.all().await?);
    let columns = tx
        .sql(
            "SELECT c.id FROM board_column c
             WHERE c.task_count <> (SELECT COUNT(*) FROM task t WHERE t.column_id = c.id AND t.lifecycle = 0)
             LIMIT ?",
        )
        .bind(limit);
    let columns = ids(columns.all().await?);
    let tasks = tx
        .sql(
            "SELECT p.id FROM task p
             LEFT JOIN (
               SELECT parent_id, COUNT(*) AS children, CAST(SUM(CASE WHEN category = 'done' THEN 1 ELSE 0 END) AS SIGNED) AS done
               FROM task WHERE parent_id IS NOT NULL AND lifecycle = 0 GROUP BY parent_id
             ) n ON n.parent_id = p.id
             LEFT JOIN (SELECT task_id, COUNT(*) AS comments FROM comment GROUP BY task_id) c ON c.task_id = p.id
             WHERE p.child_count <> COALESCE(n.children, 0) OR p.child_done_count <> COALESCE(n.done, 0)
               OR p.comment_count <> COALESCE(c.comments, 0)
             LIMIT ?",
        )
        .bind(limit);
    let tasks = ids(tasks.all().await?);
    Ok(Off { projects, columns, tasks })
}

fn ids(rows: Vec<(Uuid,)>) -> Vec<Uuid> {
    rows.into_iter().map(|(id,)| id).collect()
}

/// Counts anew for these rows.
pub async fn recount(tx: &mut Tx, off: &Off) -> Result<()> {
    let projects = tx
        .compose(
            "UPDATE project
             SET open_count = (SELECT COUNT(*) FROM task t
                 WHERE t.project_id = project.id AND t.lifecycle = 0 AND t.category <> 'done'),
               done_count = (SELECT COUNT(*) FROM task t
                 WHERE t.project_id = project.id AND t.lifecycle = 0 AND t.category = 'done'),
               member_count = (SELECT COUNT(DISTINCT m.user_id) FROM project_member m
                 WHERE m.project_id = project.id),
               next_number = CASE WHEN next_number > (SELECT COALESCE(MAX(t.number), 0) FROM task t
                 WHERE t.project_id = project.id) THEN next_number ELSE (SELECT COALESCE(MAX(t.number), 0) + 1 FROM task t
                 WHERE t.project_id = project.id) END",
        );
    run(tx, projects, &off.projects).await?;
    let columns = tx.compose(
        "UPDATE board_column
         SET task_count = (SELECT COUNT(*) FROM task t WHERE t.column_id = board_column.id AND t.lifecycle = 0)",
    );
    run(tx, columns, &off.columns).await?;
    // MySQL reads a table that it changes only through another one.
    let tasks = tx.compose(
        "UPDATE task
         SET child_count = COALESCE((SELECT n.children FROM (
             SELECT parent_id, COUNT(*) AS children FROM task
             WHERE parent_id IS NOT NULL AND lifecycle = 0 GROUP BY parent_id) n WHERE n.parent_id = task.id), 0),
           child_done_count = COALESCE((SELECT n.children FROM (
             SELECT parent_id, COUNT(*) AS children FROM task
             WHERE parent_id IS NOT NULL AND lifecycle = 0 AND category = 'done' GROUP BY parent_id) n
             WHERE n.parent_id = task.id), 0),
           comment_count = (SELECT COUNT(*) FROM comment c WHERE c.task_id = task.id)",
    );
    run(tx, tasks, &off.tasks).await
}

async fn run(tx: &mut Tx, sql: Sql, ids: &[Uuid]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    tx.build(sql.push(" WHERE id IN ").list(ids.iter().copied())).run().await.map(drop)
}
