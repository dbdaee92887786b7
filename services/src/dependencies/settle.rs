//! What follows when tasks open or close: numbers and states of the tasks around them, in the same transaction.

use crate::{
    journal::{Entry, Journal},
    tasks::Ranks,
};
use domain::{
    Result,
    activity::{Action, Change},
    board::{Category, Column},
    dependency::keys_text,
    ids::{ColumnId, ProjectId, TaskId},
    task::{Lifecycle, TaskSummary},
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use store::{
    Tx,
    dependencies::{self, Edge, Move, State, Within},
    tasks::{Counted, Counts, End, Found},
};

/// Tasks that a use case opened or closed.
#[derive(Default)]
pub(crate) struct Turned {
    /// Whether each was open at first, and whether it is now.
    turns: BTreeMap<TaskId, (bool, bool)>,
    /// Opened ones that may have to wait themselves, or not any more.
    again: BTreeSet<TaskId>,
    /// What the history calls them.
    keys: HashMap<TaskId, String>,
}

impl Turned {
    /// Notes a task of a project in use as it was and as it is.
    pub(crate) fn change(&mut self, before: &Found, after: &TaskSummary) {
        if !before.linked {
            return;
        }
        let turned = (before.task.summary.is_open(), after.is_open());
        self.turn(after.id, &after.key, turned, after.blocker_count > 0 || after.is_blocked());
    }

    /// Notes a task that was open or not, and is open or not; `waits` says whether it has open blockers, or
    /// had some when it was put away.
    pub(crate) fn turn(&mut self, id: TaskId, key: &str, (was, is): (bool, bool), waits: bool) {
        if was == is {
            return;
        }
        self.turns.entry(id).or_insert((was, is)).1 = is;
        if is && waits {
            self.again.insert(id);
        }
        self.keys.insert(id, key.to_owned());
    }

    /// Notes what turned after it in the same act: a task that turned back has not turned.
    pub(crate) fn then(&mut self, later: Self) {
        for (id, (was, is)) in later.turns {
            self.turns.entry(id).or_insert((was, is)).1 = is;
        }
        self.again.extend(later.again);
        self.keys.extend(later.keys);
    }

    /// Whether it is among those that are looked at again.
    pub(crate) fn looks_at(&self, id: TaskId) -> bool {
        self.again.contains(&id)
    }

    /// Whether it was closed at first, and is open.
    pub(crate) fn opens(&self, id: TaskId) -> bool {
        self.turns.get(&id) == Some(&(false, true))
    }

    /// Those that are open or not as they were not before.
    fn turned(&self) -> Vec<TaskId> {
        self.turns.iter().filter(|(_, (was, is))| was != is).map(|(id, _)| *id).collect()
    }

    /// Whether nothing turned.
    pub(crate) fn is_empty(&self) -> bool {
        self.turns.is_empty()
    }
}

/// Gives the tasks around those that turned their new numbers and states. Called after these are written.
///
/// # Errors
/// What the database says.
pub(crate) async fn settle(tx: &mut Tx, journal: &mut Journal<'_>, turned: &Turned) -> Result<()> {
    if !journal.services().features.dependencies {
        return Ok(());
    }
    if turned.is_empty() {
        return Ok(());
    }
    let edges = dependencies::edges_of(tx, &turned.turned()).await?;
    let mut look = Look { tasks: turned.again.clone(), ..Look::default() };
    look.count(tx, &edges, |id| turned.opens(*id), &turned.keys).await?;
    look.at(tx, journal).await
}

/// As [`settle`], of all tasks of a column that came to mean something else.
///
/// # Errors
/// What the database says.
pub(crate) async fn settle_column(
    tx: &mut Tx,
    journal: &mut Journal<'_>,
    column: ColumnId,
    opened: bool,
) -> Result<()> {
    settle_within(tx, journal, Within::Column(column), opened).await
}

/// As [`settle`], of all tasks of a project that was put away or came back.
///
/// # Errors
/// What the database says.
pub(crate) async fn project_turned(
    tx: &mut Tx,
    journal: &mut Journal<'_>,
    project: ProjectId,
    opened: bool,
) -> Result<()> {
    settle_within(tx, journal, Within::Project(project), opened).await
}

async fn settle_within(tx: &mut Tx, journal: &mut Journal<'_>, within: Within, opened: bool) -> Result<()> {
    if !journal.services().features.dependencies {
        return Ok(());
    }
    let edges = dependencies::edges_within(tx, within).await?;
    let mut look = Look::default();
    if opened {
        look.tasks.extend(dependencies::waiting_within(tx, within).await?);
    }
    look.count(tx, &edges, |_| opened, &HashMap::new()).await?;
    look.at(tx, journal).await
}

/// Tasks to look at again: whether they are blocked now.
#[derive(Default)]
pub(super) struct Look {
    tasks: BTreeSet<TaskId>,
    /// Those that got another open blocker: it ends what was unblocked by hand.
    grew: HashSet<TaskId>,
    /// Keys of the blockers that came or went.
    causes: HashMap<TaskId, Vec<String>>,
    /// Why somebody unblocked them by hand.
    reason: Option<String>,
}

impl Look {
    /// At one task, for a reason that somebody gave or none.
    pub(super) fn again(task: TaskId, reason: Option<String>) -> Self {
        Self { tasks: BTreeSet::from([task]), reason, ..Self::default() }
    }

    /// At these tasks.
    pub(super) fn over(tasks: impl IntoIterator<Item = TaskId>) -> Self {
        Self { tasks: tasks.into_iter().collect(), ..Self::default() }
    }

    /// Notes that tasks got or lost an open blocker, named by its key.
    pub(super) fn blockers(&mut self, task: TaskId, key: Option<&String>, more: bool) {
        self.tasks.insert(task);
        if more {
            self.grew.insert(task);
        }
        if let Some(key) = key {
            self.causes.entry(task).or_default().push(key.clone());
        }
    }

    /// Counts along the edges down from and up to tasks that turned.
    async fn count(
        &mut self,
        tx: &mut Tx,
        (down, up): &(Vec<Edge>, Vec<Edge>),
        opened: impl Fn(&TaskId) -> bool,
        keys: &HashMap<TaskId, String>,
    ) -> Result<()> {
        let mut counts: BTreeMap<TaskId, (i64, i64)> = BTreeMap::new();
        for edge in down {
            let more = opened(&edge.blocker);
            counts.entry(edge.blocked).or_default().0 += if more { 1 } else { -1 };
            self.blockers(edge.blocked, keys.get(&edge.blocker), more);
        }
        for edge in up {
            counts.entry(edge.blocker).or_default().1 += if opened(&edge.blocked) { 1 } else { -1 };
        }
        Ok(dependencies::add_counts(tx, &counts).await?)
    }

    /// Blocks and releases them, and tells the history.
    pub(super) async fn at(self, tx: &mut Tx, journal: &mut Journal<'_>) -> Result<()> {
        if self.tasks.is_empty() {
            return Ok(());
        }
        let ids: Vec<_> = self.tasks.iter().copied().collect();
        let mut outcome = Outcome::default();
        for state in dependencies::states(tx, &ids).await? {
            outcome.add(state, &self.grew);
        }
        outcome.write(tx, journal, &self).await
    }

    fn cause(&self, task: TaskId) -> Option<String> {
        let keys = self.causes.get(&task)?;
        let first: Vec<_> = keys.iter().take(3).map(String::as_str).collect();
        Some(keys_text(&first, i64::try_from(keys.len()).unwrap_or(i64::MAX)))
    }
}

/// What becomes of tasks that are looked at.
#[derive(Default)]
struct Outcome {
    blocked: Vec<State>,
    released: Vec<State>,
    /// Done while they were blocked, along with what they waited for.
    done: Vec<TaskId>,
    /// Unblocked by hand, which ends.
    lapsed: Vec<State>,
}

impl Outcome {
    fn add(&mut self, state: State, grew: &HashSet<TaskId>) {
        let lapses = state.overridden && (grew.contains(&state.id) || state.blocker_count == 0);
        if lapses {
            self.lapsed.push(state.clone());
        }
        // What is put away stays as it is, and is looked at when it comes back.
        if !state.in_use {
            return;
        }
        let waits = state.blocker_count > 0 && (!state.overridden || lapses);
        match (state.blocked, waits, state.category) {
            (true, _, Category::Done) => self.done.push(state.id),
            (false, true, Category::Todo | Category::Doing) => self.blocked.push(state),
            (true, false, Category::Todo | Category::Doing) => self.released.push(state),
            _ => {}
        }
    }

    async fn write(self, tx: &mut Tx, journal: &mut Journal<'_>, look: &Look) -> Result<()> {
        let now = journal.services().now();
        let ids = |states: &[State]| states.iter().map(|state| state.id).collect::<Vec<_>>();
        for state in &self.lapsed {
            journal.add(entry(Action::OverrideEnded, state));
        }
        dependencies::lapse(tx, &ids(&self.lapsed)).await?;
        dependencies::clear(tx, &self.done, now).await?;
        let mut moves = Moves::of(tx, &self).await?;
        let mut held = Vec::new();
        for state in &self.blocked {
            let column = moves.away(tx, state).await?;
            if column.is_some() {
                held.push(state.id);
            }
            let cause = Change::of("blocked_by", None, look.cause(state.id));
            journal.add(entry(Action::TaskBlocked, state).changes(cause).changes(column));
        }
        for state in &self.released {
            let (action, why) = match &look.reason {
                Some(reason) => (Action::TaskUnblocked, Change::of("reason", None, Some(reason.clone()))),
                None => (Action::TaskReleased, Change::of("blocked_by", look.cause(state.id), None)),
            };
            journal.add(entry(action, state).changes(why).changes(moves.back(state)));
        }
        dependencies::hold(tx, &held).await?;
        dependencies::block(tx, &ids(&self.blocked), now).await?;
        dependencies::release(tx, &ids(&self.released), now).await?;
        dependencies::place(tx, &moves.cards).await?;
        Ok(store::tasks::add_to_columns(tx, moves.counts).await?)
    }
}

fn entry(action: Action, state: &State) -> Entry {
    Entry::new(action, &state.title).project(state.project_id).task(state.id)
}

/// Cards that leave their columns and those that come back.
struct Moves {
    ranks: Ranks,
    cards: Vec<Move>,
    counts: Counts,
}

impl Moves {
    async fn of(tx: &mut Tx, outcome: &Outcome) -> Result<Self> {
        let leaving = outcome.blocked.iter().filter(|state| state.category == Category::Doing);
        let coming = outcome.released.iter().filter(|state| state.held.is_some());
        let projects: BTreeSet<_> = leaving.chain(coming).map(|state| state.project_id).collect();
        let ends: Vec<End> = store::tasks::ends_of(tx, &projects.into_iter().collect::<Vec<_>>()).await?;
        Ok(Self { ranks: Ranks::new(ends), cards: Vec::new(), counts: Counts::default() })
    }

    /// A blocked task is not in work: it leaves for the top of the last column of things to do, if there is one.
    async fn away(&mut self, tx: &mut Tx, state: &State) -> Result<Option<Change>> {
        if state.category != Category::Doing {
            return Ok(None);
        }
        let of_project =
            |column: &&Column| column.project_id == state.project_id && column.category == Category::Todo;
        let Some(column) = self.ranks.columns().iter().rfind(of_project).cloned() else { return Ok(None) };
        let rank = self.ranks.on_top(tx, column.id).await?;
        Ok(self.go(state, &column, rank.into()))
    }

    /// Back to where it stood, if that is still a place for open tasks.
    fn back(&mut self, state: &State) -> Option<Change> {
        let (column, rank) = state.held.clone()?;
        let column = self.ranks.columns().iter().find(|it| it.id == column)?.clone();
        if column.category == Category::Done || column.project_id != state.project_id {
            return None;
        }
        self.go(state, &column, rank)
    }

    fn go(&mut self, state: &State, to: &Column, rank: String) -> Option<Change> {
        let counted = |column_id, category| Counted {
            column_id,
            category,
            parent_id: None,
            lifecycle: Lifecycle::Active,
        };
        self.counts.change(counted(state.column_id, state.category), counted(to.id, to.category));
        self.cards.push(Move { id: state.id, column_id: to.id, category: to.category, rank });
        let name = |id| self.ranks.columns().iter().find(|it| it.id == id).map(|it| it.name.clone());
        Change::of("column", name(state.column_id), Some(to.name.clone()))
    }
}
