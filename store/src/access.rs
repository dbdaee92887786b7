//! Who may do what, as stored: the raw material of a permission check.

use crate::db::{Result, Sql, Tx};
use domain::{
    ids::{ProjectId, RoleId, UserId},
    permission::{Permission, PermissionSet},
};
use std::collections::HashMap;
use uuid::Uuid;

/// A person's permissions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// What their workspace role allows in the workspace.
    pub workspace: PermissionSet,
    /// What their workspace role allows in every project (with `project.access_all`; else nothing).
    pub everywhere: PermissionSet,
    /// What their roles allow in each project that they belong to.
    pub projects: HashMap<ProjectId, PermissionSet>,
}

/// Reads a person's permissions; `None` if there is no such person or they are disabled.
pub async fn load(tx: &mut Tx, user: UserId) -> Result<Option<Access>> {
    let role: Option<(Uuid,)> = tx
        .sql("SELECT role_id FROM person WHERE id = ? AND status = 'active'")
        .bind(user.uuid())
        .optional()
        .await?;
    let Some((role,)) = role else { return Ok(None) };
    let roles = permissions_of_roles(tx).await?;
    let own = roles.get(&RoleId(role)).copied().unwrap_or_default();
    // Index: project_member_by_user.
    let places: Vec<(Uuid, Uuid)> = tx
        .sql("SELECT project_id, role_id FROM project_member WHERE user_id = ?")
        .bind(user.uuid())
        .all()
        .await?;
    let mut projects: HashMap<ProjectId, PermissionSet> = HashMap::new();
    for (project, role) in places {
        let allowed = roles.get(&RoleId(role)).copied().unwrap_or_default();
        let allowed = allowed.of_scope(domain::permission::Scope::Project);
        let entry = projects.entry(ProjectId(project)).or_default();
        *entry = entry.union(allowed);
    }
    let everywhere = if own.contains(Permission::ProjectAccessAll) {
        own.of_scope(domain::permission::Scope::Project)
    } else {
        PermissionSet::EMPTY
    };
    let workspace = own.of_scope(domain::permission::Scope::Workspace);
    Ok(Some(Access { workspace, everywhere, projects }))
}

/// Every role's permissions.
pub async fn permissions_of_roles(tx: &mut Tx) -> Result<HashMap<RoleId, PermissionSet>> {
    let rows: Vec<(Uuid, String)> = tx.sql("SELECT role_id, permission FROM role_permission").all().await?;
    let mut roles: HashMap<RoleId, PermissionSet> = HashMap::new();
    for (role, permission) in rows {
        // A permission that a newer version knew and this one doesn't allows nothing here.
        if let Some(permission) = Permission::parse(&permission) {
            roles.entry(RoleId(role)).or_default().insert(permission);
        }
    }
    Ok(roles)
}

/// Which projects a list may show rows of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Visible {
    /// All of them.
    Everything,
    /// Those in which this person has a role with `project.view`.
    ToMember(UserId),
}

impl Visible {
    /// Adds the condition to a statement; `column` is the project's id, as in `" AND t.project_id"`.
    #[must_use]
    pub fn restrict(self, sql: Sql, column: &'static str) -> Sql {
        match self {
            Self::Everything => sql,
            Self::ToMember(user) => sql
                .push(column)
                .push(
                    " IN (
                     SELECT pm.project_id
                     FROM project_member pm
                     JOIN role_permission rp ON rp.role_id = pm.role_id AND rp.permission = 'project.view'
                     WHERE pm.user_id = ",
                )
                .bind("?)", user.uuid()),
        }
    }
}
