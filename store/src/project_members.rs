//! Who belongs to a project: directly, and through teams. A row for each way in.

use crate::{
    db::{Result, Sql, Tx},
    people::PersonRow,
};
use domain::{
    ids::{ProjectId, RoleId, TeamId, UserId},
    permission::Permission,
    project::{ProjectMember, ProjectTeam},
    time::Timestamp,
    user::UserRef,
    validate,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The team of a direct member.
const DIRECTLY: Uuid = Uuid::nil();

#[derive(sqlx::FromRow)]
struct MemberRow {
    id: Uuid,
    username: String,
    display_name: String,
    role_id: Uuid,
    role_name: String,
    team_id: Option<Uuid>,
    team_name: Option<String>,
}

#[derive(sqlx::FromRow)]
struct TeamRow {
    team_id: Uuid,
    name: String,
    role_id: Uuid,
    role_name: String,
    member_count: i64,
}

impl From<MemberRow> for ProjectMember {
    fn from(row: MemberRow) -> Self {
        Self {
            user: UserRef { id: UserId(row.id), username: row.username, display_name: row.display_name },
            role_id: RoleId(row.role_id),
            role_name: row.role_name,
            team_id: row.team_id.map(TeamId),
            team_name: row.team_name,
        }
    }
}

impl From<TeamRow> for ProjectTeam {
    fn from(row: TeamRow) -> Self {
        Self {
            team_id: TeamId(row.team_id),
            name: row.name,
            role_id: RoleId(row.role_id),
            role_name: row.role_name,
            member_count: row.member_count,
        }
    }
}

const SELECT_TEAMS: &str = "SELECT t.id AS team_id, t.name, r.id AS role_id, r.name AS role_name,
       (SELECT COUNT(*) FROM team_member m WHERE m.team_id = t.id) AS member_count
     FROM project_team p
     JOIN team t ON t.id = p.team_id
     JOIN role r ON r.id = p.role_id";

/// Every way into a project, by person. Index: the key of `project_member`.
pub async fn list(tx: &mut Tx, project: ProjectId) -> Result<Vec<ProjectMember>> {
    let rows: Vec<MemberRow> = tx
        .sql(
            "SELECT u.id, u.username, u.display_name, r.id AS role_id, r.name AS role_name,
               t.id AS team_id, t.name AS team_name
             FROM project_member m
             JOIN person u ON u.id = m.user_id
             JOIN role r ON r.id = m.role_id
             LEFT JOIN team t ON t.id = m.team_id
             WHERE m.project_id = ?
             ORDER BY u.display_name, u.id, m.team_id",
        )
        .bind(project.uuid())
        .all()
        .await?;
    Ok(rows.into_iter().map(ProjectMember::from).collect())
}

/// A project's teams by name. Index: the key of `project_team`.
pub async fn teams(tx: &mut Tx, project: ProjectId) -> Result<Vec<ProjectTeam>> {
    let sql =
        tx.compose(SELECT_TEAMS).bind(" WHERE p.project_id = ?", project.uuid()).push(" ORDER BY t.name_key");
    let rows: Vec<TeamRow> = tx.build(sql).all().await?;
    Ok(rows.into_iter().map(ProjectTeam::from).collect())
}

/// Who may be given work in a project: active members whose role there has `project.view`, by name.
/// Index: the key of `project_member`.
pub async fn people(tx: &mut Tx, project: ProjectId) -> Result<Vec<UserRef>> {
    let sql = assignable(tx.compose("SELECT DISTINCT u.id, u.username, u.display_name"), project)
        .push(" ORDER BY u.display_name, u.id");
    let rows: Vec<PersonRow> = tx.build(sql).all().await?;
    Ok(rows.into_iter().map(UserRef::from).collect())
}

/// Those of `ids` who may be given work in a project, as [`people`] says.
pub async fn people_among(tx: &mut Tx, project: ProjectId, ids: &[UserId]) -> Result<Vec<UserRef>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = assignable(tx.compose("SELECT DISTINCT u.id, u.username, u.display_name"), project)
        .push(" AND m.user_id IN ")
        .list(ids.iter().map(|id| id.uuid()))
        .push(" ORDER BY u.display_name, u.id");
    let rows: Vec<PersonRow> = tx.build(sql).all().await?;
    Ok(rows.into_iter().map(UserRef::from).collect())
}

