//! Dependencies: which task waits for which.
//!
//! One kind acts: *blocks*. A task with an open blocker is blocked: it can't begin and can't be done, unless someone
//! unblocks it by hand. Together with the sub-tasks, each of which comes before the task that it is part of, these
//! dependencies never make a loop. The other kinds are labels and change nothing.

use crate::{
    board::Category,
    error::{Error, Result},
    ids::{ProjectId, TaskId},
    task::{Lifecycle, TaskSummary},
    time::Timestamp,
    user::UserRef,
};
use serde::{Deserialize, Serialize};

/// What a dependency says of its source and its target.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Kind {
    /// The source has to be finished before the target can begin.
    Blocks,
    /// The two belong together; the one with the lower id is the source.
    Relates,
    /// The source says the same as the target.
    Duplicates,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Blocks, Self::Relates, Self::Duplicates];

    /// As stored.
    pub const fn code(self) -> i64 {
        self as i64
    }

    /// From what is stored.
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What one task is to another, seen from the first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// It waits for the other.
    BlockedBy,
    /// The other waits for it.
    Blocks,
    /// They belong together.
    Relates,
    /// It says the same as the other.
    Duplicates,
    /// The other says the same.
    DuplicatedBy,
}

impl Relation {
    /// All of them, in the order in which pages show them.
    pub const ALL: [Self; 5] =
        [Self::BlockedBy, Self::Blocks, Self::Relates, Self::Duplicates, Self::DuplicatedBy];

    /// The name in URLs and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BlockedBy => "blocked_by",
            Self::Blocks => "blocks",
            Self::Relates => "relates",
            Self::Duplicates => "duplicates",
            Self::DuplicatedBy => "duplicated_by",
        }
    }

    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::BlockedBy => "Blocked by",
            Self::Blocks => "Blocks",
            Self::Relates => "Relates to",
            Self::Duplicates => "Duplicates",
            Self::DuplicatedBy => "Duplicated by",
        }
    }

    /// The relation of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|relation| relation.as_str() == text)
    }

    /// The same, seen from the other task.
    #[must_use]
    pub const fn inverse(self) -> Self {
        match self {
            Self::BlockedBy => Self::Blocks,
            Self::Blocks => Self::BlockedBy,
            Self::Relates => Self::Relates,
            Self::Duplicates => Self::DuplicatedBy,
            Self::DuplicatedBy => Self::Duplicates,
        }
    }

    /// How it is stored where `task` stands in it to `other`.
    pub fn stored(self, task: TaskId, other: TaskId) -> Dependency {
        let (kind, source, target) = match self {
            Self::BlockedBy => (Kind::Blocks, other, task),
            Self::Blocks => (Kind::Blocks, task, other),
            Self::Relates => (Kind::Relates, task.min(other), task.max(other)),
            Self::Duplicates => (Kind::Duplicates, task, other),
            Self::DuplicatedBy => (Kind::Duplicates, other, task),
        };
        Dependency { kind, source, target }
    }
}

/// A dependency as it is stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Dependency {
    /// What it says.
    pub kind: Kind,
    /// Of which task: the blocker, where it blocks.
    pub source: TaskId,
    /// To which task.
    pub target: TaskId,
}

impl Dependency {
    /// What it says, seen from one of its tasks.
    pub fn seen_from(self, task: TaskId) -> Relation {
        match (self.kind, self.source == task) {
            (Kind::Blocks, true) => Relation::Blocks,
            (Kind::Blocks, false) => Relation::BlockedBy,
            (Kind::Relates, _) => Relation::Relates,
            (Kind::Duplicates, true) => Relation::Duplicates,
            (Kind::Duplicates, false) => Relation::DuplicatedBy,
        }
    }
}

/// A new dependency, said of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDependency {
    /// What the task is to the other.
    pub relation: Relation,
    /// The other: an id or a key.
    pub task: String,
}

