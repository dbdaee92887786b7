//! The top of every page of a project: its name and state, what can be done with it, and its parts as tabs.

use super::project_page::OpenProject;
use crate::{
    api::project::{ArchiveProject, BringBackProject},
    components::{
        AvatarStack, Button, ButtonSize, ButtonVariant, ColourDot, Crumb, Icon, LinkButton, Menu, MenuItem,
        MenuLink, Notice, PageHeader, RelativeTime, StatusBadge, TabLink, Tabs, Tone, UrgentBadge,
        use_toaster,
    },
    features::{
        form_outcome::{FormOutcome, on_success},
        project_links::use_recent_projects,
        put_away::offer_undo,
    },
    paths, session,
};
use domain::{
    limits,
    permission::Permission,
    project::{Lifecycle, Project},
};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};

/// The header. `ProjectPage` brings it along.
#[component]
pub fn ProjectHeader(project: OpenProject) -> impl IntoView {
    let name = Signal::derive(move || project.with(|project| project.name.clone()));
    let key = project.key();
    let lead = move || move || project.with(|project| view! { <ColourDot colour=project.colour/> });
    let status = Signal::derive(move || project.with(|project| project.status));
    let archived = Signal::derive(move || project.with(|project| project.lifecycle == Lifecycle::Archived));
    let urgent = Signal::derive(move || project.with(|project| project.urgent_since.is_some()));
    let meta = move || {
        view! {
            <span class="task-key">{key}</span>
            <StatusBadge status archived/>
            <UrgentBadge urgent/>
        }
    };
    view! {
        <PageHeader
            title=name
            crumbs=vec![Crumb::new("Projects", paths::PROJECTS)]
            lead=lead
            meta=meta
            actions=move || view! { <Actions project/> }
        >
            <Put project/>
            <UrgentNow project/>
            <Parts project/>
        </PageHeader>
    }
}

/// Says on each of its pages that the project is urgent, and leads to who has acknowledged.
#[component]
fn UrgentNow(project: OpenProject) -> impl IntoView {
    let since = Memo::new(move |_| project.with(|project| project.urgent_since));
    let href = paths::project_urgent(&project.key());
    move || {
        let (at, href) = (since.get()?, href.clone());
        Some(view! {
            <div class="page-header-notice">
                <Notice tone=Tone::Danger title="This project is urgent">
                    <p>"Raised " <RelativeTime at/> ". " <a href=href>"Who has acknowledged, and what comes next"</a></p>
                </Notice>
            </div>
        })
    }
}

#[component]
fn Parts(project: OpenProject) -> impl IntoView {
    let key = project.key();
    let open = Signal::derive(move || Some(project.with(|project| project.open_count)));
    let settings = paths::project_settings(&key);
    view! {
        <Tabs label="Project">
            <TabLink href=paths::project(&key) icon=Icon::Info>"Overview"</TabLink>
            <TabLink href=paths::tasks(&key) icon=Icon::List exact=false count=open>"Tasks"</TabLink>
            <TabLink href=paths::board(&key) icon=Icon::Board>"Board"</TabLink>
            {session::has_dependencies().then(|| {
                view! { <TabLink href=paths::graph(&key) icon=Icon::Graph>"Dependencies"</TabLink> }
            })}
            <TabLink href=paths::activity(&key) icon=Icon::Activity>"Activity"</TabLink>
            <TabLink href=paths::project_members(&key) icon=Icon::Users>"Members"</TabLink>
            {move || may_set(project).then(|| {
                view! { <TabLink href=settings.clone() icon=Icon::Settings>"Settings"</TabLink> }
            })}
        </Tabs>
    }
}

/// Whether anything on the page of settings is for this person.
pub fn may_set(project: OpenProject) -> bool {
    [
        Permission::ProjectUpdate,
        Permission::ProjectBoard,
        Permission::LabelManage,
        Permission::ProjectArchive,
        Permission::ProjectDelete,
    ]
    .into_iter()
    .any(|permission| project.may(permission))
}