/// The ids of [`people_among`].
pub async fn member_ids(tx: &mut Tx, project: ProjectId, ids: &[UserId]) -> Result<Vec<UserId>> {
    Ok(people_among(tx, project, ids).await?.into_iter().map(|person| person.id).collect())
}

fn assignable(sql: Sql, project: ProjectId) -> Sql {
    sql.push(
        "
         FROM project_member m
         JOIN role_permission rp ON rp.role_id = m.role_id AND rp.permission = 'project.view'
         JOIN person u ON u.id = m.user_id",
    )
    .bind(" WHERE m.project_id = ? AND u.status = 'active'", project.uuid())
}

/// Someone's direct membership, also of a person who may not sign in any more.
pub async fn direct_member(tx: &mut Tx, project: ProjectId, user: UserId) -> Result<Option<ProjectMember>> {
    let row: Option<MemberRow> = tx
        .sql(
            "SELECT u.id, u.username, u.display_name, r.id AS role_id, r.name AS role_name,
               NULL AS team_id, NULL AS team_name
             FROM project_member m
             JOIN person u ON u.id = m.user_id
             JOIN role r ON r.id = m.role_id
             WHERE m.project_id = ? AND m.user_id = ? AND m.team_id = ?",
        )
        .bind(project.uuid())
        .bind(user.uuid())
        .bind(DIRECTLY)
        .optional()
        .await?;
    Ok(row.map(ProjectMember::from))
}

/// A team's place in a project.
pub async fn team(tx: &mut Tx, project: ProjectId, team: TeamId) -> Result<Option<ProjectTeam>> {
    let sql = tx
        .compose(SELECT_TEAMS)
        .bind(" WHERE p.project_id = ?", project.uuid())
        .bind(" AND p.team_id = ?", team.uuid());
    let row: Option<TeamRow> = tx.build(sql).optional().await?;
    Ok(row.map(ProjectTeam::from))
}

/// Adds a direct member.
///
/// # Errors
/// [`crate::Error::Taken`] if they are one already.
pub async fn insert_user(
    tx: &mut Tx,
    project: ProjectId,
    user: UserId,
    role: RoleId,
    now: Timestamp,
) -> Result<()> {
    tx.sql(
        "INSERT INTO project_member (project_id, user_id, team_id, role_id, added_at)
         VALUES (?, ?, ?, ?, ?)",
    )
    .bind(project.uuid())
    .bind(user.uuid())
    .bind(DIRECTLY)
    .bind(role.uuid())
    .bind(now.micros())
    .run()
    .await
    .map(drop)
}

/// Makes whoever creates a project its first member: with the role of this name, or with that of the workspace where there is
/// none which lets them see the project.
pub async fn insert_creator(
    tx: &mut Tx,
    project: ProjectId,
    user: UserId,
    role: &str,
    now: Timestamp,
) -> Result<()> {
    tx.sql(
        "INSERT INTO project_member (project_id, user_id, team_id, role_id, added_at)
         SELECT ?, u.id, ?, COALESCE((
             SELECT r.id FROM role r
             JOIN role_permission p ON p.role_id = r.id
             WHERE r.name_key = ? AND p.permission = ?
           ), u.role_id), ?
         FROM person u
         WHERE u.id = ?",
    )
    .bind(project.uuid())
    .bind(DIRECTLY)
    .bind(validate::name_key(role))
    .bind(Permission::ProjectView.as_str())
    .bind(now.micros())
    .bind(user.uuid())
    .run()
    .await
    .map(drop)
}

/// Gives a direct member another role.
pub async fn set_user_role(tx: &mut Tx, project: ProjectId, user: UserId, role: RoleId) -> Result<()> {
    tx.sql("UPDATE project_member SET role_id = ? WHERE project_id = ? AND user_id = ? AND team_id = ?")
        .bind(role.uuid())
        .bind(project.uuid())
        .bind(user.uuid())
        .bind(DIRECTLY)
        .run()
        .await
        .map(drop)
}

/// Removes a direct member; a team may still bring them in.
pub async fn remove_user(tx: &mut Tx, project: ProjectId, user: UserId) -> Result<()> {
    tx.sql("DELETE FROM project_member WHERE project_id = ? AND user_id = ? AND team_id = ?")
        .bind(project.uuid())
        .bind(user.uuid())
        .bind(DIRECTLY)
        .run()
        .await
        .map(drop)
}