/// A task at the other end of a dependency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedTask {
    /// What the task that is looked at is to this one.
    pub relation: Relation,
    /// Its id.
    pub id: TaskId,
    /// Its readable key.
    pub key: String,
    /// What is to be done; `None` where the reader may not see it.
    pub title: Option<String>,
    /// What its column means.
    pub category: Category,
    /// Whether it is in use.
    pub lifecycle: Lifecycle,
    /// Whether it still has to be done: neither finished nor put away, by itself or with its project.
    pub open: bool,
    /// Whether it is blocked itself.
    pub blocked: bool,
}

/// Who unblocked a task by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Who; `None` for the program itself.
    pub by: Option<UserRef>,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// What a task has to do with others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependencies {
    /// The tasks that it is linked to: by relation, then open ones first, then by key.
    pub tasks: Vec<LinkedTask>,
    /// Since when it is blocked; `None`: it is not.
    pub blocked_since: Option<Timestamp>,
    /// Who unblocked it by hand, while that counts.
    pub unblocked: Option<Override>,
}

impl Dependencies {
    /// Those that stand in this relation.
    pub fn of(&self, relation: Relation) -> impl Iterator<Item = &LinkedTask> {
        self.tasks.iter().filter(move |task| task.relation == relation)
    }
}

/// How a task leads to the next one of a loop.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// It blocks the next.
    Blocks,
    /// It is part of the next, which is finished after its parts.
    PartOf,
}

/// A task of a loop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CycleTask {
    /// Its id.
    pub id: TaskId,
    /// Its readable key.
    pub key: String,
    /// What is to be done; `None` where the reader may not see it.
    pub title: Option<String>,
    /// How it leads to the next one; the last leads back to the first.
    pub step: Step,
    /// Whether this step is the one that was asked for and would close the loop.
    pub refused: bool,
}

/// The loop as people read it: `WEB-3 → WEB-9 → WEB-3`; the middle of a long one is only counted.
pub fn cycle_text(path: &[CycleTask]) -> String {
    const ENDS: usize = 10;
    let skipped = if path.len() > 2 * ENDS + 1 { ENDS..path.len() - ENDS } else { 0..0 };
    let first = path.first().map_or("", |first| first.key.as_str());
    let mut words: Vec<String> = Vec::new();
    for (at, task) in path.iter().enumerate() {
        match task.step {
            _ if at == skipped.start && !skipped.is_empty() => {
                words.push(format!("… {} more …", skipped.len()));
            }
            _ if skipped.contains(&at) => {}
            Step::Blocks => words.push(task.key.clone()),
            Step::PartOf => words.push(format!("{} (part of)", task.key)),
        }
    }
    words.push(first.to_owned());
    words.join(" → ")
}

/// A task in a refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedTask {
    /// Its id.
    pub id: TaskId,
    /// Its readable key.
    pub key: String,
    /// What is to be done; `None` where the reader may not see it.
    pub title: Option<String>,
}

/// A blocked task that somebody wanted to begin or finish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockedTask {
    /// The task.
    pub task: NamedTask,
    /// What it waits for: the first of its open blockers.
    pub blockers: Vec<NamedTask>,
    /// How many open blockers it has in all.
    pub blocker_count: i64,
}

/// The sentence of a refusal because of open blockers.
pub fn blocked_text(tasks: &[BlockedTask]) -> String {
    const HINT: &str = "Finish that first, or unblock it with a reason.";
    match tasks {
        [] => HINT.to_owned(),
        [one] => format!("{} is blocked by {}. {HINT}", one.task.key, blockers_text(one)),
        [first, others @ ..] => format!(
            "{} of these tasks are blocked: {} by {}{}. Nothing was changed.",
            tasks.len(),
            first.task.key,
            blockers_text(first),
            others.iter().take(4).fold(String::new(), |text, other| {
                format!("{text}, {} by {}", other.task.key, blockers_text(other))
            }),
        ),
    }
}

fn blockers_text(task: &BlockedTask) -> String {
    let keys: Vec<_> = task.blockers.iter().take(3).map(|blocker| blocker.key.as_str()).collect();
    keys_text(&keys, task.blocker_count)
}

