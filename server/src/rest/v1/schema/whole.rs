//! Shapes around the domain's.

use super::{Permission, ProjectMember, ProjectTeam, Scope};
use utoipa::ToSchema;
use uuid::Uuid;

/// A page of a list.
#[derive(ToSchema)]
pub struct Paged<T: ToSchema> {
    /// The rows.
    pub items: Vec<T>,
    /// To be sent as `cursor` for the next page; `null` on the last.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// A permission, explained.
#[derive(ToSchema)]
pub struct PermissionInfo {
    /// Its name, `area.action`.
    pub permission: Permission,
    /// What it allows, in words.
    pub label: String,
    /// Where it counts.
    pub scope: Scope,
    /// The part before the dot.
    pub area: String,
}

/// Who is in a project.
#[derive(ToSchema)]
pub struct ProjectPeople {
    /// Each person's places, directly and by team.
    pub members: Vec<ProjectMember>,
    /// The teams.
    pub teams: Vec<ProjectTeam>,
}

/// A new direct member of a project.
#[derive(ToSchema)]
pub struct NewMember {
    /// The person.
    pub user_id: Uuid,
    /// Their role in the project.
    pub role_id: Uuid,
}

/// A team that joins a project.
#[derive(ToSchema)]
pub struct NewProjectTeam {
    /// The team.
    pub team_id: Uuid,
    /// The role that its people have in the project.
    pub role_id: Uuid,
}

/// Another role in a project.
#[derive(ToSchema)]
pub struct ChangeRole {
    /// The role.
    pub role_id: Uuid,
}

/// The people of a team.
#[derive(ToSchema)]
pub struct TeamPeople {
    /// All of them, replacing those there are.
    pub user_ids: Vec<Uuid>,
}

/// Somebody's new password.
#[derive(ToSchema)]
pub struct SetPassword {
    /// The password.
    pub password: String,
}
