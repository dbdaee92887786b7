//! What can be done to the ticked rows of a task list. It is part of the form around them; style shows it as soon as
//! one is ticked, so it works without script.

use super::{project_page::OpenProject, task_fields::priorities, task_table::Selection};
use crate::{
    api::{task_bulk::ChangeTasks, task_choices::TaskChoices},
    components::{Button, ButtonVariant, Checkbox, Choice, Icon, IconButton, InputKind, Select, TextInput},
    refused::typed_in,
};
use domain::{permission::Permission, task::Lifecycle};
use leptos::prelude::*;

/// Put before a field's name to get its control's id.
pub const PREFIX: &str = "bulk-";

/// What the caller may do to the tasks of a shelf.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BulkRights {
    shelf: Lifecycle,
    column: bool,
    fields: bool,
    people: bool,
    archive: bool,
    delete: bool,
}

impl BulkRights {
    /// On that shelf of the project.
    pub fn of(project: OpenProject, shelf: Lifecycle) -> Self {
        // What is put away does not change but for being brought back.
        let in_use = shelf == Lifecycle::Active;
        Self {
            shelf,
            column: in_use && project.may(Permission::TaskMove),
            fields: in_use && project.may(Permission::TaskUpdate),
            people: in_use && project.may(Permission::TaskAssign),
            archive: shelf != Lifecycle::Deleted && project.may(Permission::TaskArchive),
            delete: project.may(Permission::TaskDelete),
        }
    }

    /// Whether there is anything to tick rows for.
    pub const fn any(self) -> bool {
        self.column || self.fields || self.people || self.archive || self.delete
    }
}

/// The bar.
#[component]
pub fn BulkBar(
    rights: BulkRights,
    choices: TaskChoices,
    selection: Selection,
    #[prop(into)] busy: Signal<bool>,
) -> impl IntoView {
    let count = move || match selection.ticked() {
        0 => "Selected tasks".to_owned(),
        count => format!("{count} selected"),
    };
    let TaskChoices { columns, labels, people } = choices;
    let columns = columns.into_iter().map(|column| Choice::new(column.id.to_string(), column.name)).collect();
    let columns = rights.column.then(|| pick("column_id", "Move to…", columns));
    let people: Vec<_> =
        people.into_iter().map(|person| Choice::new(person.id.to_string(), person.name)).collect();
    let assign = rights.people.then(|| pick("assign", "Assign…", people.clone()));
    let labels: Vec<_> =
        labels.into_iter().map(|label| Choice::new(label.id.to_string(), label.name)).collect();
    let more = (rights.fields || rights.people).then(|| view! { <More rights people labels/> });
    let changes = rights.column || rights.fields || rights.people;
    let apply = changes.then(|| {
        view! { <Button variant=ButtonVariant::Primary kind="submit" busy>"Apply"</Button> }
    });
    view! {
        <div class="bulk-bar" role="group" aria-label="Change the selected tasks">
            <p class="bulk-count" aria-live="polite">{count}</p>
            {columns} {assign} {more} {apply}
            <PutAway rights busy/>
            <IconButton icon=Icon::Close label="Clear the selection" kind="reset"/>
        </div>
    }
}

/// What is needed less often.
#[component]
fn More(rights: BulkRights, people: Vec<Choice>, labels: Vec<Choice>) -> impl IntoView {
    let unassign = rights.people.then(|| pick("unassign", "Unassign…", people));
    let fields = rights.fields.then(|| {
        view! {
            {pick("priority", "Priority…", priorities().collect())}
            {pick("add_label", "Add label…", labels.clone())}
            {pick("remove_label", "Remove label…", labels)}
            <TextInput id=format!("{PREFIX}due_on") name=sent("due_on") label="Due" kind=InputKind::Date value=chosen("due_on")/>
            <Checkbox id="bulk-clear_due" name=sent("clear_due") label="No due date"/>
        }
    });
    view! {
        <details class="bulk-more">
            <summary class="button" data-variant="quiet">"More" <Icon icon=Icon::ChevronDown/></summary>
            <div class="bulk-more-fields">{fields} {unassign}</div>
        </details>
    }
}

/// Buttons that say themselves what they do, and do nothing else.
#[component]
fn PutAway(rights: BulkRights, busy: Signal<bool>) -> impl IntoView {
    let button = move |to: Lifecycle, icon: Icon, text: &'static str| {
        view! {
            <Button kind="submit" icon busy attr:name=sent("to") attr:value=to.as_str()>{text}</Button>
        }
    };
    let in_use = rights.shelf == Lifecycle::Active;
    let back = match rights.shelf {
        Lifecycle::Active => None,
        Lifecycle::Archived => rights.archive.then_some("Take out of the archive"),
        Lifecycle::Deleted => rights.delete.then_some("Restore"),
    };
    let delete = rights.delete && rights.shelf != Lifecycle::Deleted;
    view! {
        {back.map(|text| button(Lifecycle::Active, Icon::Restore, text))}
        {(in_use && rights.archive).then(|| button(Lifecycle::Archived, Icon::Archive, "Archive"))}
        {delete.then(|| button(Lifecycle::Deleted, Icon::Trash, "Delete"))}
    }
}

/// The name under which `api::task_bulk::BulkForm` reads a field.
fn sent(field: &str) -> String {
    format!("change[{field}]")
}

/// What was chosen before the form was refused.
fn chosen(field: &str) -> String {
    typed_in::<ChangeTasks>().and_then(|typed| typed.get(&sent(field)).map(str::to_owned)).unwrap_or_default()
}

/// A list whose first line says what it is for and changes nothing.
fn pick(field: &'static str, text: &'static str, mut choices: Vec<Choice>) -> impl IntoView {
    choices.insert(0, Choice::new("", text));
    let (label, value) = (text.trim_end_matches('…'), chosen(field));
    view! { <Select id=format!("{PREFIX}{field}") name=sent(field) label hide_label=true choices value/> }
}
