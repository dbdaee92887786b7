//! The people and labels on cards, read for a whole page at once.

use super::padded;
use crate::db::{Result, Tx};
use domain::{
    ids::{LabelId, ProjectId, UserId},
    label::Label,
    palette::Colour,
    task::TaskSummary,
    user::UserRef,
};
use std::collections::HashMap;
use uuid::Uuid;

/// A person or a label: `project_id` is a label's.
#[derive(sqlx::FromRow)]
struct Row {
    task_id: Uuid,
    id: Uuid,
    project_id: Option<Uuid>,
    name: String,
    other: String,
    version: i64,
}

/// Fills in the assignees and labels of tasks, both by name, in one statement.
/// Indices: `task_assignee_pk`, `task_label_pk`.
pub(super) async fn fill<'t>(tx: &mut Tx, tasks: impl Iterator<Item = &'t mut TaskSummary>) -> Result<()> {
    let mut by_id: HashMap<Uuid, &mut TaskSummary> = tasks.map(|task| (task.id.uuid(), task)).collect();
    if by_id.is_empty() {
        return Ok(());
    }
    let ids = padded(&by_id.keys().copied().collect::<Vec<_>>());
    let sql = tx
        .compose(
            "SELECT a.task_id, u.id, NULL AS project_id, u.display_name AS name, u.username AS other, u.version
             FROM task_assignee a
             JOIN person u ON u.id = a.user_id
             WHERE a.task_id IN ",
        )
        .list(ids.clone())
        .push(
            " UNION ALL
             SELECT tl.task_id, l.id, l.project_id, l.name, l.colour, l.version
             FROM task_label tl
             JOIN label l ON l.id = tl.label_id
             WHERE tl.task_id IN ",
        )
        .list(ids)
        .push(" ORDER BY name, id");
    let rows: Vec<Row> = tx.build(sql).all().await?;
    for row in rows {
        if let Some(task) = by_id.get_mut(&row.task_id) {
            row.put_on(task);
        }
    }
    Ok(())
}

impl Row {
    fn put_on(self, task: &mut TaskSummary) {
        match self.project_id {
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
