//! Who gets at a project: what every use case about something in a project asks first.

use crate::{Actor, authorize};
use domain::{
    Error, Result,
    ids::ProjectId,
    permission::Permission,
    project::{Lifecycle, Project},
    validate,
};
use store::Tx;

/// The project, if the actor may see it; `members` is empty.
///
/// # Errors
/// [`Error::NotFound`]; also for a deleted project, unless they may delete projects there.
pub(crate) async fn readable(tx: &mut Tx, actor: &Actor, id: ProjectId) -> Result<Project> {
    let project = store::projects::find(tx, id).await?.ok_or_else(|| Error::not_found("project"))?;
    check(actor, &project)?;
    Ok(project)
}

/// As [`readable`], by a key in capitals or not.
///
/// # Errors
/// As [`readable`].
pub(super) async fn readable_by_key(tx: &mut Tx, actor: &Actor, key: &str) -> Result<Project> {
    let not_found = || Error::not_found("project");
    let key = validate::project_key(key).map_err(|_| not_found())?;
    let project = store::projects::find_by_key(tx, &key).await?.ok_or_else(not_found)?;
    check(actor, &project)?;
    Ok(project)
}

/// The project, if the actor may do `permission` in it and it is neither archived nor deleted; `members` is empty.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] with `archived` or `deleted`.
pub(crate) async fn changeable(
    tx: &mut Tx,
    actor: &Actor,
    permission: Permission,
    id: ProjectId,
) -> Result<Project> {
    let project = readable(tx, actor, id).await?;
    authorize::in_project(actor, permission, id, "project")?;
    match project.lifecycle {
        Lifecycle::Active => Ok(project),
        Lifecycle::Archived => Err(Error::refused(
            "archived",
            "This project is archived, so nothing in it changes. Unarchive it first.",
        )),
        Lifecycle::Deleted => Err(deleted()),
    }
}

/// Lets through whoever may see a project that was read already.
///
/// # Errors
/// As [`readable`].
pub(crate) fn check(actor: &Actor, project: &Project) -> Result<()> {
    authorize::in_project(actor, Permission::ProjectView, project.id, "project")?;
    let hidden =
        project.lifecycle == Lifecycle::Deleted && !actor.allows(Permission::ProjectDelete, project.id);
    if hidden { Err(Error::not_found("project")) } else { Ok(()) }
}

/// What a deleted project answers to whoever may bring it back.
pub(super) fn deleted() -> Error {
    Error::refused("deleted", "This project is deleted. Restore it first.")
}
