//! Looking at a task's dependencies.

use super::turned_on;
use crate::{Actor, Services, tasks::readable};
use domain::{
    Result,
    dependency::{Dependencies, LinkedTask},
    ids::TaskId,
    permission::Permission,
    task::TaskSummary,
};
use store::Tx;

/// What a task waits for, holds up and is linked to.
///
/// # Errors
/// [`domain::Error::NotFound`]; [`domain::Error::Refused`] with `turned_off`.
pub async fn find(services: &Services, actor: &Actor, task: TaskId) -> Result<Dependencies> {
    turned_on(services)?;
    services
        .read_listed(actor, |mut tx| async move {
            let found = readable(&mut tx, actor, task).await?;
            of(&mut tx, actor, &found.task.summary).await
        })
        .await
}

/// The dependencies of a task that was just read, for someone who was let in.
pub(crate) async fn of(tx: &mut Tx, actor: &Actor, task: &TaskSummary) -> Result<Dependencies> {
    let unblocked = match task.overridden_at {
        Some(_) => store::dependencies::standing(tx, task.id).await?.1,
        None => None,
    };
    let tasks = linked(tx, actor, task.id).await?;
    Ok(Dependencies { tasks, blocked_since: task.blocked_since, unblocked })
}

/// The dependencies of a task as they are now, for someone who was let in.
pub(super) async fn look(tx: &mut Tx, actor: &Actor, task: TaskId) -> Result<Dependencies> {
    let (blocked_since, unblocked) = store::dependencies::standing(tx, task).await?;
    Ok(Dependencies { tasks: linked(tx, actor, task).await?, blocked_since, unblocked })
}

async fn linked(tx: &mut Tx, actor: &Actor, task: TaskId) -> Result<Vec<LinkedTask>> {
    let linked = store::dependencies::linked(tx, task).await?;
    let readable = linked.into_iter().map(|(project, mut task)| {
        task.title = task.title.filter(|_| actor.allows(Permission::ProjectView, project));
        task
    });
    Ok(readable.collect())
}
