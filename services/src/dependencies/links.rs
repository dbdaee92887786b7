//! Adding and removing dependencies.

use super::{
    settle::Look,
    turned_on,
    view::look,
    web::{Web, refuse_loop},
};
use crate::{
    Actor, Services, authorize,
    journal::{Entry, Journal},
    tasks::{by_key, found_in_use, readable},
};
use domain::{
    Error, Result,
    activity::{Action, Change},
    dependency::{Dependencies, Dependency, Kind, NewDependency, Relation, Step},
    ids::{ProjectId, TaskId},
    limits,
    permission::Permission,
    search_text,
};
use std::collections::BTreeMap;
use store::{Tx, dependencies::Strand, tasks::Found};

/// Says that a task stands in a relation to another; does nothing if it does already. Gives all of its dependencies.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Forbidden`] where the actor may not change what waits; [`Error::Invalid`] for another
/// task that is none; [`Error::Cycle`]; [`Error::Refused`] with `archived`, `deleted`, `too_many_dependencies` or
/// `turned_off`.
pub async fn add(
    services: &Services,
    actor: &Actor,
    task: TaskId,
    new: NewDependency,
) -> Result<Dependencies> {
    turned_on(services)?;
    let mut tx = services.db.write().await?;
    let found = readable(&mut tx, actor, task).await?;
    let other = other(&mut tx, actor, &new.task).await?;
    let link = new.relation.stored(task, other.task.summary.id);
    authorize_change(actor, new.relation, found.project.id, other.project.id)?;
    for found in [&found, &other] {
        found_in_use(found)?;
    }
    if link.source == link.target {
        return Err(Error::field("task", "same", "A task can't be linked to itself. Choose another one."));
    }
    let (of_source, of_target, there) = store::dependencies::count_of(&mut tx, link).await?;
    if there == 0 {
        refuse_too_many(of_source.max(of_target))?;
        if link.kind == Kind::Blocks {
            let strand = Strand { from: link.source, to: link.target, step: Step::Blocks };
            refuse_loop(&mut tx, actor, &mut Web::new(true), strand).await?;
        }
        store::dependencies::insert(&mut tx, &[link], actor.user_id, services.now()).await?;
        let mut journal = Journal::new(services, actor);
        note(&mut journal, Action::DependencyAdded, new.relation, (&found, &other));
        let open = |id| if id == task { found.task.summary.is_open() } else { other.task.summary.is_open() };
        let key = if link.source == task { &found.task.summary.key } else { &other.task.summary.key };
        count(&mut tx, &mut journal, (link, key), (open(link.source), open(link.target)), 1).await?;
        let now = look(&mut tx, actor, task).await?;
        journal.commit(tx).await?;
        return Ok(now);
    }
    look(&mut tx, actor, task).await
}

/// Takes a dependency away. Gives those that are left.
///
/// # Errors
/// [`Error::NotFound`], also if there is no such dependency; [`Error::Forbidden`]; [`Error::Refused`] with `archived`,
/// `deleted` or `turned_off`.
pub async fn remove(
    services: &Services,
    actor: &Actor,
    task: TaskId,
    (relation, other): (Relation, &str),
) -> Result<Dependencies> {
    turned_on(services)?;
    let mut tx = services.db.write().await?;
    let found = readable(&mut tx, actor, task).await?;
    found_in_use(&found)?;
    // What one may not see (any more) can be taken away all the same: it is named by the dependency itself.
    let other = whatever(&mut tx, other).await?.ok_or_else(|| Error::not_found("dependency"))?;
    let link = relation.stored(task, other.task.summary.id);
    let (_, _, there) = store::dependencies::count_of(&mut tx, link).await?;
    if there == 0 {
        return Err(Error::not_found("dependency"));
    }
    authorize_change(actor, relation, found.project.id, other.project.id)?;
    store::dependencies::remove(&mut tx, link).await?;
    let mut journal = Journal::new(services, actor);
    note(&mut journal, Action::DependencyRemoved, relation, (&found, &other));
    let open = |id| {
        let found = if id == task { &found } else { &other };
        found.task.summary.is_open() && found.project_lifecycle == domain::task::Lifecycle::Active
    };
    let key = if link.source == task { &found.task.summary.key } else { &other.task.summary.key };
    count(&mut tx, &mut journal, (link, key), (open(link.source), open(link.target)), -1).await?;
    let now = look(&mut tx, actor, task).await?;
    journal.commit(tx).await?;
    Ok(now)
}

