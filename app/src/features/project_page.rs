//! What every page of a project begins with: the project by the key in the address, its header, and then the page.

use super::{
    entity::Entity,
    live::{follow, in_project},
    not_found::NotFound,
    page_title::PageTitle,
    project_header::ProjectHeader,
};
use crate::{AppError, api::project::find_project, components::SkeletonLines};
use domain::{
    ids::ProjectId,
    permission::Permission,
    project::{Lifecycle, Project, ProjectView},
};
use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_params_map;
use std::sync::Arc;

/// The project that a page is about. Copy it into closures; reading it follows later changes.
#[derive(Clone, Copy)]
pub struct OpenProject {
    view: RwSignal<ProjectView>,
    reload: Callback<()>,
}

impl OpenProject {
    /// Its id; never changes while the page stands.
    pub fn id(self) -> ProjectId {
        self.view.with_untracked(|view| view.project.id)
    }

    /// Its key; never changes while the page stands.
    pub fn key(self) -> String {
        self.view.with_untracked(|view| view.project.key.clone())
    }

    /// The whole of it, as it is now.
    pub fn view(self) -> Signal<ProjectView> {
        self.view.into()
    }

    /// Something of it, as it is now.
    pub fn with<T>(self, read: impl FnOnce(&Project) -> T) -> T {
        self.view.with(|view| read(&view.project))
    }

    /// Whether to offer a control: the caller has the permission here, and what is archived or deleted only offers to
    /// be looked at and brought back.
    pub fn may(self, permission: Permission) -> bool {
        self.view.with(|view| {
            let in_use = view.project.lifecycle == Lifecycle::Active;
            let stays = matches!(
                permission,
                Permission::ProjectView | Permission::ProjectArchive | Permission::ProjectDelete
            );
            (in_use || stays) && view.permissions.contains(permission)
        })
    }

    /// Takes over what a write gave back, if its page still stands.
    pub fn set(self, project: Project) {
        self.view.try_update(|view| view.project = project);
    }

    /// Asks the server again: after anything that changes its counts, people or text.
    pub fn reload(self) {
        self.reload.run(());
    }
}

/// The project of the page around.
///
/// # Panics
/// Outside of [`ProjectPage`].
pub fn use_project() -> OpenProject {
    expect_context()
}

/// The project that was open last, so that going from tab to tab shows its header at once.
#[derive(Clone, Copy)]
struct LastProject(StoredValue<Option<ProjectView>>);

/// Remembers the last project from page to page. Call it once around the routes.
pub fn provide_last_project() {
    provide_context(LastProject(StoredValue::new(None)));
}

/// The header and, below it, the children, for which [`use_project`] answers too.
///
/// ```ignore
/// <ProjectPage title="Board" let:project> ... project.id() ... </ProjectPage>
/// ```
#[component]
pub fn ProjectPage<F, V>(
    /// Which of its pages: "Board". Blank for the first.
    #[prop(optional)]
    title: &'static str,
    children: F,
) -> impl IntoView
where
    F: Fn(OpenProject) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let params = use_params_map();
    let key = Memo::new(move |_| params.with(|params| params.get("key").unwrap_or_default()));
    let last = use_context::<LastProject>();
    let children = Arc::new(children);
    // One page for each key: nothing of one project stays on the page of another.
    move || {
        let (key, children) = (key.get(), Arc::clone(&children));
        let known = last.and_then(|last| last.0.get_value()).filter(|view| view.project.key == key);
        if let Some(view) = known {
            Either::Left(view! { <Page view title stale=true children/> })
        } else {
            let view = Resource::new_blocking(move || key.clone(), find_project);
            Either::Right(view! {
                <Entity resource=view loading=|| view! { <div class="page"><SkeletonLines count=6/></div> } let:view>
                    <Page view title children=Arc::clone(&children)/>
                </Entity>
            })
        }
    }
}

#[component]
fn Page<F, V>(
    view: ProjectView,
    title: &'static str,
    /// What is known may be old.
    #[prop(optional)]
    stale: bool,
    children: Arc<F>,
) -> impl IntoView
where
    F: Fn(OpenProject) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let gone = RwSignal::new(false);
    let project = open(view, gone);
    provide_context(project);
    remember(project);
    if stale {
        project.reload();
    }
    let title = Signal::derive(move || {
        let name = project.with(|project| project.name.clone());
        if title.is_empty() { name } else { format!("{title} · {name}") }
    });
    let children = move || {
        let children = Arc::clone(&children);
        view! {
            <PageTitle text=title/>
            <ProjectHeader project/>
            {children(project)}
        }
    };
    // Not `Show`: its children may run before the context is there.
    move || if gone.get() { Either::Left(view! { <NotFound/> }) } else { Either::Right(children()) }
}

fn open(view: ProjectView, gone: RwSignal<bool>) -> OpenProject {
    let (id, key) = (view.project.id, view.project.key.clone());
    let view = RwSignal::new(view);
    let load = Action::new(move |(): &()| find_project(key.clone()));
    Effect::new(move |_| match load.value().get() {
        Some(Ok(now)) => view.set(now),
        Some(Err(error)) if error.is_not_found() => gone.set(true),
        // What could not be had leaves the last one standing.
        Some(Err(AppError::Service(_) | AppError::Network)) | None => {}
    });
    let reload = Callback::new(move |()| {
        load.dispatch(());
    });
    follow(in_project(id), move || reload.run(()));
    OpenProject { view, reload }
}

/// Only in the browser: the server's pages share nothing.
fn remember(project: OpenProject) {
    let Some(last) = use_context::<LastProject>() else { return };
    Effect::new(move |_| {
        let view = project.view.get();
        last.0.set_value((view.project.lifecycle != Lifecycle::Deleted).then_some(view));
    });
}