/// Adds a team and everyone in it.
///
/// # Errors
/// [`crate::Error::Taken`] if it is there already.
pub async fn insert_team(
    tx: &mut Tx,
    project: ProjectId,
    team: TeamId,
    role: RoleId,
    now: Timestamp,
) -> Result<()> {
    tx.sql("INSERT INTO project_team (project_id, team_id, role_id, added_at) VALUES (?, ?, ?, ?)")
        .bind(project.uuid())
        .bind(team.uuid())
        .bind(role.uuid())
        .bind(now.micros())
        .run()
        .await?;
    tx.sql(
        "INSERT INTO project_member (project_id, user_id, team_id, role_id, added_at)
         SELECT p.project_id, t.user_id, p.team_id, p.role_id, p.added_at
         FROM project_team p
         JOIN team_member t ON t.team_id = p.team_id
         WHERE p.project_id = ? AND p.team_id = ?",
    )
    .bind(project.uuid())
    .bind(team.uuid())
    .run()
    .await
    .map(drop)
}

/// Gives a team's people another role in a project.
pub async fn set_team_role(tx: &mut Tx, project: ProjectId, team: TeamId, role: RoleId) -> Result<()> {
    tx.sql("UPDATE project_team SET role_id = ? WHERE project_id = ? AND team_id = ?")
        .bind(role.uuid())
        .bind(project.uuid())
        .bind(team.uuid())
        .run()
        .await?;
    // Index: project_member_by_team.
    tx.sql("UPDATE project_member SET role_id = ? WHERE project_id = ? AND team_id = ?")
        .bind(role.uuid())
        .bind(project.uuid())
        .bind(team.uuid())
        .run()
        .await
        .map(drop)
}

/// Removes a team and the way in that it was.
pub async fn remove_team(tx: &mut Tx, project: ProjectId, team: TeamId) -> Result<()> {
    tx.sql("DELETE FROM project_team WHERE project_id = ? AND team_id = ?")
        .bind(project.uuid())
        .bind(team.uuid())
        .run()
        .await?;
    // Index: project_member_by_team.
    tx.sql("DELETE FROM project_member WHERE project_id = ? AND team_id = ?")
        .bind(project.uuid())
        .bind(team.uuid())
        .run()
        .await
        .map(drop)
}

/// Brings new people of a team into all its projects.
pub async fn join_projects_of_team(
    tx: &mut Tx,
    team: TeamId,
    users: &[UserId],
    now: Timestamp,
) -> Result<()> {
    let sql = tx
        .compose(
            "INSERT INTO project_member (project_id, user_id, team_id, role_id, added_at)
             SELECT p.project_id, u.id, p.team_id, p.role_id, ",
        )
        .bind("? FROM project_team p", now.micros())
        .push(" JOIN person u ON u.id IN ")
        .list(users.iter().map(|id| id.uuid()))
        .bind(" WHERE p.team_id = ?", team.uuid());
    tx.build(sql).run().await.map(drop)
}

/// Takes from people the way into projects that a team was. Index: `project_member_by_team`.
pub async fn leave_projects_of_team(tx: &mut Tx, team: TeamId, users: &[UserId]) -> Result<()> {
    let sql = tx
        .compose("DELETE FROM project_member")
        .bind(" WHERE team_id = ?", team.uuid())
        .push(" AND user_id IN ")
        .list(users.iter().map(|id| id.uuid()));
    tx.build(sql).run().await.map(drop)
}

/// Follows a change of who belongs to projects: counts their people anew, takes projects from owners who do not belong
/// to them any more, and says that the projects changed.
pub async fn recount(tx: &mut Tx, projects: &[ProjectId], now: Timestamp) -> Result<()> {
    for chunk in projects.chunks(500) {
        // The version comes first: MySQL lets later assignments see what earlier ones wrote.
        let sql = tx
            .compose(
                "UPDATE project
                 SET version = version + CASE WHEN owner_id IS NULL OR EXISTS (
                     SELECT 1 FROM project_member m WHERE m.project_id = project.id AND m.user_id = owner_id)
                   THEN 0 ELSE 1 END,
                 owner_id = CASE WHEN EXISTS (
                     SELECT 1 FROM project_member m WHERE m.project_id = project.id AND m.user_id = owner_id)
                   THEN owner_id ELSE NULL END,
                 member_count = (
                   SELECT COUNT(DISTINCT m.user_id) FROM project_member m WHERE m.project_id = project.id)",
            )
            .bind(", updated_at = ?", now.micros())
            .push(" WHERE id IN ")
            .list(chunk.iter().map(|id| id.uuid()));
        tx.build(sql).run().await?;
    }
    Ok(())
}

