//! The one rule that every way in asks: a task whose blockers are open can't begin and can't be done.

use crate::{Actor, Services};
use domain::{
    Error, Result,
    board::Category,
    dependency::{BlockedTask, NamedTask},
    ids::{ProjectId, TaskId},
    permission::Permission,
    task::{Lifecycle, TaskSummary},
};
use std::collections::{BTreeMap, HashSet};
use store::Tx;

/// Tasks that a refusal names.
const NAMED: usize = 20;
/// Blockers that it names for each.
const BLOCKERS: usize = 10;

/// A task that open blockers keep from where somebody wants it.
pub(crate) struct Stuck {
    task: NamedTask,
}

impl Stuck {
    /// The task, if its open blockers forbid that it comes into a column of this meaning.
    pub(crate) fn on_its_way(task: &TaskSummary, to: Category) -> Option<Self> {
        task.may_not_enter(to).then(|| Self::new(task.id, &task.key, &task.title))
    }

    /// A task of which that is known already.
    pub(crate) fn new(id: TaskId, key: &str, title: &str) -> Self {
        Self { task: NamedTask { id, key: key.into(), title: Some(title.into()) } }
    }
}

/// Refuses to begin or finish tasks with open blockers, unless these are all `closing` in the same act.
///
/// # Errors
/// [`Error::Blocked`], which names the blockers; without their titles where the actor may not see them.
pub(crate) async fn refuse_blocked(
    tx: &mut Tx,
    (services, actor): (&Services, &Actor),
    stuck: Vec<Stuck>,
    closing: &HashSet<TaskId>,
) -> Result<()> {
    if stuck.is_empty() || !services.features.dependencies {
        return Ok(());
    }
    let ids: Vec<_> = stuck.iter().map(|it| it.task.id).collect();
    let mut blockers: BTreeMap<TaskId, Vec<NamedTask>> = BTreeMap::new();
    for blocker in store::dependencies::open_blockers(tx, &ids).await? {
        if !closing.contains(&blocker.task.id) {
            let task = readable(actor, blocker.project_id, blocker.task);
            blockers.entry(blocker.blocked).or_default().push(task);
        }
    }
    let blocked: Vec<_> = stuck
        .into_iter()
        .filter_map(|stuck| {
            let mut blockers = blockers.remove(&stuck.task.id)?;
            let blocker_count = i64::try_from(blockers.len()).unwrap_or(i64::MAX);
            blockers.truncate(BLOCKERS);
            Some(BlockedTask { task: stuck.task, blockers, blocker_count })
        })
        .take(NAMED)
        .collect();
    if blocked.is_empty() { Ok(()) } else { Err(Error::Blocked { tasks: blocked }) }
}

/// Whether the actor may see a task of this project at all; the second of the lifecycles is the project's.
pub(crate) fn sees(actor: &Actor, project: ProjectId, (task, its_project): (Lifecycle, Lifecycle)) -> bool {
    let hidden = |it, permission| it == Lifecycle::Deleted && !actor.allows(permission, project);
    actor.allows(Permission::ProjectView, project)
        && !hidden(task, Permission::TaskDelete)
        && !hidden(its_project, Permission::ProjectDelete)
}

/// The task, without its title if the actor may not see its project.
pub(super) fn readable(actor: &Actor, project: ProjectId, task: NamedTask) -> NamedTask {
    let title = task.title.filter(|_| actor.allows(Permission::ProjectView, project));
    NamedTask { title, ..task }
}
