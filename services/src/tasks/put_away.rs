//! Archiving and deleting tasks, and taking them back.
//!
//! A task is deleted with every active task below it, in one go that one row of the history tells of; restoring it
//! brings back what went with it. Archiving concerns the task alone. What is put away counts nowhere, and comes back
//! at the end of its column.

use super::{gate, ranks::Ranks};
use crate::{
    Actor, Services, authorize,
    dependencies::{self, Turned},
    journal::{Entry, Journal},
};
use domain::{
    Error, Result,
    activity::{Action, Change},
    ids::TaskId,
    permission::Permission,
    task::{Lifecycle, Task},
    time::Timestamp,
};
use std::collections::{HashMap, HashSet};
use store::{
    Tx,
    tasks::{Counted, Counts, Found},
};

/// Puts a task away: readable, not in lists, unchanged until it is taken back.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Conflict`]; [`Error::Refused`] with `deleted`.
pub async fn archive(services: &Services, actor: &Actor, id: TaskId, version: i64) -> Result<Task> {
    change(services, actor, (id, version), Lifecycle::Archived).await
}

/// Takes an archived task back to the end of its column.
///
/// # Errors
/// As [`restore`].
pub async fn unarchive(services: &Services, actor: &Actor, id: TaskId, version: i64) -> Result<Task> {
    change(services, actor, (id, version), Lifecycle::Active).await
}

/// Deletes a task with all active ones below it. They rest 30 days.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Conflict`].
pub async fn delete(services: &Services, actor: &Actor, id: TaskId, version: i64) -> Result<Task> {
    change(services, actor, (id, version), Lifecycle::Deleted).await
}

/// Takes a deleted or archived task back to the end of its column, with what was deleted along with it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Conflict`]; [`Error::Refused`] with `parent_deleted` while the
/// task above is deleted.
pub async fn restore(services: &Services, actor: &Actor, id: TaskId, version: i64) -> Result<Task> {
    change(services, actor, (id, version), Lifecycle::Active).await
}

async fn change(
    services: &Services,
    actor: &Actor,
    (id, version): (TaskId, i64),
    to: Lifecycle,
) -> Result<Task> {
    let mut tx = services.db.write().await?;
    let found = gate::readable(&mut tx, actor, id).await?;
    let project = found.project.id;
    let from = found.task.summary.lifecycle;
    authorize::in_project(actor, needed(from, to), project, "task")?;
    gate::project_in_use(found.project_lifecycle)?;
    if from == to {
        // The same click twice, or someone was quicker: either way it is as asked for.
        return Ok(found.task);
    }
    if found.task.summary.version != version {
        return Err(gate::stale(&found.task));
    }
    let ends = match to {
        Lifecycle::Active => store::tasks::ground(&mut tx, project).await?.ok_or_else(gate::not_found)?.ends,
        // What goes needs no place.
        Lifecycle::Archived | Lifecycle::Deleted => Vec::new(),
    };
    let mut shift = Shift::new(to, services.now());
    shift.run(&mut tx, &mut Ranks::new(ends), &[found]).await?;
    let mut journal = Journal::new(services, actor);
    shift.note(&mut journal);
    let mut task = shift.shifted.into_iter().find(|task| task.summary.id == id);
    store::tasks::add_to_counts(&mut tx, project, shift.counts, services.now()).await?;
    dependencies::settle(&mut tx, &mut journal, &shift.turned).await?;
    if !shift.turned.is_empty() {
        // It may be blocked at once, also by what came back with it.
        task = store::tasks::find(&mut tx, id).await?.map(|found| found.task);
    }
    journal.commit(tx).await?;
    task.ok_or_else(gate::not_found)
}

/// What someone needs who brings a task from one lifecycle to another.
pub(super) fn needed(from: Lifecycle, to: Lifecycle) -> Permission {
    if from == Lifecycle::Deleted || to == Lifecycle::Deleted {
        Permission::TaskDelete
    } else {
        Permission::TaskArchive
    }
}

/// Tasks on their way to another lifecycle.
pub(super) struct Shift {
    to: Lifecycle,
    now: Timestamp,
    /// What it adds to the kept numbers.
    pub(super) counts: Counts,
    /// The tasks as they are now, also those that went along with others.
    pub(super) shifted: Vec<Task>,
    /// Those that opened or closed.
    pub(super) turned: Turned,
    /// Each task that was asked for, with where it came from and how many went along.
    roots: Vec<(Task, Lifecycle, usize)>,
}

impl Shift {
    pub(super) fn new(to: Lifecycle, now: Timestamp) -> Self {
        Self {
            to,
            now,
            counts: Counts::default(),
            shifted: Vec::new(),
            turned: Turned::default(),
            roots: Vec::new(),
        }
    }

    /// Brings `roots`, none of which is there already, to the new lifecycle.
    ///
    /// # Errors
    /// [`Error::Refused`].
    pub(super) async fn run(&mut self, tx: &mut Tx, ranks: &mut Ranks, roots: &[Found]) -> Result<()> {
        if roots.is_empty() {
            return Ok(());
        }
        let along = match self.to {
            Lifecycle::Active => {
                refuse_without_parent(tx, roots).await?;
                deleted_with(tx, roots).await?
            }
            Lifecycle::Archived => {
                roots.iter().try_for_each(refuse_deleted)?;
                Vec::new()
            }
            Lifecycle::Deleted => active_below(tx, roots).await?,
        };
        let mut ids = Vec::new();
        let mut places = Vec::new();
        for found in roots.iter().chain(&along) {
            let mut after = found.task.clone();
            after.summary.lifecycle = self.to;
            after.summary.version += 1;
            after.summary.updated_at = self.now;
            if self.to == Lifecycle::Active {
                let rank = ranks.at_end(tx, after.summary.column_id).await?;
                after.summary.rank = rank.as_str().into();
                places.push((after.summary.id, rank));
            }
            self.counts.change(Counted::of(&found.task.summary), Counted::of(&after.summary));
            self.turned.change(found, &after.summary);
            ids.push(after.summary.id);
            self.shifted.push(after);
        }
        self.correct_child_counts();
        self.remember(roots, &along);
        match self.to {
            Lifecycle::Active => store::tasks::take_back(tx, &places, self.now).await?,
            away => store::tasks::put_away(tx, &ids, away, self.now).await?,
        }
        Ok(())
    }

