//! The tasks around one, read as far as a question needs: does one lead to another, and how?

use super::rule::sees;
use crate::{Actor, Services};
use domain::{
    Error, Result,
    dependency::{CycleTask, NamedTask, Step},
    ids::TaskId,
};
use std::collections::{HashMap, HashSet};
use store::{
    Tx,
    dependencies::{Direction, Strand, Walk, strands},
};

/// Steps of one statement at the most: deep chains take few statements, and dense graphs are not walked over and over.
const MOST_STEPS: i64 = 16;

/// What is known of the strands between tasks. A task is in a map once all its strands in that direction are known.
pub(crate) struct Web {
    down: Side,
    up: Side,
}

struct Side {
    walk: Walk,
    strands: HashMap<TaskId, Vec<Strand>>,
}

impl Web {
    /// Nothing known yet; `parts` says whether sub-tasks lead to what they are part of.
    pub(crate) fn new(parts: bool) -> Self {
        let side = |direction| Side { walk: Walk { direction, parts, steps: 0 }, strands: HashMap::new() };
        Self { down: side(Direction::Down), up: side(Direction::Up) }
    }

    /// Reads all that leads away from tasks, both ways.
    pub(super) async fn learn(&mut self, tx: &mut Tx, tasks: &[TaskId]) -> Result<()> {
        self.down.learn(tx, tasks).await?;
        self.up.learn(tx, tasks).await
    }

    /// Adds a strand between tasks that are known both ways.
    pub(super) fn add(&mut self, strand: Strand) {
        self.down.strands.entry(strand.from).or_default().push(strand);
        self.up.strands.entry(strand.to).or_default().push(strand);
    }

    /// Takes a strand away from tasks that are known both ways, or from one that is.
    pub(super) fn cut(&mut self, strand: Strand) {
        for (side, end) in [(&mut self.down, strand.from), (&mut self.up, strand.to)] {
            if let Some(strands) = side.strands.get_mut(&end) {
                strands.retain(|it| *it != strand);
            }
        }
    }

    /// Whether it is there, between tasks that are known.
    pub(super) fn has(&self, strand: Strand) -> bool {
        self.down.strands.get(&strand.from).is_some_and(|strands| strands.contains(&strand))
    }

    /// How many tasks a known one blocks or is blocked by.
    pub(super) fn links_of(&self, task: TaskId) -> usize {
        let sides = [&self.down, &self.up].into_iter().filter_map(|side| side.strands.get(&task));
        sides.flatten().filter(|strand| strand.step == Step::Blocks).count()
    }

    /// How `from` leads to `to`: the strands on the way, none where both are the same; `None`: not at all.
    ///
    /// Walks from both ends, always on from the one with fewer tasks to go on from, so that it reads about twice what the
    /// smaller side can reach, however many other dependencies there are.
    pub(crate) async fn path(
        &mut self,
        tx: &mut Tx,
        from: TaskId,
        to: TaskId,
    ) -> Result<Option<Vec<Strand>>> {
        if from == to {
            return Ok(Some(Vec::new()));
        }
        let (mut down, mut up) = (Front::at(from), Front::at(to));
        while !down.edge.is_empty() && !up.edge.is_empty() {
            let met = if down.edge.len() <= up.edge.len() {
                self.down.advance(tx, &mut down, &up).await?
            } else {
                self.up.advance(tx, &mut up, &down).await?
            };
            if let Some(met) = met {
                return Ok(Some(joined(met, &down, &up)));
            }
        }
        Ok(None)
    }

    /// What lies in one direction of a task, the nearest first, itself left out; at most `limit`.
    pub(super) async fn reach(
        &mut self,
        tx: &mut Tx,
        of: TaskId,
        (direction, limit): (Direction, usize),
    ) -> Result<Vec<TaskId>> {
        let side = match direction {
            Direction::Down => &mut self.down,
            Direction::Up => &mut self.up,
        };
        let (mut front, nowhere) = (Front::at(of), Front::default());
        let mut reached = Vec::new();
        while !front.edge.is_empty() && reached.len() < limit {
            side.advance(tx, &mut front, &nowhere).await?;
            reached.extend(front.edge.iter().copied());
        }
        reached.truncate(limit);
        Ok(reached)
    }

    /// Every strand that is known between these tasks.
    pub(super) fn between(&self, tasks: &HashSet<TaskId>) -> Vec<Strand> {
        let all = self.down.strands.values().chain(self.up.strands.values()).flatten();
        let mut seen = HashSet::new();
        all.filter(|it| tasks.contains(&it.from) && tasks.contains(&it.to) && seen.insert((it.from, it.to)))
            .copied()
            .collect()
    }
}

/// How far a walk has come: how it reached each task, and those it has not gone on from.
#[derive(Default)]
struct Front {
    reached: HashMap<TaskId, Option<Strand>>,
    edge: Vec<TaskId>,
}

impl Front {
    fn at(task: TaskId) -> Self {
        Self { reached: HashMap::from([(task, None)]), edge: vec![task] }
    }
}

impl Side {
    /// Goes one step on; gives a task that the other walk has reached as well.
    async fn advance(&mut self, tx: &mut Tx, front: &mut Front, other: &Front) -> Result<Option<TaskId>> {
        self.learn(tx, &front.edge).await?;
        let edge = std::mem::take(&mut front.edge);
        for strand in edge.iter().filter_map(|task| self.strands.get(task)).flatten() {
            let next = self.end(strand);
            if front.reached.contains_key(&next) {
                continue;
            }
            front.reached.insert(next, Some(*strand));
            if other.reached.contains_key(&next) {
                return Ok(Some(next));
            }
            front.edge.push(next);
        }
        Ok(None)
    }

