//! The whole page: providers, the frame, and which page stands at which address.

use crate::{
    components::{ToastRegion, provide_ticker, provide_toaster},
    features::{frame::Frame, project_page::provide_last_project, theme_choice::provide_theme},
    pages::{
        account::AccountPage,
        audit::AuditPage,
        home::HomePage,
        not_found::NotFoundPage,
        people::{NewPersonPage, PeoplePage, PersonPage},
        project::{
            ImportPage, NewProjectPage, ProjectActivityPage, ProjectMembersPage, ProjectOverviewPage,
            ProjectSettingsPage, ProjectsPage,
        },
        role::{NewRolePage, RolePage, RolesPage, WhyPage},
        search::SearchPage,
        set_up::SetUpPage,
        sign_in::SignInPage,
        task::{BoardPage, NewTaskPage, TaskListPage, TaskPage},
        team::{NewTeamPage, TeamPage, TeamsPage},
    },
    refused::provide_refused,
    session::provide_me,
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

/// The root of the page, the same on the server and in the browser.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_me();
    provide_refused();
    provide_theme();
    provide_toaster();
    provide_ticker();
    provide_last_project();
    view! {
        <Title formatter=|title: String| {
            if title.is_empty() { "PMS".to_owned() } else { format!("{title} · PMS") }
        } />
        <Router>
            <Frame>
                <FlatRoutes fallback=NotFoundPage>
                    // Before anyone is in.
                    <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                    <Route path=path!("/set-up") view=SetUpPage ssr=SsrMode::Async/>
                    // One's own work, and projects.
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                    <Route path=path!("/projects") view=ProjectsPage ssr=SsrMode::Async/>
                    <Route path=path!("/projects/new") view=NewProjectPage ssr=SsrMode::Async/>
                    <Route path=path!("/projects/import") view=ImportPage ssr=SsrMode::Async/>
                    <Route path=path!("/projects/:key") view=ProjectOverviewPage ssr=SsrMode::Async/>
                    <Route path=path!("/projects/:key/members") view=ProjectMembersPage ssr=SsrMode::Async/>
                    <Route path=path!("/projects/:key/activity") view=ProjectActivityPage ssr=SsrMode::Async/>
                    <Route path=path!("/projects/:key/settings") view=ProjectSettingsPage ssr=SsrMode::Async/>
                    // Oneself, the workspace and its people.
                    <Route path=path!("/search") view=SearchPage ssr=SsrMode::Async/>
                    <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async/>
                    <Route path=path!("/people") view=PeoplePage ssr=SsrMode::Async/>
                    <Route path=path!("/people/new") view=NewPersonPage ssr=SsrMode::Async/>
                    <Route path=path!("/people/:id") view=PersonPage ssr=SsrMode::Async/>
                    <Route path=path!("/teams") view=TeamsPage ssr=SsrMode::Async/>
                    <Route path=path!("/teams/new") view=NewTeamPage ssr=SsrMode::Async/>
                    <Route path=path!("/teams/:id") view=TeamPage ssr=SsrMode::Async/>
                    <Route path=path!("/roles") view=RolesPage ssr=SsrMode::Async/>
                    <Route path=path!("/roles/why") view=WhyPage ssr=SsrMode::Async/>
                    <Route path=path!("/roles/new") view=NewRolePage ssr=SsrMode::Async/>
                    <Route path=path!("/roles/:id") view=RolePage ssr=SsrMode::Async/>
                    <Route path=path!("/audit") view=AuditPage ssr=SsrMode::Async/>
                    // Work on tasks.
                    <Route path=path!("/projects/:key/tasks") view=TaskListPage ssr=SsrMode::Async/>
                    <Route path=path!("/projects/:key/tasks/new") view=NewTaskPage ssr=SsrMode::Async/>
                    <Route path=path!("/projects/:key/board") view=BoardPage ssr=SsrMode::Async/>
                    <Route path=path!("/tasks/:key") view=TaskPage ssr=SsrMode::Async/>
                </FlatRoutes>
            </Frame>
        </Router>
        <ToastRegion />
    }
}
