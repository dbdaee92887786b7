//! Who is to be alerted, and whose alert has lost its ground.

use super::{IS_MEMBER, NEVER, SEES_ALL};
use crate::{
    db::{Result, Sql, Tx},
    people::PersonRow,
};
use domain::{
    ids::{AlertId, EpisodeId, ProjectId, RoleId, UserId},
    time::Timestamp,
    urgent::{Step, Who, Why},
    user::UserRef,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Rows that one call finds; SQLite binds no more than 32,766 values in one statement.
pub const PIECE: i64 = 1_000;

/// Somebody of an episode.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Found {
    /// The episode.
    pub episode_id: EpisodeId,
    /// The person.
    pub user_id: UserId,
    /// Why.
    pub why: Why,
    /// Whether the episode is suspended.
    pub suspended: bool,
}

/// Everyone whom a project would alert: active members who see it, and watchers of its tasks who see it without being
/// members. By name.
pub async fn would_be_alerted(tx: &mut Tx, project: ProjectId) -> Result<Vec<(UserRef, Why)>> {
    let sql = tx
        .compose("SELECT DISTINCT u.id, u.username, u.display_name, CASE WHEN ")
        .push(IS_MEMBER)
        .push(" THEN 0 ELSE 1 END AS why FROM (SELECT id AS project_id FROM project")
        .bind(" WHERE id = ?) e JOIN (SELECT pm.user_id FROM project_member pm", project.uuid())
        .bind(" WHERE pm.project_id = ? UNION SELECT w.user_id FROM task t", project.uuid())
        .push(" JOIN task_watcher w ON w.task_id = t.id WHERE t.lifecycle = 0")
        .bind(" AND t.project_id = ?) c JOIN person u ON u.id = c.user_id", project.uuid())
        .push(" WHERE u.status = 'active' AND (")
        .push(IS_MEMBER)
        .push(" OR (")
        .push(SEES_ALL)
        .push(" AND EXISTS (SELECT 1 FROM task t JOIN task_watcher w ON w.task_id = t.id")
        .push(" WHERE t.lifecycle = 0 AND t.project_id = e.project_id AND w.user_id = u.id)))")
        .push(" ORDER BY u.display_name, u.id");
    let rows: Vec<CandidateRow> = tx.build(sql).all().await?;
    let why = |code: i64| if code == 0 { Why::Member } else { Why::Watcher };
    Ok(rows.into_iter().map(|row| (UserRef::from(row.person), why(row.why))).collect())
}

/// Episodes that go on whose alerts were made for another state of who may do what. Index: `episode_due`.
pub async fn changed_access(tx: &mut Tx, limit: i64) -> Result<Vec<EpisodeId>> {
    let rows: Vec<(Uuid,)> = tx
        .sql(
            "SELECT e.id
             FROM episode e
             JOIN counter c ON c.name = 'access'
             WHERE e.state IN (0, 1) AND e.rings AND e.access_seen <> c.value
             LIMIT ?",
        )
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| EpisodeId(id)).collect())
}

/// Says that the alerts of these episodes fit to what is in the database now.
pub async fn seen_access(tx: &mut Tx, episodes: &[EpisodeId]) -> Result<()> {
    let sql = tx
        .compose(
            "UPDATE episode SET access_seen = (SELECT value FROM counter WHERE name = 'access') WHERE id IN ",
        )
        .list(ids(episodes));
    tx.build(sql).run().await.map(drop)
}

/// Brings the alerts of the episode that goes on in a project up to date with the next call: somebody watches now who did
/// not before. Index: `episode_open`.
pub async fn look_again(tx: &mut Tx, project: ProjectId) -> Result<()> {
    tx.sql("UPDATE episode SET access_seen = -1 WHERE open_project_id = ?")
        .bind(project.uuid())
        .run()
        .await
        .map(drop)
}

