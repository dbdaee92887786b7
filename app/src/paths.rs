//! Where pages are: the one place that spells their addresses.

use domain::task::TaskSummary;

/// The home page.
pub const HOME: &str = "/";
/// Sign in.
pub const SIGN_IN: &str = "/sign-in";
/// Set up a new workspace, with the link that the server prints.
pub const SET_UP: &str = "/set-up";
/// The list of projects.
pub const PROJECTS: &str = "/projects";
/// A new project.
pub const NEW_PROJECT: &str = "/projects/new";
/// Import a checklist.
pub const IMPORT: &str = "/projects/import";
/// Search.
pub const SEARCH: &str = "/search";
/// People of the workspace.
pub const PEOPLE: &str = "/people";
/// Add a person.
pub const NEW_PERSON: &str = "/people/new";
/// Teams.
pub const TEAMS: &str = "/teams";
/// A new team.
pub const NEW_TEAM: &str = "/teams/new";
/// Roles × permissions.
pub const ROLES: &str = "/roles";
/// A new role.
pub const NEW_ROLE: &str = "/roles/new";
/// “Why may I (not)?”
pub const WHY: &str = "/roles/why";
/// The audit log.
pub const AUDIT: &str = "/audit";
/// Urgent projects.
pub const URGENT: &str = "/urgent";
/// How urgent projects ring.
pub const URGENT_POLICY: &str = "/urgent/policy";
/// Where the link in an e-mail about an urgent project leads.
pub const ACKNOWLEDGE: &str = "/acknowledge";
/// One's own account.
pub const ACCOUNT: &str = "/account";
/// One's own devices.
pub const DEVICES: &str = "/account/devices";
/// What one wants to be told of.
pub const NOTIFICATIONS: &str = "/account/notifications";
/// What one is told.
pub const INBOX: &str = "/inbox";
/// Announcements.
pub const ANNOUNCEMENTS: &str = "/announcements";
/// A new announcement.
pub const NEW_ANNOUNCEMENT: &str = "/announcements/new";

/// A project's overview.
pub fn project(key: &str) -> String {
    format!("/projects/{key}")
}

/// A project's task list.
pub fn tasks(key: &str) -> String {
    format!("/projects/{key}/tasks")
}

/// A new task of a project.
pub fn new_task(key: &str) -> String {
    format!("/projects/{key}/tasks/new")
}

/// A project's board.
pub fn board(key: &str) -> String {
    format!("/projects/{key}/board")
}

/// The drawing of a project's dependencies.
pub fn graph(key: &str) -> String {
    format!("/projects/{key}/graph")
}

/// Raising a project, or how it stands.
pub fn project_urgent(key: &str) -> String {
    format!("/projects/{key}/urgent")
}

/// One time that a project was urgent.
pub fn episode(id: domain::ids::EpisodeId) -> String {
    format!("/urgent/{id}")
}

/// A project's history.
pub fn activity(key: &str) -> String {
    format!("/projects/{key}/activity")
}

/// A project's settings.
pub fn project_settings(key: &str) -> String {
    format!("/projects/{key}/settings")
}

/// A project's people.
pub fn project_members(key: &str) -> String {
    format!("/projects/{key}/members")
}

/// A task's page, by its readable key.
pub fn task(key: &str) -> String {
    format!("/tasks/{key}")
}

/// The drawing of what is around a task.
pub fn task_graph(key: &str) -> String {
    format!("/tasks/{key}/graph")
}

/// A task's page.
pub fn of_task(summary: &TaskSummary) -> String {
    task(&summary.key)
}

/// A team's page.
pub fn team(id: domain::ids::TeamId) -> String {
    format!("/teams/{id}")
}

/// A role's page.
pub fn role(id: domain::ids::RoleId) -> String {
    format!("/roles/{id}")
}

/// An announcement's page.
pub fn announcement(id: domain::ids::AnnouncementId) -> String {
    format!("/announcements/{id}")
}

/// A person's page.
pub fn person(id: domain::ids::UserId) -> String {
    format!("/people/{id}")
}

/// Where to go after signing in: `wanted` if it is a page of ours, else the home page.
pub fn after_sign_in(wanted: &str) -> String {
    on_this_site(wanted)
}

/// `wanted` if it is a page of ours, else the home page. A link that looks like ours and leads to another site must not
/// get a person who has just typed a password, or anything else.
pub fn on_this_site(wanted: &str) -> String {
    let ours = wanted.starts_with('/')
        && !wanted.starts_with("//")
        // Browsers read a backslash as a slash and leave tabs and line ends out.
        && !wanted.contains(|c: char| c == '\\' || c.is_control());
    let a_page = ["/fn/", "/api/", SIGN_IN, SET_UP].iter().all(|other| !wanted.starts_with(other));
    if ours && a_page { wanted.to_owned() } else { HOME.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_only_to_pages_of_this_site() {
        for ours in ["/", "/projects/WEB?sort=due#end", "/tasks/WEB-12"] {
            assert_eq!(after_sign_in(ours), ours);
        }
        for other in [
            "",
            "projects",
            "https://example.org",
            "//example.org",
            "/\\example.org",
            "\\\\example.org",
            "/\t/example.org",
            "/\n/example.org",
            "javascript:alert(1)",
            "/sign-in?next=/",
            "/fn/session/sign-out",
        ] {
            assert_eq!(after_sign_in(other), HOME, "{other}");
        }
    }
}
