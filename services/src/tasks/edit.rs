//! Changing a task's fields.

use super::{check, gate, history, ranks::Ranks, save::save};
use crate::{Actor, Services, authorize, dependencies::refuse_parent_loop};
use domain::{
    Result,
    ids::TaskId,
    permission::Permission,
    task::{EditTask, Task},
};
use store::{Tx, tasks::Found};

/// Changes a task: what the edit does not name stays. Another column puts it at that column's end.
///
/// # Errors
/// [`domain::Error::NotFound`], [`domain::Error::Forbidden`] for a part that needs another permission,
/// [`domain::Error::Invalid`], [`domain::Error::Conflict`]; [`domain::Error::Cycle`] for a parent that would wait for its own
/// sub-task; [`domain::Error::Blocked`]; [`domain::Error::Refused`] with `archived` or `deleted`.
pub async fn update(services: &Services, actor: &Actor, id: TaskId, edit: EditTask) -> Result<Task> {
    let mut tx = services.db.write().await?;
    let found = gate::readable(&mut tx, actor, id).await?;
    for permission in needed(&found.task, &edit) {
        authorize::in_project(actor, permission, found.project.id, "task")?;
    }
    gate::found_in_use(&found)?;
    if found.task.summary.version != edit.version {
        return Err(gate::stale(&found.task));
    }
    let after = edited(&mut tx, (services, actor), &found, &edit).await?;
    save(tx, services, actor, (&found, after)).await
}

/// What someone needs for this edit: only for what it really changes, so that a form that sends everything back does
/// not fail on what nobody touched.
fn needed(task: &Task, edit: &EditTask) -> Vec<Permission> {
    let it = &task.summary;
    let other_people = edit.assignees.as_ref().is_some_and(|ids| {
        ids.len() != it.assignees.len() || it.assignees.iter().any(|person| !ids.contains(&person.id))
    });
    let other_column = edit.column_id.is_some_and(|column| column != it.column_id);
    let fields = EditTask { version: 0, assignees: None, column_id: None, ..edit.clone() };
    let mut needed = Vec::new();
    if other_people {
        needed.push(Permission::TaskAssign);
    }
    if other_column {
        needed.push(Permission::TaskMove);
    }
    if fields != EditTask::default() || needed.is_empty() {
        needed.push(Permission::TaskUpdate);
    }
    needed
}

async fn edited(
    tx: &mut Tx,
    (services, actor): (&Services, &Actor),
    found: &Found,
    edit: &EditTask,
) -> Result<Task> {
    let mut task = found.task.clone();
    let project = found.project.id;
    if let Some(description) = &edit.description {
        task.description.clone_from(description);
    }
    let it = &mut task.summary;
    if let Some(title) = &edit.title {
        it.title.clone_from(title);
    }
    it.priority = edit.priority.unwrap_or(it.priority);
    it.start_on = edit.start_on.unwrap_or(it.start_on);
    it.due_on = edit.due_on.unwrap_or(it.due_on);
    it.estimate_minutes = edit.estimate_minutes.unwrap_or(it.estimate_minutes);
    check::fields(&mut task)?;
    let it = &mut task.summary;
    if let Some(ids) = &edit.assignees {
        it.assignees = check::assignees(tx, project, ids, &it.assignees).await?;
    }
    if let Some(ids) = &edit.labels {
        it.labels = check::labels(tx, project, ids).await?;
    }
    if let Some(parent) = edit.parent_id.filter(|parent| *parent != it.parent_id) {
        if let Some(parent) = parent {
            check::parent(tx, project, parent, Some(it.id)).await?;
            refuse_parent_loop(tx, (services, actor), (it.id, it.parent_id, parent)).await?;
        }
        it.parent_id = parent;
    }
    if let Some(column) = edit.column_id.filter(|column| *column != it.column_id) {
        let ground = store::tasks::ground(tx, project).await?.ok_or_else(gate::not_found)?;
        let mut ranks = Ranks::new(ground.ends);
        let column = ranks.column(column)?;
        let rank = ranks.at_end(tx, column.id).await?;
        history::put_in(it, &column, rank, services.now());
    }
    Ok(task)
}
