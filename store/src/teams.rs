//! Teams and who is in them.

use crate::{
    db::{Result, Tx},
    people::PersonRow,
};
use domain::{
    ids::{ProjectId, RoleId, TeamId, UserId},
    page::{Page, Paged},
    team::Team,
    time::Timestamp,
    user::UserRef,
    validate,
};
use uuid::Uuid;

const SELECT: &str = "SELECT t.id, t.name, t.description,
       l.id AS lead_id, l.username AS lead_username, l.display_name AS lead_name,
       (SELECT COUNT(*) FROM team_member m WHERE m.team_id = t.id) AS member_count,
       (SELECT COUNT(*) FROM project_team p WHERE p.team_id = t.id) AS project_count,
       t.created_at, t.version
     FROM team t
     LEFT JOIN person l ON l.id = t.lead_id";

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    description: String,
    lead_id: Option<Uuid>,
    lead_username: Option<String>,
    lead_name: Option<String>,
    member_count: i64,
    project_count: i64,
    created_at: i64,
    version: i64,
}

impl From<Row> for Team {
    fn from(row: Row) -> Self {
        let lead = match (row.lead_id, row.lead_username, row.lead_name) {
            (Some(id), Some(username), Some(display_name)) => {
                Some(UserRef { id: UserId(id), username, display_name })
            }
            _ => None,
        };
        Self {
            id: TeamId(row.id),
            name: row.name,
            description: row.description,
            lead,
            member_count: row.member_count,
            project_count: row.project_count,
            created_at: Timestamp(row.created_at),
            version: row.version,
        }
    }
}

/// Teams by name; the cursor is the last one's name. Index: `team_name_key`.
pub async fn list(tx: &mut Tx, page: &Page) -> Result<Paged<Team>> {
    let after = page.cursor.as_deref().map(validate::name_key);
    let sql = tx
        .compose(SELECT)
        .push(" WHERE 1 = 1")
        .bind_some(" AND t.name_key > ?", after)
        .bind(" ORDER BY t.name_key LIMIT ?", page.limit + 1);
    let rows: Vec<Row> = tx.build(sql).all().await?;
    let teams = rows.into_iter().map(Team::from).collect();
    Ok(Paged::cut(teams, page.limit, |team| team.name.clone()))
}

/// The team of that id.
pub async fn find(tx: &mut Tx, id: TeamId) -> Result<Option<Team>> {
    let sql = tx.compose(SELECT).bind(" WHERE t.id = ?", id.uuid());
    let row: Option<Row> = tx.build(sql).optional().await?;
    Ok(row.map(Team::from))
}

/// A team's people by name, also those who may not sign in any more. Index: the key of `team_member`.
pub async fn members(tx: &mut Tx, id: TeamId) -> Result<Vec<UserRef>> {
    let rows: Vec<PersonRow> = tx
        .sql(
            "SELECT u.id, u.username, u.display_name
             FROM team_member m
             JOIN person u ON u.id = m.user_id
             WHERE m.team_id = ?
             ORDER BY u.display_name, u.id",
        )
        .bind(id.uuid())
        .all()
        .await?;
    Ok(rows.into_iter().map(UserRef::from).collect())
}

/// Whether somebody is in a team. Index: `team_member_pk`.
pub async fn is_member(tx: &mut Tx, id: TeamId, user: UserId) -> Result<bool> {
    let row: Option<(i64,)> = tx
        .sql("SELECT 1 FROM team_member WHERE team_id = ? AND user_id = ?")
        .bind(id.uuid())
        .bind(user.uuid())
        .optional()
        .await?;
    Ok(row.is_some())
}

/// The projects that a team belongs to, with its people's role there. Index: `project_team_by_team`.
pub async fn projects(tx: &mut Tx, id: TeamId) -> Result<Vec<(ProjectId, RoleId)>> {
    let rows: Vec<(Uuid, Uuid)> = tx
        .sql("SELECT project_id, role_id FROM project_team WHERE team_id = ?")
        .bind(id.uuid())
        .all()
        .await?;
    Ok(rows.into_iter().map(|(project, role)| (ProjectId(project), RoleId(role))).collect())
}

/// Adds a team without people.
///
/// # Errors
/// [`crate::Error::Taken`] if the name or id is.
pub async fn insert(tx: &mut Tx, team: &Team) -> Result<()> {
    tx.sql(
        "INSERT INTO team (id, name, name_key, description, lead_id, created_at, updated_at, version)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(team.id.uuid())
    .bind(team.name.clone())
    .bind(validate::name_key(&team.name))
    .bind(team.description.clone())
    .bind(team.lead.as_ref().map(|lead| lead.id.uuid()))
    .bind(team.created_at.micros())
    .bind(team.created_at.micros())
    .bind(team.version)
    .run()
    .await
    .map(drop)
}

/// Writes a changed team over version `seen`; `false` if it has another version by now.
///
/// # Errors
/// [`crate::Error::Taken`] if the name is.
pub async fn update(tx: &mut Tx, team: &Team, seen: i64, now: Timestamp) -> Result<bool> {
    let matched = tx
        .sql(
            "UPDATE team
             SET name = ?, name_key = ?, description = ?, lead_id = ?, updated_at = ?, version = ?
             WHERE id = ? AND version = ?",
        )
        .bind(team.name.clone())
        .bind(validate::name_key(&team.name))
        .bind(team.description.clone())
        .bind(team.lead.as_ref().map(|lead| lead.id.uuid()))
        .bind(now.micros())
        .bind(team.version)
        .bind(team.id.uuid())
        .bind(seen)
        .run()
        .await?;
    Ok(matched > 0)
}

/// Removes a team, its people's places in it and its places in projects; the rows of `project_member` that it brought
/// are the caller's to remove first.
pub async fn delete(tx: &mut Tx, id: TeamId) -> Result<()> {
    tx.sql("DELETE FROM team WHERE id = ?").bind(id.uuid()).run().await.map(drop)
}

/// Puts people in who are not in yet.
pub async fn insert_members(tx: &mut Tx, id: TeamId, users: &[UserId], now: Timestamp) -> Result<()> {
    for chunk in users.chunks(500) {
        let sql = tx.compose("INSERT INTO team_member (team_id, user_id, added_at) VALUES ").rows(
            chunk,
            3,
            |sql, user| sql.value(id.uuid()).value(user.uuid()).value(now.micros()),
        );
        tx.build(sql).run().await?;
    }
    Ok(())
}

/// Takes people out.
pub async fn delete_members(tx: &mut Tx, id: TeamId, users: &[UserId]) -> Result<()> {
    let sql = tx
        .compose("DELETE FROM team_member")
        .bind(" WHERE team_id = ?", id.uuid())
        .push(" AND user_id IN ")
        .list(users.iter().map(|user| user.uuid()));
    tx.build(sql).run().await.map(drop)
}
