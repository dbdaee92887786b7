//! The whole page: providers, the frame, and which page stands at which address.

use crate::{
    components::{ToastRegion, provide_ticker, provide_toaster},
    features::{frame::Frame, project_page::provide_last_project, theme_choice::provide_theme},
    pages::{
        home::HomePage,
        later::{Office, Work, office, work},
        not_found::NotFoundPage,
        project::{ProjectActivityPage, ProjectOverviewPage, ProjectsPage},
        search::SearchPage,
        set_up::SetUpPage,
        sign_in::SignInPage,
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

/// What stands in the browser's tab. On the server `leptos_meta` writes it into the document as it is, so a task named
/// `</title>…` would end the title there; in the browser it is set as text.
fn in_tab(title: String) -> String {
    let title = if cfg!(feature = "ssr") { title.replace('&', "&amp;").replace('<', "&lt;") } else { title };
    if title.is_empty() { "PMS".to_owned() } else { format!("{title} · PMS") }
}

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
        <Title formatter=in_tab />
        <Router>
            <Frame>
                <FlatRoutes fallback=NotFoundPage>
                    // Before anyone is in.
                    <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                    <Route path=path!("/set-up") view=SetUpPage ssr=SsrMode::Async/>
                    // One's own work, and projects.
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                    <Route path=path!("/projects") view=ProjectsPage ssr=SsrMode::Async/>
                    <Route path=path!("/projects/new") view=|| office(Office::NewProject) ssr=SsrMode::Async/>
                    <Route path=path!("/projects/import") view=|| office(Office::Import) ssr=SsrMode::Async/>
                    <Route path=path!("/projects/:key") view=ProjectOverviewPage ssr=SsrMode::Async/>
                    <Route path=path!("/projects/:key/members") view=|| office(Office::Members) ssr=SsrMode::Async/>
                    <Route path=path!("/projects/:key/activity") view=ProjectActivityPage ssr=SsrMode::Async/>
                    <Route path=path!("/projects/:key/settings") view=|| office(Office::Settings) ssr=SsrMode::Async/>
                    // Oneself, the workspace and its people.
                    <Route path=path!("/search") view=SearchPage ssr=SsrMode::Async/>
                    <Route path=path!("/inbox") view=|| office(Office::Inbox) ssr=SsrMode::Async/>
                    <Route path=path!("/announcements") view=|| office(Office::Announcements) ssr=SsrMode::Async/>
                    <Route path=path!("/announcements/new") view=|| office(Office::NewAnnouncement) ssr=SsrMode::Async/>
                    <Route path=path!("/announcements/:id") view=|| office(Office::Announcement) ssr=SsrMode::Async/>
                    <Route path=path!("/account/notifications") view=|| office(Office::Notifications) ssr=SsrMode::Async/>
                    <Route path=path!("/account") view=|| office(Office::Account) ssr=SsrMode::Async/>
                    <Route path=path!("/account/devices") view=|| office(Office::Devices) ssr=SsrMode::Async/>
                    <Route path=path!("/people") view=|| office(Office::People) ssr=SsrMode::Async/>
                    <Route path=path!("/people/new") view=|| office(Office::NewPerson) ssr=SsrMode::Async/>
                    <Route path=path!("/people/:id") view=|| office(Office::Person) ssr=SsrMode::Async/>
                    <Route path=path!("/teams") view=|| office(Office::Teams) ssr=SsrMode::Async/>
                    <Route path=path!("/teams/new") view=|| office(Office::NewTeam) ssr=SsrMode::Async/>
                    <Route path=path!("/teams/:id") view=|| office(Office::Team) ssr=SsrMode::Async/>
                    <Route path=path!("/roles") view=|| office(Office::Roles) ssr=SsrMode::Async/>
                    <Route path=path!("/roles/why") view=|| office(Office::Why) ssr=SsrMode::Async/>
                    <Route path=path!("/roles/new") view=|| office(Office::NewRole) ssr=SsrMode::Async/>
                    <Route path=path!("/roles/:id") view=|| office(Office::Role) ssr=SsrMode::Async/>
                    <Route path=path!("/audit") view=|| office(Office::Audit) ssr=SsrMode::Async/>
                    // What can't wait.
                    <Route path=path!("/urgent") view=|| office(Office::Urgent) ssr=SsrMode::Async/>
                    <Route path=path!("/urgent/policy") view=|| office(Office::UrgentPolicy) ssr=SsrMode::Async/>
                    <Route path=path!("/urgent/:id") view=|| office(Office::Episode) ssr=SsrMode::Async/>
                    <Route path=path!("/projects/:key/urgent") view=|| office(Office::ProjectUrgent) ssr=SsrMode::Async/>
                    <Route path=path!("/acknowledge") view=|| office(Office::Acknowledge) ssr=SsrMode::Async/>
                    // Work on tasks.
                    <Route path=path!("/projects/:key/tasks") view=|| work(Work::List) ssr=SsrMode::Async/>
                    <Route path=path!("/projects/:key/tasks/new") view=|| work(Work::New) ssr=SsrMode::Async/>
                    <Route path=path!("/projects/:key/board") view=|| work(Work::Board) ssr=SsrMode::Async/>
                    <Route path=path!("/projects/:key/graph") view=|| work(Work::Graph) ssr=SsrMode::Async/>
                    <Route path=path!("/tasks/:key/graph") view=|| work(Work::GraphOfOne) ssr=SsrMode::Async/>
                    <Route path=path!("/tasks/:key") view=|| work(Work::One) ssr=SsrMode::Async/>
                </FlatRoutes>
            </Frame>
        </Router>
        <ToastRegion />
    }
}