    /// One row for each task that was asked for.
    pub(super) fn note(&self, journal: &mut Journal<'_>) {
        for (task, from, along) in &self.roots {
            let action = match self.to {
                Lifecycle::Active => Action::TaskRestored,
                Lifecycle::Archived => Action::TaskArchived,
                Lifecycle::Deleted => Action::TaskDeleted,
            };
            let name = |lifecycle: Lifecycle| Some(lifecycle.as_str().to_owned());
            let sub_tasks = (*along > 0).then(|| Change {
                field: "sub_tasks".into(),
                before: None,
                after: Some(along.to_string()),
            });
            journal.add(
                Entry::new(action, &task.summary.title)
                    .project(task.summary.project_id)
                    .task(task.summary.id)
                    .changes(Change::of("lifecycle", name(*from), name(self.to)))
                    .changes(sub_tasks),
            );
        }
    }

    /// The rows were read before; a parent and its sub-tasks that go together change each other's numbers.
    fn correct_child_counts(&mut self) {
        let by = if self.to == Lifecycle::Active { 1 } else { -1 };
        let mut below: HashMap<TaskId, (i64, i64)> = HashMap::new();
        for task in &self.shifted {
            if let Some(parent) = task.summary.parent_id {
                let counts = below.entry(parent).or_default();
                counts.0 += by;
                counts.1 += if task.summary.completed_at.is_some() { by } else { 0 };
            }
        }
        for task in &mut self.shifted {
            if let Some((all, done)) = below.get(&task.summary.id) {
                task.summary.child_count += all;
                task.summary.child_done_count += done;
            }
        }
    }

    fn remember(&mut self, roots: &[Found], along: &[Found]) {
        let parents: HashMap<TaskId, TaskId> = along
            .iter()
            .filter_map(|found| Some((found.task.summary.id, found.task.summary.parent_id?)))
            .collect();
        let mut went_with: HashMap<TaskId, usize> = HashMap::new();
        for found in along {
            let mut top = found.task.summary.id;
            while let Some(parent) = parents.get(&top) {
                top = *parent;
            }
            *went_with.entry(top).or_default() += 1;
        }
        // What hangs below through an archived task leads to no root: it is counted with the only or first one.
        let led: usize = roots.iter().filter_map(|root| went_with.get(&root.task.summary.id)).sum();
        let mut astray = along.len() - led;
        for (task, found) in self.shifted.iter().zip(roots) {
            let along = went_with.get(&task.summary.id).copied().unwrap_or_default() + astray;
            astray = 0;
            self.roots.push((task.clone(), found.task.summary.lifecycle, along));
        }
    }
}

/// The active tasks below, that are not themselves asked for.
async fn active_below(tx: &mut Tx, roots: &[Found]) -> Result<Vec<Found>> {
    let ids: Vec<_> = roots.iter().map(|root| root.task.summary.id).collect();
    let mut below = store::tasks::subtree(tx, &ids, Lifecycle::Active).await?;
    let asked: HashSet<_> = ids.into_iter().collect();
    below.retain(|found| !asked.contains(&found.task.summary.id));
    Ok(below)
}

/// What was deleted along with the tasks, that is not itself asked for.
async fn deleted_with(tx: &mut Tx, roots: &[Found]) -> Result<Vec<Found>> {
    let deleted: Vec<_> = roots.iter().filter(|root| root.deleted_at.is_some()).collect();
    let ids: Vec<_> = deleted.iter().map(|root| root.task.summary.id).collect();
    let moments: HashSet<_> = deleted.iter().map(|root| root.deleted_at).collect();
    let mut below = store::tasks::subtree(tx, &ids, Lifecycle::Deleted).await?;
    let asked: HashSet<_> = ids.into_iter().collect();
    below.retain(|found| moments.contains(&found.deleted_at) && !asked.contains(&found.task.summary.id));
    // In the order in which they were made, because each goes to the end of its column.
    below.sort_by_key(|found| (found.task.summary.created_at, found.task.summary.id));
    Ok(below)
}

/// An active task below a deleted one would hang on what may be removed for good.
async fn refuse_without_parent(tx: &mut Tx, roots: &[Found]) -> Result<()> {
    let asked: HashSet<_> = roots.iter().map(|root| root.task.summary.id).collect();
    let parents: HashSet<_> = roots.iter().filter_map(|root| root.task.summary.parent_id).collect();
    let others: Vec<_> = parents.difference(&asked).copied().collect();
    let links = store::tasks::links(tx, &others).await?;
    match links.iter().find(|link| link.lifecycle == Lifecycle::Deleted) {
        None => Ok(()),
        Some(parent) => Err(Error::refused(
            "parent_deleted",
            format!("It belongs to {}, which is deleted. Restore that one first.", parent.task.key),
        )),
    }
}

fn refuse_deleted(found: &Found) -> Result<()> {
    if found.task.summary.lifecycle == Lifecycle::Deleted {
        gate::in_use(&found.task)?;
    }
    Ok(())
}
