//! The form around a task list that changes the ticked tasks, and what is said afterwards.

use super::{
    bulk_bar::{BulkBar, BulkRights, PREFIX},
    form_outcome::{FormOutcome, on_success},
    project_page::OpenProject,
    task_table::Selection,
};
use crate::{
    AppError,
    api::{
        task::edit_tasks,
        task_bulk::{BulkDone, ChangeTasks},
        task_choices::TaskChoices,
    },
    components::{FormErrors, Toaster, awaited, use_toaster},
    refused::forget_typed,
};
use domain::{
    ids::{ProjectId, TaskId},
    task::{BulkEdit, Lifecycle},
};
use leptos::{form::ActionForm, prelude::*, server::ServerAction, task::spawn_local};

/// Loads a list again, and its project, whose counts have changed.
#[derive(Clone, Copy)]
pub struct Reload {
    times: RwSignal<u32>,
    project: OpenProject,
}

impl Reload {
    /// For a list of that project.
    pub fn new(project: OpenProject) -> Self {
        Self { times: RwSignal::new(0), project }
    }

    /// Grows with each reload: part of what the list's resource depends on.
    pub fn times(self) -> u32 {
        self.times.get()
    }

    /// Does nothing once the page is gone.
    pub fn run(self) {
        if self.times.try_update(|times| *times += 1).is_some() {
            self.project.reload();
        }
    }
}

/// The form; its children are the list.
#[component]
pub fn ChangeMany(
    project: OpenProject,
    /// Which tasks the list shows.
    #[prop(into)]
    shelf: Signal<Lifecycle>,
    choices: Resource<Result<TaskChoices, AppError>>,
    selection: Selection,
    reload: Reload,
    children: Children,
) -> impl IntoView {
    let action = ServerAction::<ChangeTasks>::new();
    let outcome = FormOutcome::of(action, PREFIX);
    let toaster = use_toaster();
    on_success(action, move |done: BulkDone| {
        forget_typed();
        selection.clear();
        reload.run();
        tell(toaster, project.id(), &done, reload);
    });
    let bar = bar(project, shelf, choices, (selection, outcome.busy));
    view! {
        <ActionForm
            action
            node_ref=selection.form()
            attr:class="task-list-form"
            on:change=move |_| selection.count()
            on:reset=move |_| selection.count_soon()
            on:focusin=move |event| selection.focus_in(&event)
            on:focusout=move |event| selection.focus_out(&event)
        >
            <input type="hidden" name="project_id" value=project.id().to_string()/>
            <FormErrors message=outcome.message()/>
            {children()}
            {bar}
        </ActionForm>
    }
}

/// What can be done to the ticked tasks.
fn bar(
    project: OpenProject,
    shelf: Signal<Lifecycle>,
    choices: Resource<Result<TaskChoices, AppError>>,
    (selection, busy): (Selection, Signal<bool>),
) -> AnyView {
    let rights = Memo::new(move |_| BulkRights::of(project, shelf.get()));
    awaited(ViewFnOnce::default(), move || async move {
        let choices = choices.await.unwrap_or_default();
        move || {
            let (rights, choices) = (rights.get(), choices.clone());
            rights.any().then(|| view! { <BulkBar rights choices selection busy=busy/> })
        }
    })
}

/// Says what became of the tasks. What was put away can be brought back.
fn tell(toaster: Toaster, project: ProjectId, done: &BulkDone, reload: Reload) {
    let text = in_words(done);
    match done.to {
        Some(Lifecycle::Archived | Lifecycle::Deleted) if done.changed > 0 => {
            let tasks = done.tasks.clone();
            toaster.undo(text, move || bring_back(toaster, project, tasks.clone(), reload));
        }
        _ => toaster.success(text),
    }
}

fn in_words(done: &BulkDone) -> String {
    if done.changed == 0 {
        return "Nothing changed: the selected tasks were like that already.".into();
    }
    let verb = match done.to {
        None => "changed",
        Some(Lifecycle::Active) => "back in use",
        Some(Lifecycle::Archived) => "archived",
        Some(Lifecycle::Deleted) => "deleted",
    };
    let tasks =
        if done.changed == 1 { "1 task is".to_owned() } else { format!("{} tasks are", done.changed) };
    let rest = match done.unchanged {
        0 => String::new(),
        rest => format!(" {rest} had nothing to change."),
    };
    format!("{tasks} {verb}.{rest}")
}

fn bring_back(toaster: Toaster, project: ProjectId, tasks: Vec<TaskId>, reload: Reload) {
    let edit = BulkEdit { tasks, lifecycle: Some(Lifecycle::Active), ..BulkEdit::default() };
    spawn_local(async move {
        match edit_tasks(project, edit).await {
            Ok(_) => {
                toaster.success("The tasks are back in use.");
                reload.run();
            }
            Err(error) => toaster.error(error.to_string()),
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(to: Option<Lifecycle>, changed: i64, unchanged: i64) -> String {
        in_words(&BulkDone { tasks: Vec::new(), to, changed, unchanged })
    }

    #[test]
    fn what_happened_is_said_in_a_sentence() {
        assert_eq!(done(None, 3, 0), "3 tasks are changed.");
        assert_eq!(done(Some(Lifecycle::Archived), 1, 2), "1 task is archived. 2 had nothing to change.");
        assert!(done(None, 0, 2).starts_with("Nothing changed"));
    }
}
