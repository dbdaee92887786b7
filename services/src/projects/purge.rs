//! Removing for good what was deleted and has rested.

use crate::{
    Actor, Services,
    journal::{Entry, Journal},
};
use domain::{
    Result, Timestamp,
    activity::{Action, Change},
    ids::ProjectId,
    limits,
    project::Lifecycle,
};
use store::{Tx, resting};

/// Rows of one call, so that nobody waits long behind it.
const PIECE: usize = 200;
/// Notifications of one call.
const TOLD: usize = 1_000;

/// Removes a piece of what was deleted 30 days ago or earlier, projects and single tasks, and gives how many of both, or
/// of the notifications about them, which go first; 0 says that there is nothing left to do.
///
/// # Errors
/// What the database says.
pub async fn purge(services: &Services) -> Result<u64> {
    let until = services.now().plus_seconds(-limits::REST_DAYS * 24 * 60 * 60);
    if nothing_rested(services, until).await? {
        return Ok(0);
    }
    let system = Actor::system();
    let mut journal = Journal::new(services, &system);
    let mut tx = services.db.write().await?;
    let removed = match resting::project(&mut tx, until).await? {
        Some((id, name)) => remove_project(&mut tx, &mut journal, id, name).await?,
        None => remove_tasks(&mut tx, &mut journal, until).await?,
    };
    journal.commit(tx).await?;
    Ok(u64::try_from(removed).unwrap_or(u64::MAX))
}

/// Asked without the lock of writers.
async fn nothing_rested(services: &Services, until: Timestamp) -> Result<bool> {
    let mut tx = services.db.read().await?;
    Ok(resting::project(&mut tx, until).await?.is_none()
        && resting::tasks(&mut tx, until, 1).await?.is_empty())
}

/// First what was said of it, then its tasks, in pieces, then the project.
async fn remove_project(
    tx: &mut Tx,
    journal: &mut Journal<'_>,
    id: ProjectId,
    name: String,
) -> Result<usize> {
    let told = store::notifications::remove_of_project(tx, id, limit(TOLD)).await?;
    if told == TOLD {
        return Ok(told);
    }
    let tasks = resting::tasks_of(tx, id, limit(PIECE)).await?;
    if !tasks.is_empty() {
        resting::remove_tasks(tx, &tasks).await?;
    }
    if tasks.len() == PIECE {
        return Ok(tasks.len());
    }
    store::notifications::remove_choices(tx, id).await?;
    resting::remove_project(tx, id).await?;
    journal.add(Entry::new(Action::ProjectDeleted, name).project(id).changes(for_good()));
    Ok(tasks.len() + 1)
}

async fn remove_tasks(tx: &mut Tx, journal: &mut Journal<'_>, until: Timestamp) -> Result<usize> {
    let tasks = resting::tasks(tx, until, limit(PIECE)).await?;
    if tasks.is_empty() {
        return Ok(0);
    }
    let ids: Vec<_> = tasks.iter().map(|task| task.id).collect();
    let told = store::notifications::remove_of_tasks(tx, &ids, limit(TOLD)).await?;
    if told == TOLD {
        return Ok(told);
    }
    resting::remove_tasks(tx, &ids).await?;
    let removed = tasks.len();
    for task in tasks {
        let entry = Entry::new(Action::TaskDeleted, task.title).project(task.project_id);
        journal.add(entry.task(task.id).changes(for_good()));
    }
    Ok(removed)
}

fn for_good() -> Option<Change> {
    Change::of("lifecycle", Some(Lifecycle::Deleted.as_str().into()), None)
}

fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}