    /// Reads the strands of tasks that are not known yet, and of some beyond them.
    async fn learn(&mut self, tx: &mut Tx, tasks: &[TaskId]) -> Result<()> {
        let mut unknown: Vec<_> =
            tasks.iter().copied().filter(|task| !self.strands.contains_key(task)).collect();
        // A task in two pieces of what is asked for would have its strands twice.
        unknown.sort_unstable();
        unknown.dedup();
        if unknown.is_empty() {
            return Ok(());
        }
        let mut read: HashMap<TaskId, Vec<Strand>> = HashMap::new();
        for strand in strands(tx, self.walk, &unknown).await? {
            read.entry(self.begin(&strand)).or_default().push(strand);
        }
        let mut edge = unknown;
        for _ in 0..=self.walk.steps {
            let mut next = Vec::new();
            for task in edge {
                if self.strands.contains_key(&task) {
                    continue;
                }
                let strands = read.remove(&task).unwrap_or_default();
                next.extend(strands.iter().map(|strand| self.end(strand)));
                self.strands.insert(task, strands);
            }
            edge = next;
        }
        self.walk.steps = (self.walk.steps * 2).clamp(2, MOST_STEPS);
        Ok(())
    }

    const fn begin(&self, strand: &Strand) -> TaskId {
        match self.walk.direction {
            Direction::Down => strand.from,
            Direction::Up => strand.to,
        }
    }

    const fn end(&self, strand: &Strand) -> TaskId {
        match self.walk.direction {
            Direction::Down => strand.to,
            Direction::Up => strand.from,
        }
    }
}

/// The way through the task where two walks met.
fn joined(met: TaskId, down: &Front, up: &Front) -> Vec<Strand> {
    let mut path = Vec::new();
    let mut at = met;
    while let Some(Some(strand)) = down.reached.get(&at) {
        path.push(*strand);
        at = strand.from;
    }
    path.reverse();
    at = met;
    while let Some(Some(strand)) = up.reached.get(&at) {
        path.push(*strand);
        at = strand.to;
    }
    path
}

/// Refuses a strand that would close a loop.
///
/// # Errors
/// [`Error::Cycle`] with the whole loop; without titles where the actor may not see them.
pub(super) async fn refuse_loop(tx: &mut Tx, actor: &Actor, web: &mut Web, new: Strand) -> Result<()> {
    match cycle_if_any(tx, actor, web, new, &HashMap::new()).await? {
        None => Ok(()),
        Some(path) => Err(Error::Cycle { path }),
    }
}

/// Refuses a parent that would have to wait for its own sub-task.
///
/// # Errors
/// [`Error::Cycle`].
pub(crate) async fn refuse_parent_loop(
    tx: &mut Tx,
    who: (&Services, &Actor),
    (task, before, parent): (TaskId, Option<TaskId>, TaskId),
) -> Result<()> {
    refuse_parent_loops(tx, who, &[], &[(task, before, Some(parent))]).await
}

/// As [`refuse_parent_loop`], of many tasks that get new parents at once, or lose theirs: the task, the one that it was
/// part of, and the one that it will be part of. `made`: tasks that are yet to be made, each with what it will be part of.
///
/// # Errors
/// [`Error::Cycle`].
pub(crate) async fn refuse_parent_loops(
    tx: &mut Tx,
    (services, actor): (&Services, &Actor),
    made: &[(TaskId, TaskId)],
    moved: &[(TaskId, Option<TaskId>, Option<TaskId>)],
) -> Result<()> {
    if !services.features.dependencies {
        return Ok(());
    }
    let mut web = Web::new(true);
    let ids: Vec<_> = moved
        .iter()
        .flat_map(|(task, before, parent)| [Some(*task), *before, *parent].into_iter().flatten())
        .chain(made.iter().flat_map(|(task, parent)| [*task, *parent]))
        .collect();
    web.learn(tx, &ids).await?;
    let part_of = |task: TaskId, to: TaskId| Strand { from: task, to, step: Step::PartOf };
    for (task, parent) in made {
        web.add(part_of(*task, *parent));
    }
    for (task, before, _) in moved {
        if let Some(before) = before {
            web.cut(part_of(*task, *before));
        }
    }
    for (task, _, parent) in moved {
        let Some(parent) = parent else { continue };
        let new = part_of(*task, *parent);
        refuse_loop(tx, actor, &mut web, new).await?;
        web.add(new);
    }
    Ok(())
}

/// The loop that a strand would close. `names` calls tasks by name that are not there yet.
pub(super) async fn cycle_if_any(
    tx: &mut Tx,
    actor: &Actor,
    web: &mut Web,
    new: Strand,
    names: &HashMap<TaskId, String>,
) -> Result<Option<Vec<CycleTask>>> {
    let Some(path) = web.path(tx, new.to, new.from).await? else { return Ok(None) };
    let ids: Vec<_> = std::iter::once(new.from).chain(path.iter().map(|strand| strand.from)).collect();
    let mut tasks: HashMap<TaskId, NamedTask> =
        names.iter().map(|(id, name)| (*id, NamedTask { id: *id, key: name.clone(), title: None })).collect();
    for chunk in ids.chunks(1000) {
        for link in store::tasks::links(tx, chunk).await? {
            let seen = sees(actor, link.project_id, (link.lifecycle, link.project_lifecycle));
            let title = seen.then_some(link.task.title);
            tasks.insert(link.task.id, NamedTask { id: link.task.id, key: link.task.key, title });
        }
    }
    let steps = std::iter::once((new, true)).chain(path.iter().map(|strand| (*strand, false)));
    let steps = steps.filter_map(|(strand, refused)| {
        let NamedTask { id, key, title } = tasks.get(&strand.from)?.clone();
        Some(CycleTask { id, key, title, step: strand.step, refused })
    });
    Ok(Some(steps.collect()))
}
