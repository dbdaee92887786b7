//! A new task with everything that can be said about it.

use crate::{
    api::{
        task_choices::{TaskChoices, task_choices},
        task_form::{CreateTask, TaskForm},
    },
    components::{
        AsyncPanel, Button, ButtonVariant, EmptyState, FormErrors, Icon, LinkButton, SkeletonLines,
        TextInput, use_toaster,
    },
    features::{
        form_outcome::{FormOutcome, on_success},
        markdown_editor::MarkdownEditor,
        project_page::{OpenProject, ProjectPage},
        task_fields::{MaySet, TaskFields, name},
        use_query::use_query,
    },
    paths,
    refused::{forget_typed, typed_in},
};
use domain::{limits, permission::Permission, task::Task};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};

/// The form, for those who may. Its address says what it starts with: `?parent=WEB-3`.
#[component]
pub fn NewTaskPage() -> impl IntoView {
    view! {
        <ProjectPage title="New task" let:project>
            <div class="page page-narrow">
                <h2 class="task-new-title">"New task"</h2>
                <NewTask project/>
            </div>
        </ProjectPage>
    }
}

#[component]
fn NewTask(project: OpenProject) -> impl IntoView {
    let may = Memo::new(move |_| project.may(Permission::TaskCreate));
    let choices = Resource::new(|| (), move |()| task_choices(project.id()));
    move || {
        if !may.get() {
            return view! { <MayNot/> }.into_any();
        }
        view! {
            <AsyncPanel resource=choices loading=|| view! { <SkeletonLines count=12/> } let:choices>
                <NewTaskForm project choices/>
            </AsyncPanel>
        }
        .into_any()
    }
}

#[component]
fn MayNot() -> impl IntoView {
    view! {
        <EmptyState
            icon=Icon::Lock title="You may not add tasks here"
            text="Your role in this project does not allow it, or the project is put away. Ask someone who runs the project."
        >
            <LinkButton href=paths::WHY>"Why?"</LinkButton>
        </EmptyState>
    }
}

#[component]
fn NewTaskForm(project: OpenProject, choices: TaskChoices) -> impl IntoView {
    let action = ServerAction::<CreateTask>::new();
    let outcome = FormOutcome::of(action, "");
    let toaster = use_toaster();
    on_success(action, move |task: Task| {
        forget_typed();
        toaster.success(format!("{} is added.", task.summary.key));
    });
    let start = match typed_in::<CreateTask>() {
        Some(typed) => TaskForm::typed(&typed),
        None => use_query().with_untracked(TaskForm::read),
    };
    let may_set = MaySet { column: true, assignees: untrack(|| project.may(Permission::TaskAssign)) };
    view! {
        <FormErrors message=outcome.message() fields=outcome.fields()/>
        <ActionForm action attr:class="form">
            <input type="hidden" name="project_id" value=project.id().to_string()/>
            <TextInput
                id="title" name=name("title") label="Title" required=true autofocus=true autocomplete="off"
                max_length=u32::try_from(limits::TITLE).unwrap_or(u32::MAX) value=start.title.clone() error=outcome.field("title")
            />
            <MarkdownEditor
                id="description" name=name("description") label="Description" rows=8 value=start.description.clone()
                hint="What is to be done, and how one knows that it is. Markdown works." error=outcome.field("description")
            />
            <TaskFields outcome project=project.id() choices start may_set/>
            <div class="form-actions">
                <Button variant=ButtonVariant::Primary kind="submit" busy=outcome.busy>"Add task"</Button>
                <LinkButton href=paths::tasks(&project.key()) variant=ButtonVariant::Quiet>"Cancel"</LinkButton>
            </div>
        </ActionForm>
    }
}
