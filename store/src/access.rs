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

/// A person's role, one of their memberships, or a permission of a role: whatever is neither of the others.
#[derive(sqlx::FromRow)]
struct Row {
    role_id: Uuid,
    project_id: Option<Uuid>,
    permission: String,
    /// Beside the person's role.
    own_access: i64,
}

/// Reads a person's permissions, with [`own_access`](crate::sessions::Moment) of that moment, in one statement; `None` if there
/// is no such person or they are disabled.
/// Index: `project_member_by_user`.
pub async fn load(tx: &mut Tx, user: UserId) -> Result<Option<(Access, i64)>> {
    let rows: Vec<Row> = tx
        .sql(
            "SELECT u.role_id, NULL AS project_id, '' AS permission, c.value + u.access AS own_access
             FROM person u
             JOIN counter c ON c.name = 'access'
             WHERE u.id = ? AND u.status = 'active'
             UNION ALL
             SELECT role_id, project_id, '', 0
             FROM project_member
             WHERE user_id = ?
             UNION ALL
             SELECT role_id, NULL, permission, 0
             FROM role_permission",
        )
        .bind(user.uuid())
        .bind(user.uuid())
        .all()
        .await?;
    let (permissions, roles): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| !row.permission.is_empty());
    let permissions = by_role(permissions.into_iter().map(|row| (row.role_id, row.permission)));
    let mut own = None;
    let mut projects: HashMap<ProjectId, PermissionSet> = HashMap::new();
    for row in roles {
        let allowed = permissions.get(&RoleId(row.role_id)).copied().unwrap_or_default();
        match row.project_id {
            None => own = Some((allowed, row.own_access)),
            Some(project) => {
                let allowed = allowed.of_scope(domain::permission::Scope::Project);
                let entry = projects.entry(ProjectId(project)).or_default();
                *entry = entry.union(allowed);
            }
        }
    }
    let Some((own, own_access)) = own else { return Ok(None) };
    let everywhere = if own.contains(Permission::ProjectAccessAll) {
        own.of_scope(domain::permission::Scope::Project)
    } else {
        PermissionSet::EMPTY
    };
    let workspace = own.of_scope(domain::permission::Scope::Workspace);
    Ok(Some((Access { workspace, everywhere, projects }, own_access)))
}

/// Says that this person gets into a project which the transaction makes: nobody else has to look at everything anew. All other
/// ways in and out are [`Tx::bump_access`]'s, also those of one person: alerts of urgent projects follow that counter.
///
/// To be called before anything else is written of the person: who writes of them beside it (a sign-in) would otherwise wait for
/// this transaction, and it for them.
pub async fn bump_creator(tx: &mut Tx, user: UserId) -> Result<()> {
    tx.tell_access();
    tx.sql("UPDATE person SET access = access + 1 WHERE id = ?").bind(user.uuid()).run().await.map(drop)
}

/// Every role's permissions.
pub async fn permissions_of_roles(tx: &mut Tx) -> Result<HashMap<RoleId, PermissionSet>> {
    let rows: Vec<(Uuid, String)> = tx.sql("SELECT role_id, permission FROM role_permission").all().await?;
    Ok(by_role(rows))
}

fn by_role(rows: impl IntoIterator<Item = (Uuid, String)>) -> HashMap<RoleId, PermissionSet> {
    let mut roles: HashMap<RoleId, PermissionSet> = HashMap::new();
    for (role, permission) in rows {
        // A permission that a newer version knew and this one doesn't allows nothing here.
        if let Some(permission) = Permission::parse(&permission) {
            roles.entry(RoleId(role)).or_default().insert(permission);
        }
    }
    roles
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

    /// The projects, where a list that is sorted does better to read the first rows of each than all of all: those that
    /// fulfil `condition` on the project `p`, with ids of none behind them (one at least), so that statements of few lengths are prepared.
    /// `None` where the condition of [`Visible::restrict`] does.
    ///
    /// Index: `project_member_by_user`.
    pub(crate) async fn each(self, tx: &mut Tx, condition: &'static str) -> Result<Option<Vec<Uuid>>> {
        if self == Self::Everything {
            return Ok(None);
        }
        let sql = self
            .restrict(tx.compose("SELECT p.id FROM project p WHERE 1 = 1"), " AND p.id")
            .push(condition)
            .bind(" LIMIT ?", i64::try_from(EACH).unwrap_or(i64::MAX) + 1);
        let rows: Vec<(Uuid,)> = tx.build(sql).all().await?;
        let mut projects: Vec<Uuid> = rows.into_iter().map(|(id,)| id).collect();
        if projects.len() > EACH {
            return Ok(None);
        }
        projects.resize(projects.len().next_power_of_two(), Uuid::nil());
        Ok(Some(projects))
    }

    /// Whether of all tasks so many may be seen that a list of something on tasks does better to go through everything,
    /// newest first, until a page is full, than to collect and sort what may be seen. With a share of s, the one reads about
    /// a page / s, the other s of all; a task has some of what is listed.
    ///
    /// Index: `project_member_by_user`.
    pub(crate) async fn is_broad(self, tx: &mut Tx) -> Result<bool> {
        if self == Self::Everything {
            return Ok(true);
        }
        let sql = tx.compose(
            "SELECT COALESCE(CAST(SUM(p.open_count + p.done_count) AS SIGNED), 0),
               (SELECT COALESCE(CAST(SUM(q.open_count + q.done_count) AS SIGNED), 0) FROM project q)
             FROM project p
             WHERE 1 = 1",
        );
        let sql = self.restrict(sql, " AND p.id");
        let (seen, all): (i64, i64) = tx.build(sql).one().await?;
        Ok(seen.saturating_mul(seen) > all.saturating_mul(PAGE))
    }
}

/// Rows of a page, about, by what each task has of what is listed.
const PAGE: i64 = 10;
/// Projects whose first rows are read one by one. Whoever is in more sees so much that the first rows of everything are
/// mostly theirs.
const EACH: usize = 200;
