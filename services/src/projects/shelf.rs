//! Putting projects away and getting them back.

use super::{
    gate::{deleted, readable},
    stale, with_faces,
};
use crate::{
    Actor, Services, authorize, dependencies,
    journal::{Entry, Journal},
    urgent,
};
use domain::{
    Error, Result,
    activity::{Action, Change},
    ids::ProjectId,
    permission::Permission,
    project::{Lifecycle, Project},
};

/// One way on or off the shelf.
struct Step {
    permission: Permission,
    action: Action,
    /// Leads to this, from anywhere but `not_from`.
    to: Lifecycle,
    not_from: Lifecycle,
}

/// Puts a project away: readable, not in lists, unchanged until it is unarchived.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Conflict`]; [`Error::Refused`] if it is deleted.
pub async fn archive(services: &Services, actor: &Actor, id: ProjectId, version: i64) -> Result<Project> {
    let step = Step {
        permission: Permission::ProjectArchive,
        action: Action::ProjectArchived,
        to: Lifecycle::Archived,
        not_from: Lifecycle::Deleted,
    };
    take(services, actor, (id, version), step).await
}

/// Gets an archived project back into use.
///
/// # Errors
/// As [`archive`].
pub async fn unarchive(services: &Services, actor: &Actor, id: ProjectId, version: i64) -> Result<Project> {
    let step = Step {
        permission: Permission::ProjectArchive,
        action: Action::ProjectRestored,
        to: Lifecycle::Active,
        not_from: Lifecycle::Deleted,
    };
    take(services, actor, (id, version), step).await
}

/// Deletes a project: it rests 30 days, seen only by those who may delete it, and can be restored.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Conflict`].
pub async fn delete(services: &Services, actor: &Actor, id: ProjectId, version: i64) -> Result<Project> {
    let step = Step {
        permission: Permission::ProjectDelete,
        action: Action::ProjectDeleted,
        to: Lifecycle::Deleted,
        not_from: Lifecycle::Deleted,
    };
    take(services, actor, (id, version), step).await
}

/// Gets a deleted project back into use.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Conflict`]; [`Error::Refused`] if it is archived, not deleted.
pub async fn restore(services: &Services, actor: &Actor, id: ProjectId, version: i64) -> Result<Project> {
    let step = Step {
        permission: Permission::ProjectDelete,
        action: Action::ProjectRestored,
        to: Lifecycle::Active,
        not_from: Lifecycle::Archived,
    };
    take(services, actor, (id, version), step).await
}

async fn take(
    services: &Services,
    actor: &Actor,
    (id, version): (ProjectId, i64),
    step: Step,
) -> Result<Project> {
    let mut tx = services.db.write().await?;
    let before = readable(&mut tx, actor, id).await?;
    authorize::in_project(actor, step.permission, id, "project")?;
    if before.lifecycle == step.to {
        // Done already: the same request, sent twice.
        return with_faces(&mut tx, before).await;
    }
    if before.lifecycle == step.not_from {
        return Err(wrong_way(before.lifecycle));
    }
    if before.version != version {
        return Err(stale(&mut tx, before).await);
    }
    let after = Project {
        lifecycle: step.to,
        urgent_since: before.urgent_since.filter(|_| step.to == Lifecycle::Active),
        updated_at: services.now(),
        version: before.version + 1,
        ..before.clone()
    };
    if !store::projects::update(&mut tx, &after, version).await? {
        return Err(stale(&mut tx, before).await);
    }
    let after = with_faces(&mut tx, after).await?;
    let [from, to] = [&before, &after].map(|project| Some(project.lifecycle.as_str().to_owned()));
    let change = Change::of("lifecycle", from, to);
    let mut journal = Journal::new(services, actor);
    journal.add(Entry::new(step.action, &after.name).project(id).changes(change));
    let in_use = [&before, &after].map(|project| project.lifecycle == Lifecycle::Active);
    if in_use[0] != in_use[1] {
        dependencies::project_turned(&mut tx, &mut journal, id, in_use[1]).await?;
    }
    let people = urgent::project_turned(&mut tx, &mut journal, id, in_use[1]).await?;
    journal.commit(tx).await?;
    urgent::tell(services, people);
    Ok(after)
}

fn wrong_way(stands: Lifecycle) -> Error {
    if stands == Lifecycle::Deleted {
        deleted()
    } else {
        Error::refused("archived", "This project is archived, not deleted. Unarchive it instead.")
    }
}
