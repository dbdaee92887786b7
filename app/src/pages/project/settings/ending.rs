//! Archiving and deleting the project, and bringing it back.

use crate::{
    api::project::{ArchiveProject, BringBackProject, DeleteProject},
    components::{Button, ButtonVariant, FormErrors, Icon, TextInput, use_toaster},
    features::{
        ask_first::AskFirst,
        form_outcome::{FormOutcome, on_success},
        project_links::use_recent_projects,
        project_page::OpenProject,
        put_away::offer_undo,
    },
    paths,
};
use domain::{
    limits,
    permission::Permission,
    project::{Lifecycle, Project},
};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// What is possible from where the project stands.
#[component]
pub fn Ending(project: OpenProject) -> impl IntoView {
    let lifecycle = Memo::new(move |_| project.with(|project| project.lifecycle));
    let memo = move |permission| Memo::new(move |_| project.may(permission));
    let (archive, delete) = (memo(Permission::ProjectArchive), memo(Permission::ProjectDelete));
    view! {
        {move || match lifecycle.get() {
            Lifecycle::Active => archive.get().then(|| view! { <Archive project/> }.into_any()),
            Lifecycle::Archived => archive.get().then(|| view! { <BringBack project/> }.into_any()),
            Lifecycle::Deleted => delete.get().then(|| view! { <BringBack project/> }.into_any()),
        }}
        {move || {
            let deletable = lifecycle.get() != Lifecycle::Deleted && delete.get();
            deletable.then(|| view! { <Delete project/> })
        }}
    }
}

#[component]
fn Archive(project: OpenProject) -> impl IntoView {
    let action = ServerAction::<ArchiveProject>::new();
    let outcome = FormOutcome::of(action, "");
    let (toaster, recent) = (use_toaster(), use_recent_projects());
    on_success(action, move |now: Project| {
        let text = format!("{} is archived.", now.name);
        offer_undo(toaster, recent, (text, &now), move |now| project.set(now));
        project.set(now);
        recent.refetch();
    });
    view! {
        <FormErrors message=outcome.message()/>
        <ActionForm action attr:class="form-actions">
            <Named project/>
            <Button kind="submit" icon=Icon::Archive busy=outcome.busy>"Archive project"</Button>
            <span class="muted">"You can bring it back at any time."</span>
        </ActionForm>
    }
}

#[component]
fn BringBack(project: OpenProject) -> impl IntoView {
    let action = ServerAction::<BringBackProject>::new();
    let outcome = FormOutcome::of(action, "");
    let (toaster, recent) = (use_toaster(), use_recent_projects());
    on_success(action, move |now: Project| {
        toaster.success(format!("{} is back in use.", now.name));
        project.set(now);
        recent.refetch();
    });
    view! {
        <FormErrors message=outcome.message()/>
        <ActionForm action attr:class="form-actions">
            <Named project/>
            <Button kind="submit" icon=Icon::Restore busy=outcome.busy>"Bring it back"</Button>
        </ActionForm>
    }
}

/// Asks for the key, so that nobody deletes the wrong one of two open tabs.
#[component]
fn Delete(project: OpenProject) -> impl IntoView {
    let action = ServerAction::<DeleteProject>::new();
    let outcome = FormOutcome::of(action, "delete-");
    let (toaster, recent) = (use_toaster(), use_recent_projects());
    let navigate = use_navigate();
    on_success(action, move |now: Project| {
        let text = format!("{} is deleted. It rests for {} days.", now.name, limits::REST_DAYS);
        let back = navigate.clone();
        offer_undo(toaster, recent, (text, &now), move |now| {
            back(&paths::project(&now.key), NavigateOptions::default());
        });
        recent.refetch();
        navigate(paths::PROJECTS, NavigateOptions::default());
    });
    let counts =
        move || project.with(|project| (project.open_count + project.done_count, project.member_count));
    let consequences = move || {
        let (tasks, people) = counts();
        format!(
            "Its {tasks} tasks go with it, and its {people} people no longer see it. Those who may delete it can bring \
             it back for {} days; after that it is gone for good.",
            limits::REST_DAYS
        )
    };
    let key = project.key();
    view! {
        <AskFirst label="Delete project…" icon=Icon::Trash>
            <p>{consequences}</p>
            <FormErrors message=outcome.message()/>
            <ActionForm action attr:class="form">
                <Named project/>
                <TextInput
                    id="delete-confirm" name="confirm" label=format!("Type {key} to confirm") required=true autocomplete="off"
                    error=outcome.field("confirm")
                />
                <div class="form-actions">
                    <Button kind="submit" variant=ButtonVariant::Danger icon=Icon::Trash busy=outcome.busy>"Delete project"</Button>
                </div>
            </ActionForm>
        </AskFirst>
    }
}

/// Which project, and which version of it the person saw.
#[component]
fn Named(project: OpenProject) -> impl IntoView {
    view! {
        <input type="hidden" name="id" value=project.id().to_string()/>
        <input type="hidden" name="version" value=move || project.with(|project| project.version)/>
    }
}
