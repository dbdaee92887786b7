//! The small form of each property.

use super::{
    saver::Saver,
    shown::{Labels, People},
    value::{current, error_name, form_name, label, word},
};
use crate::{
    api::{task_choices::TaskChoices, task_page::TaskField},
    components::{Button, ButtonSize, Choice, InputKind, Select, TextInput},
    features::{
        by_script::{follow, tick_only},
        check_list::{CheckItem, CheckList, Mark},
        task_fields::{name, priorities},
        task_picker::TaskPicker,
    },
};
use domain::task::Task;
use leptos::{form::ActionForm, prelude::*};

/// The years that a task's days may have: while a year is being typed, it is outside of them.
const FIRST_DAY: &str = "1900-01-01";
const LAST_DAY: &str = "2999-12-31";

/// A form that sends one field; the children are its control.
#[component]
fn FieldForm(saver: Saver, field: TaskField, children: Children) -> impl IntoView {
    let id = format!("save-{}", word(field));
    let form = id.clone();
    view! {
        <ActionForm
            action=saver.action
            attr:id=id
            attr:class="field-form"
            on:change=move |_| saver.save(form.clone())
        >
            <input type="hidden" name="id" value=saver.task.id().to_string()/>
            <input type="hidden" name="version" value=move || saver.task.version()/>
            <input type="hidden" name="field" value=word(field)/>
            {children()}
            <div class="without-script">
                <Button kind="submit" size=ButtonSize::Small attr:aria-label=format!("Save {}", label(field))>"Save"</Button>
            </div>
        </ActionForm>
    }
}

fn id(field: TaskField) -> String {
    format!("task-{}", error_name(field))
}

/// Keeps a control equal to what others make of its field.
fn follow_task(saver: Saver, field: TaskField) {
    follow(id(field), Signal::derive(move || current(field, saver.task)));
}

/// Moves the task to the end of another column.
#[component]
pub fn ColumnForm(saver: Saver, choices: Signal<Option<TaskChoices>>) -> impl IntoView {
    let field = TaskField::Column;
    follow_task(saver, field);
    let columns = Signal::derive(move || {
        let choice = |id: String, name: String| Choice::new(id, name);
        let columns = choices.with(|choices| choices.as_ref().map(|choices| choices.columns.clone()));
        let here = || saver.task.of(|it| choice(it.column_id.to_string(), it.column_name.clone()));
        match columns {
            Some(columns) => columns.into_iter().map(|it| choice(it.id.to_string(), it.name)).collect(),
            // Still on the way.
            None => vec![untrack(here)],
        }
    });
    let value = saver.start(field);
    view! {
        <FieldForm saver field>
            <Select
                id=id(field) name=name(form_name(field)) label=label(field) hide_label=true choices=columns value
                error=saver.outcome.field(error_name(field))
            />
        </FieldForm>
    }
}

#[component]
pub fn PriorityForm(saver: Saver) -> impl IntoView {
    let field = TaskField::Priority;
    follow_task(saver, field);
    let choices: Vec<_> = priorities().collect();
    view! {
        <FieldForm saver field>
            <Select
                id=id(field) name=name(form_name(field)) label=label(field) hide_label=true choices
                value=saver.start(field)
            />
        </FieldForm>
    }
}

/// Start or due day.
#[component]
pub fn DayForm(saver: Saver, field: TaskField) -> impl IntoView {
    follow_task(saver, field);
    view! {
        <FieldForm saver field>
            <TextInput
                id=id(field) name=name(form_name(field)) label=label(field) hide_label=true kind=InputKind::Date
                min=FIRST_DAY max=LAST_DAY value=saver.start(field) error=saver.outcome.field(error_name(field))
            />
        </FieldForm>
    }
}

#[component]
pub fn EstimateForm(saver: Saver) -> impl IntoView {
    let field = TaskField::Estimate;
    follow_task(saver, field);
    view! {
        <FieldForm saver field>
            <TextInput
                id=id(field) name=name(form_name(field)) label=label(field) hide_label=true placeholder="2h 30m"
                autocomplete="off" value=saver.start(field) error=saver.outcome.field(error_name(field))
            />
        </FieldForm>
    }
}

