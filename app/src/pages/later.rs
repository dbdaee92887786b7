//! Pages whose code the browser loads when it is needed. `xtask` cuts the module at the functions marked `wasm_split`:
//! everybody's first visit is lighter by what is behind them, and the rest follows when the page is at rest.

use crate::pages::{
    account::{AccountPage, DevicesPage, NotificationsPage},
    announcement::{AnnouncementPage, AnnouncementsPage, NewAnnouncementPage},
    audit::AuditPage,
    inbox::InboxPage,
    people::{NewPersonPage, PeoplePage, PersonPage},
    project::{ImportPage, NewProjectPage, ProjectMembersPage, ProjectSettingsPage},
    role::{NewRolePage, RolePage, RolesPage, WhyPage},
    task::{BoardPage, NewTaskPage, ProjectGraphPage, TaskGraphPage, TaskListPage, TaskPage},
    team::{NewTeamPage, TeamPage, TeamsPage},
    urgent::{AcknowledgePage, EpisodePage, ProjectUrgentPage, UrgentPage, WorkspacePolicyPage},
};
use leptos::prelude::*;

/// A page of the work on tasks.
#[derive(Clone, Copy)]
pub enum Work {
    /// [`BoardPage`]
    Board,
    /// [`ProjectGraphPage`]
    Graph,
    /// [`TaskGraphPage`]
    GraphOfOne,
    /// [`NewTaskPage`]
    New,
    /// [`TaskPage`]
    One,
    /// [`TaskListPage`]
    List,
}

/// A page that people come to now and then.
#[derive(Clone, Copy)]
pub enum Office {
    /// [`AccountPage`]
    Account,
    /// [`AcknowledgePage`]
    Acknowledge,
    /// [`AnnouncementPage`]
    Announcement,
    /// [`AnnouncementsPage`]
    Announcements,
    /// [`AuditPage`]
    Audit,
    /// [`DevicesPage`]
    Devices,
    /// [`EpisodePage`]
    Episode,
    /// [`ImportPage`]
    Import,
    /// [`InboxPage`]
    Inbox,
    /// [`ProjectMembersPage`]
    Members,
    /// [`NewAnnouncementPage`]
    NewAnnouncement,
    /// [`NewPersonPage`]
    NewPerson,
    /// [`NewProjectPage`]
    NewProject,
    /// [`NewRolePage`]
    NewRole,
    /// [`NewTeamPage`]
    NewTeam,
    /// [`NotificationsPage`]
    Notifications,
    /// [`PeoplePage`]
    People,
    /// [`PersonPage`]
    Person,
    /// [`ProjectUrgentPage`]
    ProjectUrgent,
    /// [`RolePage`]
    Role,
    /// [`RolesPage`]
    Roles,
    /// [`ProjectSettingsPage`]
    Settings,
    /// [`TeamPage`]
    Team,
    /// [`TeamsPage`]
    Teams,
    /// [`UrgentPage`]
    Urgent,
    /// [`WorkspacePolicyPage`]
    UrgentPolicy,
    /// [`WhyPage`]
    Why,
}

/// The page: at once where its code is there, as on the server.
pub fn work(page: Work) -> AnyView {
    code::work(page)
}

/// Likewise.
pub fn office(page: Office) -> AnyView {
    code::office(page)
}

#[cfg(not(feature = "hydrate"))]
mod code {
    pub(super) use super::{draw_office as office, draw_work as work};
}

#[cfg(feature = "hydrate")]
mod code {
    #![allow(clippy::unnecessary_wraps, reason = "`wasm_split` adds the error")]

    use super::{Office, Part, Work};
    use crate::{
        AppError,
        components::{LoadError, SkeletonLines},
    };
    use leptos::{prelude::*, task::spawn_local};
    use std::{
        future::Future,
        pin::pin,
        sync::atomic::{AtomicBool, Ordering},
        task::{Context, Poll, Waker},
    };
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    #[wasm_split(work, fallible, preload(load_work))]
    pub fn draw_work(page: Work) -> Result<AnyView, AppError> {
        Ok(super::draw_work(page))
    }

