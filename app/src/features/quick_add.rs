//! One line for a new task: type a title, press Enter, go on with the next.

use super::{
    by_script::empty_sent,
    form_outcome::{FormOutcome, on_success},
};
use crate::{
    api::task::AddTask,
    components::{Button, FormErrors, Icon, use_toaster},
    refused::{forget_typed, typed_in},
};
use domain::{
    ids::{ColumnId, ProjectId},
    limits,
    task::Task,
};
use leptos::{form::ActionForm, html, prelude::*, server::ServerAction};

/// The line. A task goes to the end of `column`, or of the project's first one.
#[component]
pub fn QuickAdd(
    project: ProjectId,
    #[prop(into)] column: Signal<Option<ColumnId>>,
    /// Called with each new task.
    #[prop(into)]
    added: Callback<Task>,
) -> impl IntoView {
    let action = ServerAction::<AddTask>::new();
    let outcome = FormOutcome::of(action, "quick-");
    let toaster = use_toaster();
    let typed = typed_in::<AddTask>().and_then(|typed| typed.get("title").map(str::to_owned));
    let field = NodeRef::<html::Input>::new();
    on_success(action, move |task: Task| {
        forget_typed();
        empty_sent(field, &task.summary.title);
        toaster.success(format!("{} is added.", task.summary.key));
        added.run(task);
    });
    let column = move || {
        let id = column.get()?;
        Some(view! { <input type="hidden" name="column_id" value=id.to_string()/> })
    };
    view! {
        <div class="quick-add">
            <FormErrors message=outcome.message()/>
            <ActionForm action attr:class="quick-add-form">
                <input type="hidden" name="project_id" value=project.to_string()/>
                {column}
                <Icon icon=Icon::Plus/>
                <input
                    class="input" id="quick-title" name="title" value=typed required node_ref=field
                    maxlength=limits::TITLE.to_string() autocomplete="off" enterkeyhint="done"
                    placeholder="Add a task: its title, then Enter" aria-label="Title of a new task"
                />
                <Button kind="submit" busy=outcome.busy>"Add"</Button>
            </ActionForm>
        </div>
    }
}
