//! Unblocking a task by hand, and taking that back.

use super::{settle::Look, turned_on};
use crate::{
    Actor, Services,
    journal::{Entry, Journal},
    tasks::{changeable, stale},
};
use domain::{
    Error, Result,
    activity::{Action, Change},
    dependency,
    ids::TaskId,
    permission::Permission,
    task::Task,
};
use store::Tx;

/// Lets a blocked task go on although its blockers are open, for a reason that everybody sees. It counts until another
/// blocker comes or opens again, until none is open, or until it is taken back.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Conflict`], [`Error::Invalid`] for the reason; [`Error::Refused`] with
/// `not_blocked`, `archived`, `deleted` or `turned_off`.
pub async fn unblock(
    services: &Services,
    actor: &Actor,
    (id, version): (TaskId, i64),
    reason: &str,
) -> Result<Task> {
    turned_on(services)?;
    let mut tx = services.db.write().await?;
    let found = changeable(&mut tx, actor, Permission::TaskUnblock, id).await?;
    let reason = dependency::reason(reason)?;
    let it = &found.task.summary;
    if it.version != version {
        return Err(stale(&found.task));
    }
    if !it.is_blocked() {
        return Err(Error::refused(
            "not_blocked",
            format!("{} is not blocked, so there is nothing to unblock. Load the page again.", it.key),
        ));
    }
    let mut journal = Journal::new(services, actor);
    let whose = (actor.user_id, reason.clone());
    store::dependencies::set_override(&mut tx, id, whose, services.now()).await?;
    Look::again(id, Some(reason)).at(&mut tx, &mut journal).await?;
    finish(tx, journal, id).await
}

/// Takes back that a task was unblocked by hand; does nothing if it was not.
///
/// # Errors
/// As [`unblock`].
pub async fn withdraw(services: &Services, actor: &Actor, (id, version): (TaskId, i64)) -> Result<Task> {
    turned_on(services)?;
    let mut tx = services.db.write().await?;
    let found = changeable(&mut tx, actor, Permission::TaskUnblock, id).await?;
    let it = &found.task.summary;
    if it.overridden_at.is_none() {
        return Ok(found.task);
    }
    if it.version != version {
        return Err(stale(&found.task));
    }
    let mut journal = Journal::new(services, actor);
    let withdrawn = Change::of("withdrawn", None, Some("by hand".into()));
    let entry = Entry::new(Action::OverrideEnded, &it.title).project(it.project_id).task(id);
    journal.add(entry.changes(withdrawn));
    store::dependencies::lapse(&mut tx, &[id]).await?;
    Look::again(id, None).at(&mut tx, &mut journal).await?;
    finish(tx, journal, id).await
}

async fn finish(mut tx: Tx, journal: Journal<'_>, id: TaskId) -> Result<Task> {
    let after = store::tasks::find(&mut tx, id).await?.ok_or_else(|| Error::not_found("task"))?;
    journal.commit(tx).await?;
    Ok(after.task)
}
