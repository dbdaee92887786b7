//! The columns of the board: names, meanings, order.

use crate::{
    api::column::{CreateColumn, DeleteColumn, MoveColumn, UpdateColumn, list_columns},
    components::{
        AsyncPanel, Button, ButtonSize, CategoryIcon, Choice, FormErrors, Icon, IconButton, Select,
        SkeletonRows, TextInput, use_toaster,
    },
    features::{
        form_outcome::{FormOutcome, on_success},
        project_page::OpenProject,
    },
};
use domain::board::{Category, Column};
use leptos::{form::ActionForm, html, prelude::*, server::ServerAction};

/// What can be done to a column; one of each for all rows.
#[derive(Clone, Copy)]
struct Acts {
    update: ServerAction<UpdateColumn>,
    shift: ServerAction<MoveColumn>,
    delete: ServerAction<DeleteColumn>,
}

/// A row for each column, and a form for another one.
#[component]
pub fn Columns(project: OpenProject) -> impl IntoView {
    let create = ServerAction::<CreateColumn>::new();
    let acts = Acts { update: ServerAction::new(), shift: ServerAction::new(), delete: ServerAction::new() };
    let toaster = use_toaster();
    on_success(acts.update, move |column: Column| toaster.success(format!("{} is saved.", column.name)));
    on_success(acts.shift, move |column: Column| {
        toaster.success(format!("{} is number {} from the left now.", column.name, column.position + 1));
    });
    on_success(acts.delete, move |()| toaster.success("The column is deleted."));
    on_success(create, move |column: Column| {
        toaster.success(format!("{} stands at the right end.", column.name));
    });
    let columns = Resource::new(
        move || {
            let versions = [
                create.version().get(),
                acts.update.version().get(),
                acts.shift.version().get(),
                acts.delete.version().get(),
            ];
            (project.id(), versions)
        },
        |(id, _)| list_columns(id),
    );
    let problems =
        [FormOutcome::of(acts.update, ""), FormOutcome::of(acts.shift, ""), FormOutcome::of(acts.delete, "")];
    view! {
        {problems.map(|outcome| view! { <FormErrors message=outcome.message()/> }).into_iter().collect_view()}
        <AsyncPanel resource=columns loading=|| view! { <SkeletonRows count=4/> } let:columns>
            {
                let last = columns.len().saturating_sub(1);
                // Drawn anew for each answer: in a row that became another one, what was typed would stay.
                let rows = move || {
                    let rows = columns.clone().into_iter().enumerate();
                    rows.map(|(at, column)| row(column, at, last, acts)).collect_view()
                };
                view! { <ol class="setting-rows">{rows}</ol> }
            }
        </AsyncPanel>
        <NewColumn project create/>
    }
}

fn row(column: Column, at: usize, last: usize, acts: Acts) -> impl IntoView {
    let name = &column.name;
    let left = (Icon::ArrowUp, format!("Move {name} to the left"));
    let right = (Icon::ArrowDown, format!("Move {name} to the right"));
    view! {
        <li class="setting-row">
            {edit(&column, acts)}
            <div class="setting-row-acts">
                <span class="muted nowrap">{tasks(column.task_count)}</span>
                {shift(&column, at.checked_sub(1), left, acts)}
                {shift(&column, (at < last).then_some(at + 1), right, acts)}
                {remove(&column, acts)}
            </div>
        </li>
    }
}

fn edit(column: &Column, acts: Acts) -> impl IntoView + use<> {
    let Column { id, name, category, version, .. } = column.clone();
    let (name_label, meaning_label) = (format!("Name of {name}"), format!("Meaning of {name}"));
    let save = format!("Save {name}");
    view! {
        <ActionForm action=acts.update attr:class="setting-row-form">
            <input type="hidden" name="id" value=id.to_string()/>
            <input type="hidden" name="version" value=version.to_string()/>
            <CategoryIcon category/>
            <TextInput id=format!("column-{id}") name="name" label=name_label value=name hide_label=true required=true/>
            <Select
                id=format!("meaning-{id}") name="category" label=meaning_label hide_label=true
                choices=meanings() value=category.as_str().to_owned()
            />
            <Button kind="submit" attr:aria-label=save>"Save"</Button>
        </ActionForm>
    }
}

/// A button that puts the column at another place, if there is one.
fn shift(
    column: &Column,
    to: Option<usize>,
    (icon, label): (Icon, String),
    acts: Acts,
) -> impl IntoView + use<> {
    let (id, version) = (column.id.to_string(), column.version.to_string());
    view! {
        <ActionForm action=acts.shift>
            <input type="hidden" name="id" value=id/>
            <input type="hidden" name="version" value=version/>
            <input type="hidden" name="position" value=to.unwrap_or_default().to_string()/>
            <IconButton kind="submit" icon label size=ButtonSize::Small disabled=to.is_none()/>
        </ActionForm>
    }
}

fn remove(column: &Column, acts: Acts) -> impl IntoView + use<> {
    let empty = column.task_count == 0;
    let label = if empty {
        format!("Delete {}", column.name)
    } else {
        format!("{} has tasks. Move them first, then delete it.", column.name)
    };
    let id = column.id.to_string();
    view! {
        <ActionForm action=acts.delete>
            <input type="hidden" name="id" value=id/>
            <IconButton kind="submit" icon=Icon::Trash label size=ButtonSize::Small disabled=!empty/>
        </ActionForm>
    }
}

#[component]
fn NewColumn(project: OpenProject, create: ServerAction<CreateColumn>) -> impl IntoView {
    let outcome = FormOutcome::of(create, "new-column-");
    let form = NodeRef::<html::Form>::new();
    on_success(create, move |_| {
        if let Some(form) = form.get_untracked() {
            form.reset();
        }
    });
    view! {
        <FormErrors message=outcome.message()/>
        <ActionForm action=create node_ref=form attr:class="people-add">
            <input type="hidden" name="project" value=project.id().to_string()/>
            <TextInput id="new-column-name" name="name" label="New column" required=true error=outcome.field("name")/>
            <Select
                id="new-column-category" name="category" label="Tasks in it are" choices=meanings()
                value=Category::Doing.as_str().to_owned()
            />
            <Button kind="submit" icon=Icon::Plus busy=outcome.busy>"Add column"</Button>
        </ActionForm>
    }
}

fn meanings() -> Vec<Choice> {
    Category::ALL.map(|category| Choice::new(category.as_str(), category.label())).into()
}

fn tasks(count: i64) -> String {
    match count {
        0 => "No tasks".into(),
        1 => "1 task".into(),
        many => format!("{many} tasks"),
    }
}