/// Members and watchers of these episodes who have no alert yet, at most [`PIECE`]. Nobody where one acknowledgement was enough.
pub async fn missing(tx: &mut Tx, episodes: &[EpisodeId]) -> Result<Vec<Found>> {
    let sql = candidates(
        tx.compose("SELECT e.id, u.id, MIN(c.why) AS why, MAX(e.state) AS state FROM episode e JOIN ("),
        episodes,
    )
    .push(
        ") c ON c.project_id = e.project_id
         JOIN person u ON u.id = c.user_id AND u.status = 'active'
         WHERE NOT e.answered
         AND NOT EXISTS (SELECT 1 FROM alert a WHERE a.episode_id = e.id AND a.user_id = u.id)
         AND (",
    )
    .push(IS_MEMBER)
    .push(" OR (c.why = 1 AND ")
    .push(SEES_ALL)
    .push(")) AND e.id IN ")
    .list(ids(episodes))
    .bind(" GROUP BY e.id, u.id ORDER BY e.id, u.id LIMIT ?", PIECE);
    let rows: Vec<(Uuid, Uuid, i64, i16)> = tx.build(sql).all().await?;
    let why = |code: i64| if code == 0 { Why::Member } else { Why::Watcher };
    Ok(rows
        .into_iter()
        .map(|(episode, user, code, state)| Found {
            episode_id: EpisodeId(episode),
            user_id: UserId(user),
            why: why(code),
            suspended: state == 1,
        })
        .collect())
}

/// Who belongs to the projects of these episodes (`why` 0), and who watches a task there (1).
/// Indices: the key of `project_member`, `task_by_number`, `task_watcher_pk`.
fn candidates(sql: Sql, episodes: &[EpisodeId]) -> Sql {
    sql.push(
        "SELECT pm.project_id, pm.user_id, 0 AS why
         FROM project_member pm
         WHERE pm.project_id IN (SELECT se.project_id FROM episode se WHERE se.id IN ",
    )
    .list(ids(episodes))
    .push(
        ")
         UNION
         SELECT t.project_id, w.user_id, 1 AS why
         FROM task t
         JOIN task_watcher w ON w.task_id = t.id
         WHERE t.lifecycle = 0 AND t.project_id IN (SELECT se.project_id FROM episode se WHERE se.id IN ",
    )
    .list(ids(episodes))
    .push(")")
}

/// What still stands of alerts (ringing, or acknowledged and due again) whose person may not see the project any more,
/// or was alerted as a member and is none; at most [`PIECE`].
pub async fn strayed(tx: &mut Tx, episodes: &[EpisodeId]) -> Result<Vec<(AlertId, UserId)>> {
    let sql = tx
        .compose(
            "SELECT a.id, a.user_id
             FROM alert a
             JOIN episode e ON e.id = a.episode_id
             JOIN person u ON u.id = a.user_id
             WHERE a.episode_id IN ",
        )
        .list(ids(episodes))
        .bind(" AND (a.state = 0 OR (a.state = 1 AND a.next_at < ?))", NEVER)
        .push(" AND NOT (u.status = 'active' AND (")
        .push(IS_MEMBER)
        .push(" OR (a.why <> 0 AND ")
        .push(SEES_ALL)
        .bind("))) LIMIT ?", PIECE);
    let rows: Vec<(Uuid, Uuid)> = tx.build(sql).all().await?;
    Ok(rows.into_iter().map(|(id, user)| (AlertId(id), UserId(user))).collect())
}

/// Ends alerts whose people left, at most [`PIECE`]. One that was acknowledged stays so.
pub async fn leave(tx: &mut Tx, alerts: &[AlertId]) -> Result<()> {
    let sql = tx
        .compose("UPDATE alert")
        .bind(" SET next_at = ?, state = CASE WHEN state = 0 THEN 3 ELSE state END WHERE id IN ", NEVER)
        .list(alerts.iter().map(|id| id.uuid()));
    tx.build(sql).run().await.map(drop)
}

/// Lets alerts ring anew whose people left and came back, at most [`PIECE`]; gives whose. Those of suspended episodes
/// wait for its end.
pub async fn returned(
    tx: &mut Tx,
    episodes: &[EpisodeId],
    now: Timestamp,
) -> Result<Vec<(EpisodeId, UserId)>> {
    let sql = tx
        .compose(
            "SELECT a.id, a.episode_id, a.user_id, e.state
             FROM alert a
             JOIN episode e ON e.id = a.episode_id
             JOIN person u ON u.id = a.user_id
             WHERE a.state = 3 AND NOT e.answered AND u.status = 'active' AND (",
        )
        .push(IS_MEMBER)
        .push(" OR (a.why <> 0 AND ")
        .push(SEES_ALL)
        .push(")) AND a.episode_id IN ")
        .list(ids(episodes))
        .bind(" LIMIT ?", PIECE);
    let rows: Vec<(Uuid, Uuid, Uuid, i16)> = tx.build(sql).all().await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let waiting = rows.iter().filter(|(.., state)| *state == 1).map(|(id, ..)| *id);
    let sql = tx
        .compose("UPDATE alert SET state = 0, rounds = 0")
        .bind(", since = ?", now.micros())
        .bind(", last_at = ?", now.micros())
        .push(", next_at = CASE WHEN id IN ")
        .list(waiting)
        .bind(" THEN ?", NEVER)
        .bind(" ELSE ? END WHERE id IN ", now.micros())
        .list(rows.iter().map(|(id, ..)| *id));
    tx.build(sql).run().await?;
    Ok(rows.into_iter().map(|(_, episode, user, _)| (EpisodeId(episode), UserId(user))).collect())
}

/// Whom steps alert: for each project and step the active people who see the project, by its place in the list.
pub async fn of_steps(tx: &mut Tx, steps: &[(ProjectId, &Step)]) -> Result<BTreeMap<usize, Vec<UserRef>>> {
    let mut found: BTreeMap<usize, Vec<UserRef>> = BTreeMap::new();
    let people = steps.iter().enumerate().filter(|(_, (_, step))| is_about_people(&step.who));
    let mut sql = tx.compose("");
    let mut any = false;
    for (index, (project, step)) in people {
        sql = sql
            .push(if any { " UNION ALL " } else { "" })
            .bind(
                "SELECT ? AS place, u.id, u.username, u.display_name",
                i64::try_from(index).unwrap_or(i64::MAX),
            )
            .push(" FROM project p JOIN (SELECT id AS project_id FROM project) e ON e.project_id = p.id")
            .bind(" JOIN person u ON u.status = 'active' WHERE p.id = ? AND (", project.uuid())
            .push(IS_MEMBER)
            .push(" OR ")
            .push(SEES_ALL)
            .push(")");
        sql = whom(sql, &step.who);
        any = true;
    }
    if !any {
        return Ok(found);
    }
    let rows: Vec<StepRow> = tx.build(sql).all().await?;
    for row in rows {
        found
            .entry(usize::try_from(row.place).unwrap_or_default())
            .or_default()
            .push(UserRef::from(row.person));
    }
    Ok(found)
}

#[derive(sqlx::FromRow)]
struct StepRow {
    place: i64,
    #[sqlx(flatten)]
    person: PersonRow,
}

#[derive(sqlx::FromRow)]
struct CandidateRow {
    #[sqlx(flatten)]
    person: PersonRow,
    why: i64,
}

fn is_about_people(who: &Who) -> bool {
    !matches!(who, Who::Members | Who::Webhook { .. })
}

fn whom(sql: Sql, who: &Who) -> Sql {
    match who {
        Who::Owner => sql.push(" AND u.id = p.owner_id"),
        Who::TeamLeads => sql.push(
            " AND u.id IN (
               SELECT t.lead_id
               FROM project_team pt
               JOIN team t ON t.id = pt.team_id
               WHERE pt.project_id = p.id AND t.lead_id IS NOT NULL)",
        ),
        Who::Administrators => sql.push(
            " AND u.role_id IN (
               SELECT rs.role_id
               FROM role_permission rs
               JOIN role_permission ra ON ra.role_id = rs.role_id AND ra.permission = 'project.access_all'
               WHERE rs.permission = 'urgent.suspend')",
        ),
        Who::Role { role_id } => of_role(sql, *role_id),
        Who::Person { user_id } => sql.bind(" AND u.id = ?", user_id.uuid()),
        Who::Members | Who::Webhook { .. } => sql.push(" AND 1 = 0"),
    }
}

fn of_role(sql: Sql, role: RoleId) -> Sql {
    sql.bind(" AND (u.role_id = ?", role.uuid()).bind(
        " OR u.id IN (SELECT rm.user_id FROM project_member rm WHERE rm.project_id = p.id AND rm.role_id = ?))",
        role.uuid(),
    )
}

fn ids(episodes: &[EpisodeId]) -> impl Iterator<Item = Uuid> {
    episodes.iter().map(|id| id.uuid())
}
