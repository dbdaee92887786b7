//! What the history says of a changed task.

use crate::journal::{Entry, Journal};
use domain::{
    Day,
    activity::{Action, Change, Tells},
    board::{Category, Column},
    ids::TaskId,
    label::Label,
    rank::Rank,
    task::{Priority, Task, TaskSummary},
    time::Timestamp,
    user::UserRef,
};
use std::collections::HashMap;

/// Longest text that the history repeats, in characters: of a longer one it says only that it changed.
const REPEATED: usize = 200;

/// Puts a task into a column, with all that follows from it.
pub(super) fn put_in(task: &mut TaskSummary, column: &Column, rank: Rank, now: Timestamp) {
    task.column_id = column.id;
    task.column_name.clone_from(&column.name);
    task.category = column.category;
    task.rank = rank.into();
    task.completed_at = match column.category {
        Category::Done => task.completed_at.or(Some(now)),
        Category::Todo | Category::Doing => None,
    };
}

/// Notes how `after` differs from `before`: changed fields, and being moved, completed or reopened. `keys` names the
/// parents of both.
pub(super) fn note(journal: &mut Journal<'_>, before: &Task, after: &Task, keys: &HashMap<TaskId, String>) {
    let entry = |action| {
        Entry::new(action, &after.summary.title).project(after.summary.project_id).task(after.summary.id)
    };
    let changes = differences(before, after, keys);
    if !changes.is_empty() {
        let had = |person: &UserRef| before.summary.assignees.iter().any(|there| there.id == person.id);
        let new = after.summary.assignees.iter().filter(|person| !had(person));
        let assigned = new.map(|person| person.id).collect();
        let tells = Tells { assigned, ..Tells::default() };
        journal.add(entry(Action::TaskUpdated).changes(changes).tells(tells));
    }
    if let Some(action) = move_of(&before.summary, &after.summary) {
        let name = |task: &TaskSummary| Some(task.column_name.clone());
        let column = Change::of("column", name(&before.summary), name(&after.summary));
        journal.add(entry(action).changes(column));
    }
}

/// Whether anything differs that an edit or move can change.
pub(super) fn differs(before: &Task, after: &Task) -> bool {
    move_of(&before.summary, &after.summary).is_some()
        || !differences(before, after, &HashMap::new()).is_empty()
        || before.summary.parent_id != after.summary.parent_id
}

fn move_of(before: &TaskSummary, after: &TaskSummary) -> Option<Action> {
    let done = |task: &TaskSummary| task.category == Category::Done;
    match (done(before), done(after)) {
        (false, true) => Some(Action::TaskCompleted),
        (true, false) => Some(Action::TaskReopened),
        _ if before.column_id != after.column_id || before.rank != after.rank => Some(Action::TaskMoved),
        _ => None,
    }
}

fn differences(before: &Task, after: &Task, keys: &HashMap<TaskId, String>) -> Vec<Change> {
    let (was, is) = (&before.summary, &after.summary);
    let day = |day: Option<Day>| day.map(|day| day.to_string());
    let parent = |task: &TaskSummary| task.parent_id.and_then(|id| keys.get(&id).cloned());
    [
        Change::of("title", Some(was.title.clone()), Some(is.title.clone())),
        text("description", &before.description, &after.description),
        Change::of("priority", level(was.priority), level(is.priority)),
        people(&was.assignees, &is.assignees),
        labels(&was.labels, &is.labels),
        Change::of("start_on", day(was.start_on), day(is.start_on)),
        Change::of("due_on", day(was.due_on), day(is.due_on)),
        Change::of("estimate", duration(was.estimate_minutes), duration(is.estimate_minutes)),
        Change::of("parent", parent(was), parent(is)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// That a text changed, with the text itself if it is short.
pub(crate) fn text(field: &str, before: &str, after: &str) -> Option<Change> {
    let short = |text: &str| text.chars().nth(REPEATED).is_none();
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    if before == after || short(before) && short(after) {
        return Change::of(field, some(before), some(after));
    }
    Some(Change { field: field.into(), before: None, after: Some("changed".into()) })
}

fn level(priority: Priority) -> Option<String> {
    (priority != Priority::None).then(|| priority.label().into())
}

/// Compared by id: two people may have the same name, and a name may have changed meanwhile.
fn people(before: &[UserRef], after: &[UserRef]) -> Option<Change> {
    let ids =
        |people: &[UserRef]| people.iter().map(|person| person.id).collect::<std::collections::BTreeSet<_>>();
    let names = |people: &[UserRef]| joined(people.iter().map(|person| person.display_name.as_str()));
    (ids(before) != ids(after)).then(|| Change {
        field: "assignees".into(),
        before: names(before),
        after: names(after),
    })
}

fn labels(before: &[Label], after: &[Label]) -> Option<Change> {
    let ids =
        |labels: &[Label]| labels.iter().map(|label| label.id).collect::<std::collections::BTreeSet<_>>();
    let names = |labels: &[Label]| joined(labels.iter().map(|label| label.name.as_str()));
    (ids(before) != ids(after)).then(|| Change {
        field: "labels".into(),
        before: names(before),
        after: names(after),
    })
}

fn joined<'n>(names: impl Iterator<Item = &'n str>) -> Option<String> {
    let names: Vec<_> = names.collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn duration(minutes: Option<i64>) -> Option<String> {
    minutes.map(|minutes| match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    })
}