    #[wasm_split(office, fallible, preload(load_office))]
    pub fn draw_office(page: Office) -> Result<AnyView, AppError> {
        Ok(super::draw_office(page))
    }

    pub fn work(page: Work) -> AnyView {
        shown(Part::Work, move || at_once(draw_work(page)))
    }

    pub fn office(page: Office) -> AnyView {
        shown(Part::Office, move || at_once(draw_office(page)))
    }

    /// At once where the code is there; else when it has come, if the page is still wanted by then. Not a `Suspend`: the
    /// router makes the one of a page that was left into the next page's, and then both are drawn, the first one without
    /// what it owns.
    fn shown(part: Part, draw: impl Fn() -> Result<AnyView, AppError> + Send + Sync + 'static) -> AnyView {
        if THERE[part as usize].load(Ordering::Relaxed) {
            return draw().unwrap_or_else(failed);
        }
        let loaded = RwSignal::new(None);
        spawn_local(async move {
            let outcome = load(part).await;
            loaded.try_set(Some(outcome));
        });
        let content = move || match loaded.get() {
            None => view! { <div class="page"><SkeletonLines count=8/></div> }.into_any(),
            Some(outcome) => outcome.and_then(|()| draw()).unwrap_or_else(failed),
        };
        content.into_any()
    }

    /// Without its code the page can only be loaded whole.
    fn failed(error: AppError) -> AnyView {
        let reload = Callback::new(|()| drop(window().location().reload()));
        view! { <div class="page"><LoadError error retry=reload/></div> }.into_any()
    }

    /// The page of a future that has nothing to wait for.
    fn at_once(page: impl Future<Output = Result<AnyView, AppError>>) -> Result<AnyView, AppError> {
        match pin!(page).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(page) => page,
            Poll::Pending => Err(AppError::Network),
        }
    }

    /// The parts that were loaded.
    static THERE: [AtomicBool; 3] = [const { AtomicBool::new(false) }; 3];

    pub async fn load(part: Part) -> Result<(), AppError> {
        match part {
            Part::Start => {}
            Part::Work => load_work().await?,
            Part::Office => load_office().await?,
        }
        THERE[part as usize].store(true, Ordering::Relaxed);
        Ok(())
    }

    impl From<SplitLoaderError> for AppError {
        fn from(_: SplitLoaderError) -> Self {
            Self::Network
        }
    }
}

fn draw_work(page: Work) -> AnyView {
    match page {
        Work::Board => BoardPage().into_any(),
        Work::Graph => ProjectGraphPage().into_any(),
        Work::GraphOfOne => TaskGraphPage().into_any(),
        Work::New => NewTaskPage().into_any(),
        Work::One => TaskPage().into_any(),
        Work::List => TaskListPage().into_any(),
    }
}

fn draw_office(page: Office) -> AnyView {
    match page {
        Office::Account => AccountPage().into_any(),
        Office::Acknowledge => AcknowledgePage().into_any(),
        Office::Announcement => AnnouncementPage().into_any(),
        Office::Announcements => AnnouncementsPage().into_any(),
        Office::Audit => AuditPage().into_any(),
        Office::Devices => DevicesPage().into_any(),
        Office::Episode => EpisodePage().into_any(),
        Office::Import => ImportPage().into_any(),
        Office::Inbox => InboxPage().into_any(),
        Office::Members => ProjectMembersPage().into_any(),
        Office::NewAnnouncement => NewAnnouncementPage().into_any(),
        Office::NewPerson => NewPersonPage().into_any(),
        Office::NewProject => NewProjectPage().into_any(),
        Office::NewRole => NewRolePage().into_any(),
        Office::NewTeam => NewTeamPage().into_any(),
        Office::Notifications => NotificationsPage().into_any(),
        Office::People => PeoplePage().into_any(),
        Office::Person => PersonPage().into_any(),
        Office::ProjectUrgent => ProjectUrgentPage().into_any(),
        Office::Role => RolePage().into_any(),
        Office::Roles => RolesPage().into_any(),
        Office::Settings => ProjectSettingsPage().into_any(),
        Office::Team => TeamPage().into_any(),
        Office::Teams => TeamsPage().into_any(),
        Office::Urgent => UrgentPage().into_any(),
        Office::UrgentPolicy => WorkspacePolicyPage().into_any(),
        Office::Why => WhyPage().into_any(),
    }
}

