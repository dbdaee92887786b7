//! Where pages are: the one place that spells their addresses.

use domain::task::TaskSummary;

/// The home page.
pub const HOME: &str = "/";
/// Sign in.
pub const SIGN_IN: &str = "/sign-in";
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
/// Teams.
pub const TEAMS: &str = "/teams";
/// Roles × permissions.
pub const ROLES: &str = "/roles";
/// “Why may I (not)?”
pub const WHY: &str = "/roles/why";
/// The audit log.
pub const AUDIT: &str = "/audit";
/// One's own account.
pub const ACCOUNT: &str = "/account";

/// A project's overview.
pub fn project(key: &str) -> String {
    format!("/projects/{key}")
}

/// A project's task list.
pub fn tasks(key: &str) -> String {
    format!("/projects/{key}/tasks")
}

/// A project's board.
pub fn board(key: &str) -> String {
    format!("/projects/{key}/board")
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

/// A task's page.
pub fn of_task(summary: &TaskSummary) -> String {
    task(&summary.key)
}

/// A team's page.
pub fn team(id: domain::ids::TeamId) -> String {
    format!("/teams/{id}")
}

/// A person's page.
pub fn person(id: domain::ids::UserId) -> String {
    format!("/people/{id}")
}
