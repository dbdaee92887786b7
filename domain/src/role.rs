//! Roles: named sets of permissions, rows that people may copy and change.

use crate::{
    ids::RoleId,
    permission::{Permission, PermissionSet},
};
use serde::{Deserialize, Serialize};

/// A role. The same row serves as a workspace role and as a project role: its workspace permissions count
/// where it is somebody's workspace role, its project permissions where it is somebody's role in a project
/// (or everywhere, for a workspace role with `project.access_all`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// Its name, unique without regard to case.
    pub name: String,
    /// What it is for, one line.
    pub description: String,
    /// What it allows.
    pub permissions: PermissionSet,
    /// Grows with every change.
    pub version: i64,
}

/// A new role, often a copy of another.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewRole {
    /// Made by the client or by the service.
    pub id: Option<RoleId>,
    /// See [`Role::name`].
    pub name: String,
    /// See [`Role::description`].
    #[serde(default)]
    pub description: String,
    /// See [`Role::permissions`].
    #[serde(default)]
    pub permissions: PermissionSet,
}

/// A change of a role: what is `None` stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EditRole {
    /// The version that the editor saw.
    pub version: i64,
    /// See [`Role::name`].
    pub name: Option<String>,
    /// See [`Role::description`].
    pub description: Option<String>,
    /// See [`Role::permissions`].
    pub permissions: Option<PermissionSet>,
}

/// The roles that a new workspace starts with. From then on they are rows like any other.
pub fn starting_roles() -> Vec<(&'static str, &'static str, PermissionSet)> {
    use Permission as P;
    let viewer = [P::UserView, P::TeamView, P::ProjectView];
    let commenter = [P::CommentCreate, P::CommentUpdateOwn, P::CommentDeleteOwn];
    let member = [
        P::TaskCreate,
        P::TaskUpdate,
        P::TaskMove,
        P::TaskLink,
        P::TaskAssign,
        P::TaskArchive,
        P::LabelManage,
    ];
    let manager = [
        P::ProjectCreate,
        P::TeamManage,
        P::ProjectUpdate,
        P::ProjectMembers,
        P::ProjectBoard,
        P::ProjectArchive,
        P::ProjectDelete,
        P::UrgentRaise,
        P::UrgentResolve,
        P::UrgentPolicy,
        P::ProjectAnnounce,
        P::TaskUnblock,
        P::TaskDelete,
        P::CommentUpdateAny,
        P::CommentDeleteAny,
    ];
    let set = |parts: &[&[Permission]]| parts.iter().copied().flatten().copied().collect();
    vec![
        ("Administrator", "Everything, in every project.", PermissionSet::all()),
        (
            "Project manager",
            "Creates projects and teams, and runs their own projects.",
            set(&[&viewer, &commenter, &member, &manager]),
        ),
        ("Member", "Works on tasks in the projects they belong to.", set(&[&viewer, &commenter, &member])),
        ("Commenter", "Reads and comments.", set(&[&viewer, &commenter])),
        ("Viewer", "Reads.", set(&[&viewer])),
    ]
}

/// The name of the role that the first user gets, of [`starting_roles`].
pub const FIRST_USER_ROLE: &str = "Administrator";
/// The name of the role that a project's creator gets in it while the creator's own role has no members' right.
pub const CREATOR_ROLE: &str = "Project manager";