/// Whoever changes what a task waits for needs the right in the task's project; a label may be put on from either side.
fn authorize_change(actor: &Actor, relation: Relation, here: ProjectId, there: ProjectId) -> Result<()> {
    let allowed = |project| authorize::in_project(actor, Permission::TaskLink, project, "task");
    match relation {
        Relation::BlockedBy => allowed(here),
        Relation::Blocks => allowed(there),
        Relation::Relates | Relation::Duplicates | Relation::DuplicatedBy => {
            allowed(here).or_else(|refusal| allowed(there).map_err(|_| refusal))
        }
    }
}

fn refuse_too_many(count: i64) -> Result<()> {
    if count < limits::DEPENDENCIES {
        return Ok(());
    }
    Err(Error::refused(
        "too_many_dependencies",
        format!("A task has at most {} links. Take some away first.", limits::DEPENDENCIES),
    ))
}

/// The task that somebody named by id or key.
async fn other(tx: &mut Tx, actor: &Actor, named: &str) -> Result<Found> {
    let found = match named.trim().parse() {
        Ok(id) => readable(tx, actor, id).await,
        Err(_) => by_key(tx, actor, named.trim()).await,
    };
    found.map_err(|error| match error {
        Error::NotFound { .. } => Error::field(
            "task",
            "unknown",
            "There is no such task, or you do not have access to it. Enter a key such as WEB-12.",
        ),
        other => other,
    })
}

/// The task of that id or key, whoever asks.
async fn whatever(tx: &mut Tx, named: &str) -> Result<Option<Found>> {
    if let Ok(id) = named.parse() {
        return Ok(store::tasks::find(tx, id).await?);
    }
    let Some((key, number)) = search_text::task_key(named) else { return Ok(None) };
    Ok(store::tasks::find_by_key(tx, &key, i64::from(number)).await?)
}

/// Tells the histories of both tasks.
fn note(journal: &mut Journal<'_>, action: Action, relation: Relation, (task, other): (&Found, &Found)) {
    let entry = |of: &Found, to: &Found, relation: Relation| {
        let key = Some(to.task.summary.key.clone());
        let (before, after) = if action == Action::DependencyAdded { (None, key) } else { (key, None) };
        Entry::new(action, &of.task.summary.title)
            .project(of.project.id)
            .task(of.task.summary.id)
            .changes(Change::of(relation.as_str(), before, after))
    };
    journal.add(entry(task, other, relation));
    journal.add(entry(other, task, relation.inverse()));
}

/// What a dependency that came (1) or went (-1) means for its tasks, which are `open` or not.
async fn count(
    tx: &mut Tx,
    journal: &mut Journal<'_>,
    (link, blocker): (Dependency, &String),
    open: (bool, bool),
    by: i64,
) -> Result<()> {
    if link.kind != Kind::Blocks {
        return Ok(());
    }
    let counts = BTreeMap::from([
        (link.source, (0, if open.1 { by } else { 0 })),
        (link.target, (if open.0 { by } else { 0 }, 0)),
    ]);
    store::dependencies::add_counts(tx, &counts).await?;
    if !open.0 {
        return Ok(());
    }
    let mut look = Look::default();
    look.blockers(link.target, Some(blocker), by > 0);
    look.at(tx, journal).await
}
