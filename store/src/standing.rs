//! By which roles somebody stands in the workspace and in a project: what explains a permission.

use crate::db::{Result, Tx};
use domain::{
    ids::{ProjectId, RoleId, UserId},
    permission::Permission,
};
use uuid::Uuid;

/// A person's standing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The name that others see.
    pub display_name: String,
    /// Whether they may sign in.
    pub active: bool,
    /// Their workspace role.
    pub role: RoleId,
    /// Their roles in the project, each with the team that brings it.
    pub in_project: Vec<(RoleId, Option<String>)>,
}

#[derive(sqlx::FromRow)]
struct Row {
    display_name: String,
    status: String,
    role_id: Uuid,
    member_role_id: Option<Uuid>,
    team_name: Option<String>,
}

/// Reads it; `None` if there is no such person. Index: `project_member_pk`.
pub async fn of(tx: &mut Tx, user: UserId, project: Option<ProjectId>) -> Result<Option<Standing>> {
    let rows: Vec<Row> = tx
        .sql(
            "SELECT u.display_name, u.status, u.role_id, m.role_id AS member_role_id, t.name AS team_name
             FROM person u
             LEFT JOIN project_member m ON m.user_id = u.id AND m.project_id = ?
             LEFT JOIN team t ON t.id = m.team_id
             WHERE u.id = ?
             ORDER BY t.name",
        )
        .bind(project.map(ProjectId::uuid))
        .bind(user.uuid())
        .all()
        .await?;
    let in_project =
        rows.iter().filter_map(|row| Some((RoleId(row.member_role_id?), row.team_name.clone()))).collect();
    Ok(rows.into_iter().next().map(|row| Standing {
        display_name: row.display_name,
        active: row.status == "active",
        role: RoleId(row.role_id),
        in_project,
    }))
}

/// The names of people who have a permission: in the project by membership or in every one, or without a project by
/// their workspace role. By name, at most `limit`.
pub async fn names_with(
    tx: &mut Tx,
    permission: Permission,
    project: Option<ProjectId>,
    limit: i64,
) -> Result<Vec<String>> {
    let mut sql = tx.compose(
        "SELECT u.display_name FROM person u
         WHERE u.status = 'active' AND (EXISTS (
             SELECT 1 FROM role_permission rp
             WHERE rp.role_id = u.role_id AND rp.permission = ",
    );
    sql = sql.bind("?", permission.as_str());
    if let Some(project) = project {
        sql = sql
            .push(
                " AND EXISTS (
                 SELECT 1 FROM role_permission everywhere
                 WHERE everywhere.role_id = u.role_id AND everywhere.permission = 'project.access_all')
               ) OR EXISTS (
                 SELECT 1 FROM project_member m
                 JOIN role_permission rp ON rp.role_id = m.role_id
                 WHERE m.user_id = u.id AND rp.permission = ",
            )
            .bind("?", permission.as_str())
            .bind(" AND m.project_id = ?", project.uuid());
    }
    let sql = sql.bind(")) ORDER BY u.display_name, u.id LIMIT ?", limit);
    let rows: Vec<(String,)> = tx.build(sql).all().await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}
