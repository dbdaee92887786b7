//! A new project.

use crate::{
    api::project::CreateProject,
    components::{
        Button, ButtonVariant, Choice, ColourPicker, Crumb, EmptyState, FormErrors, Icon, InputKind,
        LinkButton, PageHeader, Select, TextInput, use_toaster,
    },
    features::{
        form_outcome::{FormOutcome, on_success},
        markdown_editor::MarkdownEditor,
        project_links::use_recent_projects,
    },
    paths,
    session::may,
};
use domain::{
    palette::Colour,
    permission::Permission,
    project::{Project, ProjectStatus, suggest_key},
};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;

/// The form, for those who may.
#[component]
pub fn NewProjectPage() -> impl IntoView {
    let form = if may(Permission::ProjectCreate) {
        view! { <NewProjectForm/> }.into_any()
    } else {
        view! {
            <EmptyState
                icon=Icon::Lock title="You may not create projects"
                text="Your role in this workspace does not allow it. Ask someone who manages roles, or someone who may create it for you."
            >
                <LinkButton href=paths::WHY>"Why?"</LinkButton>
            </EmptyState>
        }
        .into_any()
    };
    view! {
        <Title text="New project"/>
        <PageHeader
            title="New project"
            crumbs=vec![Crumb::new("Projects", paths::PROJECTS)]
            text="It starts with a board of four columns, and you in it. Everything but the key can be changed later."
        />
        <div class="page page-narrow">{form}</div>
    }
}

#[component]
fn NewProjectForm() -> impl IntoView {
    let action = ServerAction::<CreateProject>::new();
    let outcome = FormOutcome::of(action, "");
    let (toaster, recent) = (use_toaster(), use_recent_projects());
    on_success(action, move |project: Project| {
        recent.refetch();
        toaster.success(format!("{} is ready.", project.name));
    });
    view! {
        <FormErrors message=outcome.message() fields=outcome.fields()/>
        <ActionForm action attr:class="form">
            <NameAndKey outcome/>
            <MarkdownEditor
                id="description" label="Description" rows=5 error=outcome.field("description")
                hint="What it is for, what done means, where to read more. Markdown works."
            />
            <div class="form-row">
                <Select id="status" label="Status" choices=statuses() value=ProjectStatus::default().as_str().to_owned()/>
                <TextInput id="start_on" label="Starts" kind=InputKind::Date error=outcome.field("start_on")/>
                <TextInput id="due_on" label="Due" kind=InputKind::Date error=outcome.field("due_on")/>
            </div>
            <ColourPicker id="colour" label="Colour" value=Colour::default()/>
            <div class="form-actions">
                <Button variant=ButtonVariant::Primary kind="submit" busy=outcome.busy>"Create project"</Button>
                <LinkButton href=paths::PROJECTS variant=ButtonVariant::Quiet>"Cancel"</LinkButton>
                <span class="toolbar-gap"></span>
                <LinkButton href=paths::IMPORT variant=ButtonVariant::Quiet icon=Icon::Import>"Import a checklist instead"</LinkButton>
            </div>
        </ActionForm>
    }
}

/// The key that a blank one becomes is shown while the name is typed.
#[component]
fn NameAndKey(outcome: FormOutcome) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let suggestion =
        move || name.with(|name| if name.trim().is_empty() { "WEB".to_owned() } else { suggest_key(name) });
    view! {
        <TextInput
            id="name" label="Name" required=true autofocus=true bind=name autocomplete="off"
            error=outcome.field("name")
        />
        <div class="project-key-field">
            <TextInput
                id="key" label="Key" autocomplete="off"
                hint="2 to 10 letters and digits. Its tasks are called by it: WEB-1, WEB-2. It never changes."
                error=outcome.field("key")
            />
            <p class="field-hint">
                "Left blank, it becomes " <strong>{suggestion}</strong> ", with a number if that is taken."
            </p>
        </div>
    }
}

/// Every status, to choose from.
fn statuses() -> Vec<Choice> {
    ProjectStatus::ALL.map(|status| Choice::new(status.as_str(), status.label())).into()
}
