//! The fields of a task besides title and text, for every form that makes or changes one. They send what
//! `api::task_form::TaskForm` reads, under `task[…]`.

use super::{
    check_list::{CheckItem, CheckList, Mark},
    form_outcome::FormOutcome,
    task_picker::TaskPicker,
};
use crate::{
    api::{
        task_choices::{ColumnChoice, LabelChoice, PersonChoice, TaskChoices},
        task_form::TaskForm,
    },
    components::{Choice, InputKind, Select, TextInput},
};
use domain::{ids::ProjectId, task::Priority, user::UserRef};
use leptos::prelude::*;

/// The name under which a form sends a field of [`TaskForm`].
pub fn name(field: &str) -> String {
    format!("task[{field}]")
}

/// What the caller may set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MaySet {
    /// Another column: always for a new task.
    pub column: bool,
    /// Other assignees.
    pub assignees: bool,
}

/// Column, priority, estimate, dates, parent, assignees and labels.
#[component]
pub fn TaskFields(
    outcome: FormOutcome,
    /// Put before a field's name to get its control's id, as for [`FormOutcome::of`].
    #[prop(default = "")]
    prefix: &'static str,
    project: ProjectId,
    choices: TaskChoices,
    /// What they start with.
    start: TaskForm,
    may_set: MaySet,
    /// Those who are assigned now, who may have left the project.
    #[prop(optional)]
    assigned: Vec<UserRef>,
) -> impl IntoView {
    let TaskChoices { columns, labels, people } = choices;
    let id = move |field: &str| format!("{prefix}{field}");
    let column = may_set.column.then(|| {
        view! { <ColumnField outcome id=id("column_id") columns value=start.column_id.clone()/> }
    });
    let assignees = may_set.assignees.then(|| {
        let chosen = start.assignees.iter().map(ToString::to_string).collect();
        view! { <AssigneesField outcome id=id("assignees") people assigned chosen/> }
    });
    let chosen = start.labels.iter().map(ToString::to_string).collect();
    view! {
        <div class="form-row">
            {column}
            <PriorityField id=id("priority") value=start.priority/>
            <TextInput
                id=id("estimate_minutes") name=name("estimate") label="Estimate" value=start.estimate
                placeholder="2h 30m" autocomplete="off"
                hint="Such as 90m, 2h 30m or 1d, which is 8 hours." error=outcome.field("estimate_minutes")
            />
        </div>
        <TimeAndPlace outcome prefix project start_on=start.start_on due_on=start.due_on parent=start.parent/>
        <div class="form-row">
            {assignees}
            <LabelsField outcome id=id("labels") labels chosen/>
        </div>
    }
}

/// When, and as part of what.
#[component]
fn TimeAndPlace(
    outcome: FormOutcome,
    prefix: &'static str,
    project: ProjectId,
    start_on: String,
    due_on: String,
    parent: String,
) -> impl IntoView {
    let id = move |field: &str| format!("{prefix}{field}");
    view! {
        <div class="form-row">
            <TextInput
                id=id("start_on") name=name("start_on") label="Starts" kind=InputKind::Date value=start_on
                error=outcome.field("start_on")
            />
            <TextInput
                id=id("due_on") name=name("due_on") label="Due" kind=InputKind::Date value=due_on
                error=outcome.field("due_on")
            />
            <TaskPicker
                project id=id("parent_id") name=name("parent") label="Part of" value=parent
                hint="Key of the task above it." error=outcome.field("parent_id")
            />
        </div>
    }
}

/// The project's columns.
#[component]
fn ColumnField(outcome: FormOutcome, id: String, columns: Vec<ColumnChoice>, value: String) -> impl IntoView {
    let choices: Vec<_> =
        columns.into_iter().map(|column| Choice::new(column.id.to_string(), column.name)).collect();
    view! { <Select id name=name("column_id") label="Column" choices value error=outcome.field("column_id")/> }
}

#[component]
fn PriorityField(id: String, value: String) -> impl IntoView {
    let choices: Vec<_> = priorities().collect();
    view! { <Select id name=name("priority") label="Priority" choices value/> }
}

/// Every priority, to choose from.
pub fn priorities() -> impl Iterator<Item = Choice> {
    Priority::ALL.into_iter().map(|priority| Choice::new(priority.as_str(), priority.label()))
}

#[component]
fn AssigneesField(
    outcome: FormOutcome,
    id: String,
    people: Vec<PersonChoice>,
    assigned: Vec<UserRef>,
    chosen: Vec<String>,
) -> impl IntoView {
    let gone = assigned.into_iter().filter(|person| people.iter().all(|choice| choice.id != person.id));
    let gone: Vec<_> = gone.map(|person| (person.id, person.display_name)).collect();
    let items = gone
        .into_iter()
        .chain(people.iter().map(|person| (person.id, person.name.clone())))
        .map(|(id, text)| CheckItem { value: id.to_string(), text, mark: Mark::Face })
        .collect();
    view! {
        <input type="hidden" name=name("with_assignees") value="true"/>
        <CheckList
            id label="Assignees" name=name("assignees") + "[]" items chosen error=outcome.field("assignees")
            empty="Nobody can be assigned yet. Add people under Members."
        />
    }
}

#[component]
fn LabelsField(
    outcome: FormOutcome,
    id: String,
    labels: Vec<LabelChoice>,
    chosen: Vec<String>,
) -> impl IntoView {
    let items = labels
        .into_iter()
        .map(|label| CheckItem {
            value: label.id.to_string(),
            text: label.name,
            mark: Mark::Colour(label.colour),
        })
        .collect();
    view! {
        <input type="hidden" name=name("with_labels") value="true"/>
        <CheckList
            id label="Labels" name=name("labels") + "[]" items chosen error=outcome.field("labels")
            empty="This project has no labels yet. They are made in its settings."
        />
    }
}