/// The task above: its key, with suggestions.
#[component]
pub fn ParentForm(saver: Saver) -> impl IntoView {
    let field = TaskField::Parent;
    follow_task(saver, field);
    view! {
        <FieldForm saver field>
            <TaskPicker
                project=saver.task.project().id id=id(field) name=name(form_name(field)) label=label(field)
                hide_label=true value=saver.start(field) error=saver.outcome.field(error_name(field))
            />
        </FieldForm>
    }
}

/// Who does it, and boxes behind a fold.
#[component]
pub fn PeopleForm(saver: Saver, choices: Signal<Option<TaskChoices>>) -> impl IntoView {
    let field = TaskField::Assignees;
    let items = move || {
        let assigned = saver.task.now().summary.assignees;
        let people = choices.with(|choices| choices.as_ref().map(|it| it.people.clone())).unwrap_or_default();
        let gone: Vec<_> = assigned
            .into_iter()
            .filter(|person| people.iter().all(|choice| choice.id != person.id))
            .collect();
        let gone = gone.into_iter().map(|person| (person.id, person.display_name));
        gone.chain(people.into_iter().map(|person| (person.id, person.name)))
            .map(|(id, text)| CheckItem { value: id.to_string(), text, mark: Mark::Face })
            .collect()
    };
    view! {
        <People task=saver.task/>
        <Boxes
            saver field items chosen=assignees
            empty="Nobody can be assigned yet. Add people under the project’s Members."
        />
    }
}

/// Its labels, and boxes behind a fold.
#[component]
pub fn LabelsForm(saver: Saver, choices: Signal<Option<TaskChoices>>) -> impl IntoView {
    let field = TaskField::Labels;
    let items = move || {
        let labels = choices.with(|choices| choices.as_ref().map(|it| it.labels.clone())).unwrap_or_default();
        labels
            .into_iter()
            .map(|it| CheckItem { value: it.id.to_string(), text: it.name, mark: Mark::Colour(it.colour) })
            .collect()
    };
    view! {
        <Labels task=saver.task/>
        <Boxes
            saver field items chosen=labels
            empty="This project has no labels yet. They are made in its settings."
        />
    }
}

fn assignees(task: &Task) -> Vec<String> {
    task.summary.assignees.iter().map(|person| person.id.to_string()).collect()
}

fn labels(task: &Task) -> Vec<String> {
    task.summary.labels.iter().map(|label| label.id.to_string()).collect()
}

/// Boxes to tick. They follow what others do to the task; while one ticks, nothing moves.
#[component]
fn Boxes<I>(
    saver: Saver,
    field: TaskField,
    items: I,
    chosen: fn(&Task) -> Vec<String>,
    empty: &'static str,
) -> impl IntoView
where
    I: Fn() -> Vec<CheckItem> + Send + Sync + 'static,
{
    // What others did to these boxes, and nothing else: a tick of one's own that is on its way stays.
    let now = Memo::new(move |_| saver.task.with(|view| chosen(&view.task)));
    Effect::new(move |before: Option<(u32, Vec<String>)>| {
        let (times, now) = (saver.task.foreign_changes(), now.get());
        if before.is_some_and(|(then, before)| then != times && before != now) {
            tick_only(&id(field), &now);
        }
        (times, now)
    });
    let list = move || {
        view! {
            <CheckList
                id=id(field) label=label(field) name=format!("{}[]", name(form_name(field))) items=items()
                chosen=chosen(&saver.task.now()) empty error=saver.outcome.field(error_name(field))
            />
        }
    };
    let summary = format!("Change {}", label(field).to_lowercase());
    view! {
        <details class="field-fold" id=format!("fold-{}", word(field))>
            <summary class="button" data-variant="quiet" data-size="small" aria-label=summary>"Change"</summary>
            <FieldForm saver field>{list}</FieldForm>
        </details>
    }
}
