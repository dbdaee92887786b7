//! Who gets at a task: what every use case about one asks first.

use crate::{Actor, authorize};
use domain::{
    Error, Result,
    ids::{ProjectId, TaskId},
    permission::Permission,
    task::{Lifecycle, Task},
};
use store::{
    Tx,
    tasks::{Found, Ground},
};

/// The task, if the actor may see it.
///
/// # Errors
/// [`Error::NotFound`]; also for a deleted task, unless they may delete tasks there.
pub(crate) async fn readable(tx: &mut Tx, actor: &Actor, id: TaskId) -> Result<Found> {
    let found = store::tasks::find(tx, id).await?.ok_or_else(not_found)?;
    check(actor, &found)?;
    Ok(found)
}

/// The task, if the actor may do `permission` to it and neither it nor its project is put away.
///
/// # Errors
/// As [`readable`]; [`Error::Forbidden`]; [`Error::Refused`] with `archived` or `deleted`.
pub(crate) async fn changeable(
    tx: &mut Tx,
    actor: &Actor,
    permission: Permission,
    id: TaskId,
) -> Result<Found> {
    let found = readable(tx, actor, id).await?;
    changeable_found(actor, permission, found)
}

/// As [`changeable`], of a task that was read already.
///
/// # Errors
/// As [`changeable`].
pub(crate) fn changeable_found(actor: &Actor, permission: Permission, found: Found) -> Result<Found> {
    authorize::in_project(actor, permission, found.project.id, "task")?;
    found_in_use(&found)?;
    Ok(found)
}

/// Lets through a task in use, of a project in use.
///
/// # Errors
/// [`Error::Refused`] with `archived` or `deleted`.
pub(crate) fn found_in_use(found: &Found) -> Result<()> {
    project_in_use(found.project_lifecycle)?;
    in_use(&found.task)
}

/// Lets through whoever may see a task that was read already.
///
/// # Errors
/// As [`readable`].
pub(super) fn check(actor: &Actor, found: &Found) -> Result<()> {
    let project = found.project.id;
    authorize::in_project(actor, Permission::ProjectView, project, "task")?;
    let hidden =
        |lifecycle, permission| lifecycle == Lifecycle::Deleted && !actor.allows(permission, project);
    if hidden(found.project_lifecycle, Permission::ProjectDelete)
        || hidden(found.task.summary.lifecycle, Permission::TaskDelete)
    {
        return Err(not_found());
    }
    Ok(())
}

/// The columns of a project in which the actor may do `permission` and which is not put away.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] with `archived` or `deleted`.
pub(super) async fn ground(
    tx: &mut Tx,
    actor: &Actor,
    permission: Permission,
    project: ProjectId,
) -> Result<Ground> {
    authorize::in_project(actor, permission, project, "project")?;
    let ground = store::tasks::ground(tx, project).await?;
    let ground = ground.ok_or_else(|| Error::not_found("project"))?;
    if ground.lifecycle == Lifecycle::Deleted && !actor.allows(Permission::ProjectDelete, project) {
        return Err(Error::not_found("project"));
    }
    project_in_use(ground.lifecycle)?;
    Ok(ground)
}

/// Lets through what belongs to a project in use.
///
/// # Errors
/// [`Error::Refused`] with `archived` or `deleted`.
pub(super) fn project_in_use(lifecycle: Lifecycle) -> Result<()> {
    match lifecycle {
        Lifecycle::Active => Ok(()),
        Lifecycle::Archived => Err(Error::refused(
            "archived",
            "This project is archived, so nothing in it changes. Unarchive it first.",
        )),
        Lifecycle::Deleted => Err(Error::refused("deleted", "This project is deleted. Restore it first.")),
    }
}

/// Lets through a task in use.
///
/// # Errors
/// [`Error::Refused`] with `archived` or `deleted`.
pub(super) fn in_use(task: &Task) -> Result<()> {
    let key = &task.summary.key;
    match task.summary.lifecycle {
        Lifecycle::Active => Ok(()),
        Lifecycle::Archived => Err(Error::refused(
            "archived",
            format!("{key} is archived, so it does not change. Unarchive it first."),
        )),
        Lifecycle::Deleted => Err(Error::refused("deleted", format!("{key} is deleted. Restore it first."))),
    }
}

/// What an editor with an old version gets.
pub(crate) fn stale(current: &Task) -> Error {
    Error::conflict("task", serde_json::to_string(current).unwrap_or_default())
}

pub(super) fn not_found() -> Error {
    Error::not_found("task")
}
