//! Who acts: a person through a session or token, or the program itself.

use domain::{
    ids::{ProjectId, SessionId, TokenId, UserId},
    permission::{Permission, PermissionSet, Scope},
};
use std::sync::Arc;
use store::{
    access::{Access, Visible},
    counters::Counters,
};

/// Where a permission is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// In the workspace.
    Workspace,
    /// In a project.
    Project(ProjectId),
}

impl From<ProjectId> for Place {
    fn from(project: ProjectId) -> Self {
        Self::Project(project)
    }
}

/// Whoever asks for a use case, with their permissions of this moment. Made anew for each request.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The person; `None` for the program itself (command line, jobs).
    pub user_id: Option<UserId>,
    /// The session through which they act.
    pub session_id: Option<SessionId>,
    /// The API token through which they act.
    pub token_id: Option<TokenId>,
    /// Whether the token they came with may only read.
    pub read_only: bool,
    /// The address that the request came from; empty for the program itself.
    pub address: String,
    /// The request's id, for the audit log.
    pub request_id: String,
    /// What they may do.
    pub access: Arc<Access>,
    /// How far the database had come when their request was let in; `None` for the program itself. Reads may be answered by
    /// a replica that has come as far.
    pub seen: Option<Counters>,
}

impl Actor {
    /// The program itself, which may do everything.
    pub fn system() -> Self {
        let all = PermissionSet::all();
        let access = Access {
            workspace: all.of_scope(Scope::Workspace),
            everywhere: all.of_scope(Scope::Project),
            projects: std::collections::HashMap::default(),
        };
        Self {
            user_id: None,
            session_id: None,
            token_id: None,
            read_only: false,
            address: String::new(),
            request_id: String::new(),
            access: Arc::new(access),
            seen: None,
        }
    }

    /// A person with these permissions.
    pub fn person(user_id: UserId, access: Arc<Access>) -> Self {
        Self { user_id: Some(user_id), access, ..Self::system() }
    }

    /// Whether they may. This is the only question about permissions that anyone asks.
    pub fn allows(&self, permission: Permission, place: impl Into<Place>) -> bool {
        self.permissions_in(place.into()).contains(permission)
    }

    /// Whether they may in every project, whether they belong to it or not.
    pub fn allows_everywhere(&self, permission: Permission) -> bool {
        self.access.everywhere.contains(permission) && (!self.read_only || permission.reads())
    }

    /// Whether they may in any project.
    pub fn allows_somewhere(&self, permission: Permission) -> bool {
        let somewhere = || self.access.projects.keys().any(|project| self.allows(permission, *project));
        self.allows_everywhere(permission) || somewhere()
    }

    /// Everything they may do there.
    pub fn permissions_in(&self, place: Place) -> PermissionSet {
        let all = match place {
            Place::Workspace => self.access.workspace,
            Place::Project(project) => {
                self.access.projects.get(&project).copied().unwrap_or_default().union(self.access.everywhere)
            }
        };
        if self.read_only { all.iter().filter(|permission| permission.reads()).collect() } else { all }
    }

    /// Which projects' rows lists may show them.
    pub fn visible(&self) -> Visible {
        match self.user_id {
            Some(user) if !self.allows_everywhere(Permission::ProjectView) => Visible::ToMember(user),
            _ => Visible::Everything,
        }
    }
}
