//! What a task may be: its texts and days, its people, labels and parent.

use domain::{
    Day, Error, Result,
    error::Fields,
    ids::{LabelId, ProjectId, TaskId, UserId},
    label::Label,
    limits,
    task::{Lifecycle, Task},
    user::UserRef,
    validate,
};
use std::collections::HashSet;
use store::{Tx, tasks::Link};

/// Years that a day may have: what is further away is a slip of the hand, and 9999 is stored for "not set".
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2999;

/// Brings a task's texts into form and checks days, estimate and how many people and labels it has.
///
/// # Errors
/// [`Error::Invalid`].
pub(super) fn fields(task: &mut Task) -> Result<()> {
    let mut fields = Fields::new();
    let it = &mut task.summary;
    it.title = fields.check("title", validate::name(&it.title, limits::TITLE));
    task.description = fields.check("description", validate::text(&task.description, limits::TEXT));
    day(&mut fields, "start_on", it.start_on);
    day(&mut fields, "due_on", it.due_on);
    if let (Some(start), Some(due)) = (it.start_on, it.due_on)
        && due < start
    {
        fields.add("due_on", "before_start", "The due date is before the start. Choose a later one.");
    }
    if it.estimate_minutes.is_some_and(|minutes| !(1..=limits::ESTIMATE).contains(&minutes)) {
        let message = format!(
            "An estimate is 1 to {} minutes. Enter one of these, or leave it empty.",
            limits::ESTIMATE
        );
        fields.add("estimate_minutes", "out_of_range", message);
    }
    fields.finish()
}

fn day(fields: &mut Fields, field: &str, day: Option<Day>) {
    if day.is_some_and(|day| !YEARS.contains(&day.0.year())) {
        let message = format!("Enter a date between {} and {}.", YEARS.start(), YEARS.end());
        fields.add(field, "out_of_range", message);
    }
}

/// The people to assign, by name. Those in `already` may stay, also if they have left the project.
///
/// # Errors
/// [`Error::Invalid`] for too many, or for one who is not of the project.
pub(super) async fn assignees(
    tx: &mut Tx,
    project: ProjectId,
    ids: &[UserId],
    already: &[UserRef],
) -> Result<Vec<UserRef>> {
    let wanted: HashSet<UserId> = ids.iter().copied().collect();
    if wanted.len() > limits::ASSIGNEES {
        return Err(too_many_assignees());
    }
    let mut people: Vec<UserRef> =
        already.iter().filter(|person| wanted.contains(&person.id)).cloned().collect();
    let new: Vec<UserId> =
        wanted.iter().copied().filter(|id| !people.iter().any(|person| person.id == *id)).collect();
    people.extend(store::project_members::people_among(tx, project, &new).await?);
    if people.len() < wanted.len() {
        return Err(Error::field(
            "assignees",
            "unknown",
            "Only people of the project can be assigned. Add them to the project first.",
        ));
    }
    people.sort_by(|a, b| (&a.display_name, a.id).cmp(&(&b.display_name, b.id)));
    Ok(people)
}

pub(super) fn too_many_assignees() -> Error {
    Error::field(
        "assignees",
        "too_many",
        format!("A task has at most {} assignees. Take some off.", limits::ASSIGNEES),
    )
}

/// The labels to put on, by name.
///
/// # Errors
/// [`Error::Invalid`] for too many, or for one that is not of the project.
pub(super) async fn labels(tx: &mut Tx, project: ProjectId, ids: &[LabelId]) -> Result<Vec<Label>> {
    let wanted: HashSet<LabelId> = ids.iter().copied().collect();
    if wanted.len() > limits::TASK_LABELS {
        return Err(too_many_labels());
    }
    let ids: Vec<_> = wanted.into_iter().collect();
    let mut labels = store::labels::find_many(tx, &ids).await?;
    labels.retain(|label| label.project_id == project);
    if labels.len() < ids.len() {
        return Err(Error::field(
            "labels",
            "unknown",
            "A label is not there any more. Choose among the project's labels.",
        ));
    }
    labels.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(labels)
}

pub(super) fn too_many_labels() -> Error {
    Error::field(
        "labels",
        "too_many",
        format!("A task has at most {} labels. Take some off.", limits::TASK_LABELS),
    )
}

/// The parent for a task that is `moved` (with what hangs below it) or new.
///
/// # Errors
/// [`Error::Invalid`] for one that is not in the project or not in use, that is below the task itself, or that is
/// too deep.
pub(super) async fn parent(
    tx: &mut Tx,
    project: ProjectId,
    parent: TaskId,
    moved: Option<TaskId>,
) -> Result<Link> {
    let chain = store::tasks::chain(tx, parent).await?;
    if let Some(moved) = moved
        && let Some(at) = chain.iter().position(|link| link.task.id == moved)
    {
        return Err(loop_of(&chain[..=at]));
    }
    let below = match moved {
        Some(moved) => store::tasks::depth_below(tx, moved).await?,
        None => 0,
    };
    let depth = i64::try_from(chain.len()).unwrap_or(i64::MAX);
    if depth + 1 + below > i64::try_from(limits::DEPTH).unwrap_or(i64::MAX) {
        return Err(Error::field(
            "parent_id",
            "too_deep",
            format!("Sub-tasks go {} levels deep. Choose a parent further up.", limits::DEPTH),
        ));
    }
    chain
        .into_iter()
        .next()
        .filter(|link| link.project_id == project && link.lifecycle == Lifecycle::Active)
        .ok_or_else(|| {
            Error::field(
                "parent_id",
                "unknown",
                "The parent has to be a task of the same project that is in use. Choose another.",
            )
        })
}

fn loop_of(path: &[Link]) -> Error {
    let keys: Vec<_> = path.iter().map(|link| link.task.key.as_str()).collect();
    let message = match keys.split_first() {
        Some((first, above)) if !above.is_empty() => format!(
            "That would make a loop: {first} is part of {}. Choose another parent.",
            above.join(", which is part of ")
        ),
        _ => "A task can't be its own parent. Choose another.".to_owned(),
    };
    Error::field("parent_id", "loop", message)
}
