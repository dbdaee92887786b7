//! People, roles, teams and the audit log.

use super::{Outcome, Permission, UserStatus};
use utoipa::ToSchema;
use uuid::Uuid;

/// A person, as those see them who manage people. The password hash never leaves the store.
#[derive(ToSchema)]
pub struct User {
    /// Their id.
    pub id: Uuid,
    /// What they sign in with, unique without regard to case.
    pub username: String,
    /// Their address, unique; signs in as well.
    pub email: String,
    /// The name that others see.
    pub display_name: String,
    /// Their workspace role.
    pub role_id: Uuid,
    /// That role's name.
    pub role_name: String,
    /// Whether they may sign in.
    pub status: UserStatus,
    /// When the account was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// Grows with every change.
    pub version: i64,
}

/// A person in passing: on a card, in a list, behind a change.
#[derive(ToSchema)]
pub struct UserRef {
    /// Their id.
    pub id: Uuid,
    /// Their sign-in name.
    pub username: String,
    /// The name that others see.
    pub display_name: String,
}

/// A new person.
#[derive(ToSchema)]
pub struct NewUser {
    /// Made by the client or by the service.
    pub id: Option<Uuid>,
    /// What they sign in with, unique without regard to case.
    pub username: String,
    /// Their address, unique; signs in as well.
    pub email: String,
    /// The name that others see; blank: the user name.
    #[schema(required = false)]
    pub display_name: String,
    /// Their first password.
    pub password: String,
    /// Their workspace role.
    pub role_id: Uuid,
}

/// A change of a person: what is `null` stays.
#[derive(ToSchema)]
pub struct EditUser {
    /// The version that the editor saw.
    #[schema(required = false)]
    pub version: i64,
    /// What they sign in with, unique without regard to case.
    pub username: Option<String>,
    /// Their address, unique; signs in as well.
    pub email: Option<String>,
    /// The name that others see.
    pub display_name: Option<String>,
    /// Their workspace role.
    pub role_id: Option<Uuid>,
    /// Whether they may sign in.
    pub status: Option<UserStatus>,
}

/// A role. The same row serves as a workspace role and as a project role: its workspace permissions count
/// where it is somebody's workspace role, its project permissions where it is somebody's role in a project
/// (or everywhere, for a workspace role with `project.access_all`).
#[derive(ToSchema)]
pub struct Role {
    /// Its id.
    pub id: Uuid,
    /// Its name, unique without regard to case.
    pub name: String,
    /// What it is for, one line.
    pub description: String,
    /// What it allows.
    pub permissions: Vec<Permission>,
    /// Grows with every change.
    pub version: i64,
}

/// A new role, often a copy of another.
#[derive(ToSchema)]
pub struct NewRole {
    /// Made by the client or by the service.
    pub id: Option<Uuid>,
    /// Its name, unique without regard to case.
    pub name: String,
    /// What it is for, one line.
    #[schema(required = false)]
    pub description: String,
    /// What it allows.
    #[schema(required = false)]
    pub permissions: Vec<Permission>,
}

/// A change of a role: what is `null` stays.
#[derive(ToSchema)]
pub struct EditRole {
    /// The version that the editor saw.
    #[schema(required = false)]
    pub version: i64,
    /// Its name, unique without regard to case.
    pub name: Option<String>,
    /// What it is for, one line.
    pub description: Option<String>,
    /// What it allows.
    pub permissions: Option<Vec<Permission>>,
}

/// A team in a list.
#[derive(ToSchema)]
pub struct Team {
    /// Its id.
    pub id: Uuid,
    /// Its name, unique without regard to case.
    pub name: String,
    /// What it is for, one line.
    pub description: String,
    /// Who leads it.
    #[schema(required = true)]
    pub lead: Option<UserRef>,
    /// How many people are in it.
    pub member_count: i64,
    /// How many projects it belongs to.
    pub project_count: i64,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// Grows with every change.
    pub version: i64,
}

/// A new team.
#[derive(ToSchema)]
pub struct NewTeam {
    /// Made by the client or by the service.
    pub id: Option<Uuid>,
    /// Its name, unique without regard to case.
    pub name: String,
    /// What it is for, one line.
    #[schema(required = false)]
    pub description: String,
    /// Who leads it; joins it as well.
    pub lead_id: Option<Uuid>,
    /// Its first people.
    #[schema(required = false)]
    pub members: Vec<Uuid>,
}

/// A change of a team: what is `null` stays.
#[derive(ToSchema)]
pub struct EditTeam {
    /// The version that the editor saw.
    #[schema(required = false)]
    pub version: i64,
    /// Its name, unique without regard to case.
    pub name: Option<String>,
    /// What it is for, one line.
    pub description: Option<String>,
    /// Who leads it; `null` for nobody.
    pub lead_id: Option<Uuid>,
}

/// The answer to "why may I (not)?".
#[derive(ToSchema)]
pub struct Why {
    /// Whether they may.
    pub allowed: bool,
    /// Sentences: what allows it, or what is missing and who can give it.
    pub reasons: Vec<String>,
}

/// One row of the audit log.
#[derive(ToSchema)]
pub struct AuditEntry {
    /// Its id.
    pub id: Uuid,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Who; `null` for nobody signed in, or the program itself.
    #[schema(required = true)]
    pub actor: Option<UserRef>,
    /// What was done, `thing.verb`.
    pub action: String,
    /// The kind of thing that it was done to: `user`, `role`, `token` …
    pub target_kind: String,
    /// That thing's id; `null` where there is none, as for an unknown user name.
    #[schema(required = true)]
    pub target_id: Option<Uuid>,
    /// How it ended.
    pub outcome: Outcome,
    /// The address that the request came from.
    pub address: String,
    /// The request's id, as in the log.
    pub request_id: String,
}