#[component]
fn Actions(project: OpenProject) -> impl IntoView {
    let key = project.key();
    let faces = move || {
        let names = project.with(|project| {
            project.members.iter().map(|person| person.display_name.clone()).collect::<Vec<_>>()
        });
        view! { <AvatarStack names max=4/> }
    };
    let new_task = paths::new_task(&key);
    view! {
        {faces}
        <MoreActions project/>
        {move || project.may(Permission::TaskCreate).then(|| view! {
            <LinkButton href=new_task.clone() variant=ButtonVariant::Primary icon=Icon::Plus>"New task"</LinkButton>
        })}
    }
}

#[component]
fn MoreActions(project: OpenProject) -> impl IntoView {
    let key = project.key();
    let imports = {
        let href = super::query::address(paths::IMPORT, &[("project", &key)]);
        move || {
            let may = session::may(Permission::ProjectCreate) || project.may(Permission::TaskCreate);
            may.then(
                || view! { <MenuLink href=href.clone() icon=Icon::Import>"Import a checklist"</MenuLink> },
            )
        }
    };
    let settings = paths::project_settings(&key);
    let urgent = {
        let href = paths::project_urgent(&key);
        move || {
            let may = project.may(Permission::UrgentRaise);
            may.then(|| view! { <MenuLink href=href.clone() icon=Icon::Urgent>"Raise to urgent"</MenuLink> })
        }
    };
    let archive = move || {
        let active = project.with(|project| project.lifecycle == Lifecycle::Active);
        (active && project.may(Permission::ProjectArchive)).then(|| view! { <Archive project/> })
    };
    view! {
        <Menu id="project-actions" label="More actions for this project">
            {imports}
            {move || may_set(project).then(|| view! {
                <MenuLink href=settings.clone() icon=Icon::Settings>"Project settings"</MenuLink>
            })}
            <MenuLink href=paths::project_members(&key) icon=Icon::Users>"People and teams"</MenuLink>
            {urgent}
            {archive}
        </Menu>
    }
}

/// Puts the project away, and offers to take that back.
#[component]
fn Archive(project: OpenProject) -> impl IntoView {
    let archive = ServerAction::<ArchiveProject>::new();
    let (toaster, recent) = (use_toaster(), use_recent_projects());
    on_success(archive, move |now: Project| {
        let text = format!("{} is archived.", now.name);
        offer_undo(toaster, recent, (text, &now), move |now| project.set(now));
        project.set(now);
        recent.refetch();
    });
    let outcome = FormOutcome::of(archive, "");
    Effect::new(move |_| {
        if let Some(error) = outcome.error.get() {
            toaster.error(error.to_string());
        }
    });
    view! {
        <ActionForm action=archive>
            <input type="hidden" name="id" value=project.id().to_string()/>
            <input type="hidden" name="version" value=move || project.with(|project| project.version)/>
            <MenuItem kind="submit" icon=Icon::Archive>"Archive project"</MenuItem>
        </ActionForm>
    }
}

/// Says that the project is put away, and brings it back.
#[component]
fn Put(project: OpenProject) -> impl IntoView {
    let lifecycle = Signal::derive(move || project.with(|project| project.lifecycle));
    move || {
        let (title, text, permission) = match lifecycle.get() {
            Lifecycle::Active => return None,
            Lifecycle::Archived => (
                "This project is archived",
                "Everything in it can be read, and nothing changes until it is brought back.".to_owned(),
                Permission::ProjectArchive,
            ),
            Lifecycle::Deleted => (
                "This project is deleted",
                format!(
                    "It rests for {} days, seen only by those who may delete it. Then it is removed for good.",
                    limits::REST_DAYS
                ),
                Permission::ProjectDelete,
            ),
        };
        Some(view! {
            <div class="page-header-notice">
                <Notice tone=Tone::Warning title>
                    <p>{text}</p>
                    {project.may(permission).then(|| view! { <BringBack project/> })}
                </Notice>
            </div>
        })
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
        <ActionForm action>
            <input type="hidden" name="id" value=project.id().to_string()/>
            <input type="hidden" name="version" value=move || project.with(|project| project.version)/>
            <Button kind="submit" size=ButtonSize::Small icon=Icon::Restore busy=outcome.busy>"Bring it back"</Button>
        </ActionForm>
        {move || outcome.message().get().map(|text| view! { <p role="alert">{text}</p> })}
    }
}