/// Names the first of `count` tasks: “WEB-1, WEB-2 and 3 more”.
pub fn keys_text(keys: &[&str], count: i64) -> String {
    let more = count - i64::try_from(keys.len()).unwrap_or(i64::MAX);
    match (keys, more) {
        ([], _) => format!("{count} tasks"),
        (keys, 1..) => format!("{} and {more} more", keys.join(", ")),
        ([one], _) => (*one).to_owned(),
        ([first @ .., last], _) => format!("{} and {last}", first.join(", ")),
    }
}

/// Which of two states a list asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Waiting {
    /// Waits for others.
    Blocked,
    /// Open, and others wait for it.
    Blocking,
    /// To do, and nothing is in its way.
    Ready,
}

impl Waiting {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Blocked, Self::Blocking, Self::Ready];

    /// The name in URLs and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Blocking => "blocking",
            Self::Ready => "ready",
        }
    }

    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Blocked => "Blocked",
            Self::Blocking => "Holds up others",
            Self::Ready => "Ready to begin",
        }
    }

    /// The state of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|waiting| waiting.as_str() == text)
    }
}

/// The reason for unblocking a task by hand, brought into form.
///
/// # Errors
/// [`Error::Invalid`] for one that is blank or too long.
pub fn reason(text: &str) -> Result<String> {
    crate::validate::name(text, crate::limits::REASON)
        .map_err(|problem| Error::field("reason", problem.code, problem.message))
}

impl TaskSummary {
    /// Whether it is blocked.
    pub const fn is_blocked(&self) -> bool {
        self.blocked_since.is_some()
    }

    /// Whether a blocker is open and nobody has said that it does not matter: then it may neither begin nor be done.
    pub const fn must_wait(&self) -> bool {
        self.blocker_count > 0 && self.overridden_at.is_none()
    }

    /// The rule of every way in: whether its open blockers forbid that it comes into a column of this meaning.
    pub fn may_not_enter(&self, category: Category) -> bool {
        category != Category::Todo && category != self.category && self.must_wait()
    }

    /// Whether others that wait for it still have to, by itself: it is in use and not done.
    pub fn is_open(&self) -> bool {
        self.lifecycle == Lifecycle::Active && self.category != Category::Done
    }
}

/// A person's own tasks that others wait for, and those that may go on again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waits {
    /// Open tasks of the person that hold up others, those that hold up most first.
    pub holding_up: Vec<crate::task::HomeTask>,
    /// Tasks of the person whose last blocker closed within the last seven days, the latest first.
    pub released: Vec<crate::task::HomeTask>,
}

/// Which project's dependencies to draw, or around which task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GraphOf {
    /// Everything linked in a project, with what it is linked to elsewhere.
    Project(ProjectId),
    /// Everything on the way to and from a task.
    Task(TaskId),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> TaskId {
        TaskId(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn a_relation_is_stored_once_and_read_from_both_sides() {
        for relation in Relation::ALL {
            let stored = relation.stored(id(1), id(2));
            assert_eq!(stored, relation.inverse().stored(id(2), id(1)), "{relation:?}");
            assert_eq!(stored.seen_from(id(1)), relation);
            assert_eq!(stored.seen_from(id(2)), relation.inverse());
            assert_eq!(Relation::parse(relation.as_str()), Some(relation));
        }
    }

    #[test]
    fn keys_are_named_as_people_name_them() {
        assert_eq!(keys_text(&["A-1"], 1), "A-1");
        assert_eq!(keys_text(&["A-1", "A-2"], 2), "A-1 and A-2");
        assert_eq!(keys_text(&["A-1", "A-2", "A-3"], 3), "A-1, A-2 and A-3");
        assert_eq!(keys_text(&["A-1", "A-2"], 5), "A-1, A-2 and 3 more");
    }

    #[test]
    fn a_loop_is_told_from_its_refused_step_round_to_its_beginning() {
        let task = |key: &str, step| CycleTask {
            id: id(1),
            key: key.into(),
            title: None,
            step,
            refused: key == "WEB-3",
        };
        let path = [task("WEB-3", Step::Blocks), task("WEB-9", Step::PartOf), task("OPS-2", Step::Blocks)];
        assert_eq!(cycle_text(&path), "WEB-3 → WEB-9 (part of) → OPS-2 → WEB-3");
    }
}
