//! Name, description, status, colour, dates and owner.

use crate::{
    api::{member::assignable_people, project::UpdateProject},
    components::{
        AsyncPanel, Button, ButtonVariant, Choice, ColourPicker, InputKind, Select, SkeletonLines, TextInput,
        use_toaster,
    },
    features::{
        form_outcome::{FormOutcome, on_success},
        form_problems::FormProblems,
        markdown_editor::MarkdownEditor,
        project_links::use_recent_projects,
        project_page::OpenProject,
    },
};
use domain::{
    Day,
    project::{Project, ProjectStatus},
    user::UserRef,
};
use leptos::{form::ActionForm, html, prelude::*, server::ServerAction};

/// The form.
#[component]
pub fn Details(project: OpenProject) -> impl IntoView {
    let people = Resource::new(move || project.id(), assignable_people);
    view! {
        <AsyncPanel resource=people loading=|| view! { <SkeletonLines count=10/> } let:people>
            <DetailsForm project now=untrack(|| project.with(Clone::clone)) people/>
        </AsyncPanel>
    }
}

#[component]
fn DetailsForm(project: OpenProject, now: Project, people: Vec<UserRef>) -> impl IntoView {
    let action = ServerAction::<UpdateProject>::new();
    let outcome = FormOutcome::of(action, "project-");
    let version = RwSignal::new(now.version);
    let form = NodeRef::<html::Form>::new();
    let (toaster, recent) = (use_toaster(), use_recent_projects());
    on_success(action, move |saved: Project| {
        version.set(saved.version);
        project.set(saved);
        // The description as it looks comes with the whole.
        project.reload();
        recent.refetch();
        toaster.success("The project is saved.");
    });
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let statuses: Vec<_> =
        ProjectStatus::ALL.map(|status| Choice::new(status.as_str(), status.label())).into();
    let owner = now.owner.as_ref().map(|owner| owner.id.to_string()).unwrap_or_default();
    view! {
        <FormProblems outcome prefix="project-" version form/>
        <ActionForm action node_ref=form attr:class="form">
            <input type="hidden" name="id" value=now.id.to_string()/>
            <input type="hidden" name="version" value=move || version.get()/>
            <TextInput id="project-name" name="name" label="Name" value=now.name.clone() required=true error=outcome.field("name")/>
            <MarkdownEditor
                id="project-description" name="description" label="Description" value=now.description.clone()
                error=outcome.field("description")
            />
            <div class="form-row">
                <Select id="project-status" name="status" label="Status" choices=statuses value=now.status.as_str().to_owned()/>
                <Select
                    id="project-owner_id" name="owner_id" label="Owner" choices=owners(people, &now) value=owner
                    error=outcome.field("owner_id")
                />
            </div>
            <div class="form-row">
                <TextInput
                    id="project-start_on" name="start_on" label="Starts" kind=InputKind::Date value=day(now.start_on)
                    error=outcome.field("start_on")
                />
                <TextInput
                    id="project-due_on" name="due_on" label="Due" kind=InputKind::Date value=day(now.due_on)
                    error=outcome.field("due_on")
                />
            </div>
            <ColourPicker id="colour" label="Colour" value=now.colour/>
            <div class="form-actions">
                <Button variant=ButtonVariant::Primary kind="submit" busy=outcome.busy>"Save"</Button>
            </div>
        </ActionForm>
    }
}

/// Nobody, those who can be given work here, and the owner of now.
fn owners(people: Vec<UserRef>, project: &Project) -> Vec<Choice> {
    let known = |owner: &&UserRef| people.iter().any(|person| person.id == owner.id);
    let present = project.owner.as_ref().filter(|owner| !known(owner)).cloned();
    std::iter::once(Choice::new("", "Nobody"))
        .chain(
            people
                .iter()
                .cloned()
                .chain(present)
                .map(|person| Choice::new(person.id.to_string(), person.display_name)),
        )
        .collect()
}
