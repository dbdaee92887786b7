//! The people, labels and blockers on cards, read for a whole page at once.

use super::padded;
use crate::db::{Result, Sql, Tx};
use domain::{
    ids::{LabelId, ProjectId, UserId},
    label::Label,
    palette::Colour,
    task::TaskSummary,
    user::UserRef,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Blockers that a card names; it knows how many there are.
const NAMED: usize = 3;

/// A person (0), a label (1) or an open blocker (2). `project_id` is a label's; a blocker's key is its name and version.
#[derive(sqlx::FromRow)]
struct Row {
    kind: i64,
    task_id: Uuid,
    id: Uuid,
    project_id: Option<Uuid>,
    name: String,
    other: String,
    version: i64,
}

/// Fills in the assignees and labels of tasks, both by name, and the first open blockers of blocked ones, in one
/// statement. Indices: `task_assignee_pk`, `task_label_pk`, `dependency_by_target`.
pub(super) async fn fill<'t>(tx: &mut Tx, tasks: impl Iterator<Item = &'t mut TaskSummary>) -> Result<()> {
    let mut by_id: HashMap<Uuid, &mut TaskSummary> = tasks.map(|task| (task.id.uuid(), task)).collect();
    if by_id.is_empty() {
        return Ok(());
    }
    let blocked: Vec<Uuid> = by_id.values().filter(|it| it.is_blocked()).map(|it| it.id.uuid()).collect();
    let ids = padded(&by_id.keys().copied().collect::<Vec<_>>());
    // Few people and labels: MySQL would begin with those, and read everything that each is on.
    let then = tx.dialect().join_in_order();
    let sql = tx
        .compose(
            "SELECT 0 AS kind, a.task_id, u.id, NULL AS project_id, u.display_name AS name, u.username AS other, u.version
             FROM task_assignee a",
        )
        .push(then)
        .push("person u ON u.id = a.user_id WHERE a.task_id IN ")
        .list(ids.clone())
        .push(
            " UNION ALL
             SELECT 1, tl.task_id, l.id, l.project_id, l.name, l.colour, l.version
             FROM task_label tl",
        )
        .push(then)
        .push("label l ON l.id = tl.label_id WHERE tl.task_id IN ")
        .list(ids);
    let sql = if blocked.is_empty() { sql } else { with_blockers(sql, then, &blocked) };
    let sql = sql.push(" ORDER BY name, version, id");
    let rows: Vec<Row> = tx.build(sql).all().await?;
    for row in rows {
        if let Some(task) = by_id.get_mut(&row.task_id) {
            row.put_on(task);
        }
    }
    Ok(())
}

fn with_blockers(sql: Sql, then: &'static str, blocked: &[Uuid]) -> Sql {
    sql.push(" UNION ALL SELECT 2, d.target_id, s.id, NULL, p.project_key, '', s.number FROM dependency d")
        .push(then)
        .push("task s ON s.id = d.source_id")
        .push(then)
        .push(
            "project p ON p.id = s.project_id
             WHERE d.kind = 0 AND s.lifecycle = 0 AND s.category <> 'done' AND p.lifecycle = 0 AND d.target_id IN ",
        )
        .list(padded(blocked))
}

impl Row {
    fn put_on(self, task: &mut TaskSummary) {
        match self.project_id {
            None if self.kind == 2 => {
                if task.blockers.len() < NAMED {
                    task.blockers.push(format!("{}-{}", self.name, self.version));
                }
            }
            None => task.assignees.push(UserRef {
                id: UserId(self.id),
                username: self.other,
                display_name: self.name,
            }),
            Some(project) => task.labels.push(Label {
                id: LabelId(self.id),
                project_id: ProjectId(project),
                name: self.name,
                colour: Colour::parse(&self.other).unwrap_or_default(),
                version: self.version,
            }),
        }
    }
}