/// A part of the page's code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// What every visit begins with.
    Start,
    /// Behind [`work`].
    Work,
    /// Behind [`office`].
    Office,
}

impl Part {
    /// The part with the page at this path. The browser can take over a page only when its code is there.
    pub fn of(path: &str) -> Self {
        let mut parts = path.trim_matches('/').split('/');
        match (parts.next(), parts.next(), parts.next()) {
            (
                Some(
                    "account" | "acknowledge" | "announcements" | "audit" | "inbox" | "people" | "roles"
                    | "teams" | "urgent",
                ),
                ..,
            )
            | (Some("projects"), Some("new" | "import"), None)
            | (Some("projects"), Some(_), Some("members" | "settings" | "urgent")) => Self::Office,
            (Some("tasks"), Some(_), _) | (Some("projects"), Some(_), Some("board" | "graph" | "tasks")) => {
                Self::Work
            }
            _ => Self::Start,
        }
    }

    /// Whether a file of the client belongs to it: the parts carry the names given to `wasm_split`, and what several
    /// share is in chunks.
    pub fn has(self, file: &str) -> bool {
        let name = file.rsplit('/').next().unwrap_or_default();
        match self {
            Self::Start => false,
            Self::Work => name.contains("_work") || name.starts_with("chunk"),
            Self::Office => name.contains("_office") || name.starts_with("chunk"),
        }
    }

    /// Loads it; at once where it is there.
    ///
    /// # Errors
    /// If the server did not answer.
    #[cfg(feature = "hydrate")]
    pub async fn load(self) -> Result<(), crate::AppError> {
        code::load(self).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths;

    #[test]
    fn a_visit_begins_with_what_leads_elsewhere() {
        for path in
            [paths::HOME, paths::SIGN_IN, paths::PROJECTS, paths::SEARCH, "/projects/WEB", "/projects/NEW/"]
        {
            assert_eq!(Part::of(path), Part::Start, "{path}");
        }
    }

    #[test]
    fn the_work_on_tasks_is_one_part() {
        for path in [
            paths::board("NEW"),
            paths::tasks("WEB"),
            paths::new_task("WEB"),
            paths::graph("WEB"),
            paths::task("WEB-1"),
            paths::task_graph("WEB-1"),
        ] {
            assert_eq!(Part::of(&path), Part::Work, "{path}");
        }
    }

    #[test]
    fn what_people_come_to_now_and_then_is_another() {
        let fixed = [
            paths::ACCOUNT,
            paths::DEVICES,
            paths::NOTIFICATIONS,
            paths::INBOX,
            paths::ANNOUNCEMENTS,
            paths::NEW_ANNOUNCEMENT,
            paths::AUDIT,
            paths::IMPORT,
            paths::NEW_PROJECT,
            paths::PEOPLE,
            paths::NEW_PERSON,
            paths::TEAMS,
            paths::NEW_TEAM,
            paths::ROLES,
            paths::NEW_ROLE,
            paths::WHY,
            "/roles/7",
            paths::URGENT,
            paths::URGENT_POLICY,
            paths::ACKNOWLEDGE,
            "/urgent/7",
        ];
        let of_a_project =
            [paths::project_members("WEB"), paths::project_settings("WEB"), paths::project_urgent("WEB")];
        for path in fixed.into_iter().chain(of_a_project.iter().map(String::as_str)) {
            assert_eq!(Part::of(path), Part::Office, "{path}");
        }
    }
}