/// Takes people off what they can't reach any more, where no way into the project is left to them: they are no longer
/// assigned to its open tasks and watch none of its tasks. Gives for each project how many assignments ended.
/// Indices: `task_assignee_by_user`, `task_watcher_by_user`.
pub async fn release_work(
    tx: &mut Tx,
    projects: &[ProjectId],
    users: &[UserId],
    now: Timestamp,
) -> Result<BTreeMap<ProjectId, usize>> {
    let mut ended = BTreeMap::new();
    if projects.is_empty() || users.is_empty() {
        return Ok(ended);
    }
    let held = held_from_outside(tx, projects, users).await?;
    let assigned: Vec<&Held> = held.iter().filter(|row| row.assigned == 1).collect();
    for row in &assigned {
        *ended.entry(ProjectId(row.project_id)).or_default() += 1;
    }
    if !assigned.is_empty() {
        end_assignments(tx, projects, users).await?;
    }
    for chunk in assigned.chunks(500) {
        let sql = tx
            .compose("UPDATE task SET version = version + 1")
            .bind(", updated_at = ?", now.micros())
            .push(" WHERE id IN ")
            .list(chunk.iter().map(|row| row.task_id));
        tx.build(sql).run().await?;
    }
    if assigned.len() < held.len() {
        end_watching(tx, projects, users).await?;
    }
    Ok(ended)
}

/// What somebody without a way into its project still holds.
#[derive(sqlx::FromRow)]
struct Held {
    project_id: Uuid,
    task_id: Uuid,
    /// 1: assigned to it; 0: watching it.
    assigned: i64,
}

async fn held_from_outside(tx: &mut Tx, projects: &[ProjectId], users: &[UserId]) -> Result<Vec<Held>> {
    let outside = |sql: Sql| {
        sql.list(users.iter().map(|id| id.uuid()))
            .push(" AND t.project_id IN ")
            .list(projects.iter().map(|id| id.uuid()))
    };
    let sql = tx.compose(
        "SELECT t.project_id, h.task_id, 1 AS assigned
         FROM task_assignee h
         JOIN task t ON t.id = h.task_id
         WHERE t.category <> 'done' AND NOT EXISTS (
           SELECT 1 FROM project_member m WHERE m.project_id = t.project_id AND m.user_id = h.user_id)
         AND h.user_id IN ",
    );
    let sql = outside(sql).push(
        " UNION ALL
         SELECT t.project_id, h.task_id, 0 AS assigned
         FROM task_watcher h
         JOIN task t ON t.id = h.task_id
         WHERE NOT EXISTS (
           SELECT 1 FROM project_member m WHERE m.project_id = t.project_id AND m.user_id = h.user_id)
         AND h.user_id IN ",
    );
    tx.build(outside(sql)).all().await
}

async fn end_assignments(tx: &mut Tx, projects: &[ProjectId], users: &[UserId]) -> Result<()> {
    let sql = tx
        .compose("DELETE FROM task_assignee WHERE user_id IN ")
        .list(users.iter().map(|id| id.uuid()))
        .push(
            " AND task_id IN (
               SELECT t.id
               FROM task t
               WHERE t.category <> 'done' AND NOT EXISTS (
                 SELECT 1
                 FROM project_member m
                 WHERE m.project_id = t.project_id AND m.user_id = task_assignee.user_id)
               AND t.project_id IN ",
        )
        .list(projects.iter().map(|id| id.uuid()))
        .push(")");
    tx.build(sql).run().await.map(drop)
}

async fn end_watching(tx: &mut Tx, projects: &[ProjectId], users: &[UserId]) -> Result<()> {
    let sql = tx
        .compose("DELETE FROM task_watcher WHERE user_id IN ")
        .list(users.iter().map(|id| id.uuid()))
        .push(
            " AND task_id IN (
               SELECT t.id
               FROM task t
               WHERE NOT EXISTS (
                 SELECT 1
                 FROM project_member m
                 WHERE m.project_id = t.project_id AND m.user_id = task_watcher.user_id)
               AND t.project_id IN ",
        )
        .list(projects.iter().map(|id| id.uuid()))
        .push(")");
    tx.build(sql).run().await.map(drop)
}
