//! The times that projects were urgent.

use super::NEVER;
use crate::{
    access::Visible,
    db::{Error, Result, Sql, Tx},
};
use domain::{
    ids::{EpisodeId, ProjectId, UserId},
    page::Paged,
    palette::Colour,
    project::ProjectRef,
    time::Timestamp,
    urgent::{Episode, EpisodeState, Policy},
    user::UserRef,
};
use uuid::Uuid;

/// An episode, with what only the program needs.
#[derive(Clone, Debug)]
pub struct EpisodeRow {
    /// The episode.
    pub episode: Episode,
    /// When it was suspended.
    pub suspended_at: Option<Timestamp>,
    /// Whether one acknowledgement was enough and is there.
    pub answered: bool,
    /// The start of its steps' time.
    pub base_at: Timestamp,
    /// The next step of its policy to look at.
    pub step: usize,
}

/// A new one.
#[derive(Clone, Debug)]
pub struct NewRow {
    /// Its id.
    pub id: EpisodeId,
    /// The project.
    pub project_id: ProjectId,
    /// Who raised it.
    pub raised_by: Option<UserId>,
    /// Why.
    pub reason: String,
    /// When.
    pub raised_at: Timestamp,
    /// Whether people are alerted.
    pub rings: bool,
    /// How.
    pub policy: Policy,
    /// Whether the first step does not wait, because somebody cannot be reached.
    pub hasten: bool,
    /// The first step of the policy that is not about members, and when it is due; `None`: none.
    pub next: Option<(usize, Timestamp)>,
    /// The access counter for which its alerts are made.
    pub access: i64,
}

const SELECT: &str = "SELECT e.id, e.project_id, p.project_key, p.name, p.colour, p.urgent_at,
       r.id AS raiser_id, r.username AS raiser_username, r.display_name AS raiser_name,
       e.reason, e.raised_at, e.rings, e.answered, e.policy, e.state, e.base_at, e.step, e.next_at,
       e.suspended_at, e.ended_at, e.note, e.version,
       x.id AS ender_id, x.username AS ender_username, x.display_name AS ender_name,
       (SELECT COUNT(*) FROM alert a WHERE a.episode_id = e.id AND a.state = 0) AS ringing,
       (SELECT COUNT(*) FROM alert a WHERE a.episode_id = e.id AND a.state = 1) AS acknowledged
     FROM episode e";
const REST: &str = "project p ON p.id = e.project_id
     LEFT JOIN person r ON r.id = e.raised_by
     LEFT JOIN person x ON x.id = e.ended_by";

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    project_id: Uuid,
    project_key: String,
    name: String,
    colour: String,
    urgent_at: Option<i64>,
    raiser_id: Option<Uuid>,
    raiser_username: Option<String>,
    raiser_name: Option<String>,
    reason: String,
    raised_at: i64,
    rings: bool,
    answered: bool,
    policy: String,
    state: i16,
    base_at: i64,
    step: i16,
    next_at: i64,
    suspended_at: Option<i64>,
    ended_at: Option<i64>,
    note: String,
    version: i64,
    ender_id: Option<Uuid>,
    ender_username: Option<String>,
    ender_name: Option<String>,
    ringing: i64,
    acknowledged: i64,
}

fn person(id: Option<Uuid>, username: Option<String>, name: Option<String>) -> Option<UserRef> {
    Some(UserRef { id: UserId(id?), username: username?, display_name: name? })
}

/// The policy of that text; the usual one if another version of the program wrote it and it can't be read, because an
/// urgent project must ring all the same.
pub(super) fn read_policy(text: &str) -> Policy {
    serde_json::from_str(text).unwrap_or_else(|error| {
        tracing::error!(%error, "a policy of urgent alerts cannot be read; the usual one counts");
        Policy::default()
    })
}

pub(super) fn write_policy(policy: &Policy) -> String {
    serde_json::to_string(policy).unwrap_or_default()
}

impl Row {
    fn into_row(self) -> Result<EpisodeRow> {
        let state = EpisodeState::from_code(self.state)
            .ok_or_else(|| Error::Corrupt(format!("episode {}: state {}", self.id, self.state)))?;
        let next_at = (self.next_at != NEVER).then_some(Timestamp(self.next_at));
        let steps_on = state == EpisodeState::Open && self.rings;
        let episode = Episode {
            id: EpisodeId(self.id),
            project: ProjectRef {
                id: ProjectId(self.project_id),
                key: self.project_key,
                name: self.name,
                colour: Colour::parse(&self.colour).unwrap_or_default(),
                urgent: self.urgent_at.is_some(),
            },
            raised_by: person(self.raiser_id, self.raiser_username, self.raiser_name),
            reason: self.reason,
            raised_at: Timestamp(self.raised_at),
            rings: self.rings,
            policy: read_policy(&self.policy),
            state,
            next_step_at: next_at.filter(|_| steps_on),
            next_step: next_at.filter(|_| steps_on).and_then(|_| usize::try_from(self.step).ok()),
            suspended_until: next_at.filter(|_| state == EpisodeState::Suspended),
            ended_at: self.ended_at.map(Timestamp),
            ended_by: person(self.ender_id, self.ender_username, self.ender_name),
            note: self.note,
            ringing: self.ringing,
            acknowledged: self.acknowledged,
            version: self.version,
        };
        Ok(EpisodeRow {
            episode,
            suspended_at: self.suspended_at.map(Timestamp),
            answered: self.answered,
            base_at: Timestamp(self.base_at),
            step: usize::try_from(self.step).unwrap_or_default(),
        })
    }
}

async fn one(tx: &mut Tx, sql: Sql) -> Result<Option<EpisodeRow>> {
    let row: Option<Row> = tx.build(sql).optional().await?;
    row.map(Row::into_row).transpose()
}

/// The episode of that id.
pub async fn by_id(tx: &mut Tx, id: EpisodeId) -> Result<Option<EpisodeRow>> {
    let sql = tx.compose(SELECT).push(" JOIN ").push(REST).bind(" WHERE e.id = ?", id.uuid());
    one(tx, sql).await
}

/// The one that goes on in a project. Index: `episode_open`.
pub async fn open_of_project(tx: &mut Tx, project: ProjectId) -> Result<Option<EpisodeRow>> {
    let sql =
        tx.compose(SELECT).push(" JOIN ").push(REST).bind(" WHERE e.open_project_id = ?", project.uuid());
    one(tx, sql).await
}

/// Where a page of the list ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cursor {
    raised_at: i64,
    id: EpisodeId,
}

impl Cursor {
    /// The cursor that a text spells.
    pub fn parse(text: &str) -> Option<Self> {
        let (micros, id) = text.split_once('.')?;
        Some(Self { raised_at: micros.parse().ok()?, id: id.parse().ok()? })
    }
}

/// Episodes, the newest first: of one project or of all that may be seen and are not deleted, and only those that go on
/// (`open`) or are over. Indices: `episode_of_project`, `episode_by_time`, `episode_due`.
pub async fn list(
    tx: &mut Tx,
    (project, visible): (Option<ProjectId>, Visible),
    open: Option<bool>,
    (limit, after): (i64, Option<Cursor>),
) -> Result<Paged<Episode>> {
    // MariaDB would begin with the projects, and sort all of their episodes for a page.
    let broad = project.is_none() && open != Some(true) && visible.is_broad(tx).await?;
    let sql = tx
        .compose(SELECT)
        .push(if broad { tx.dialect().join_in_order() } else { " JOIN " })
        .push(REST)
        .push(" WHERE 1 = 1")
        .bind_some(" AND e.project_id = ?", project.map(ProjectId::uuid))
        .push_if(project.is_none(), " AND p.lifecycle <> 2")
        .push_if(open == Some(true), " AND e.open_project_id IS NOT NULL AND e.state IN (0, 1)")
        .push_if(open == Some(false), " AND e.open_project_id IS NULL");
    let sql = if project.is_some() {
        sql
    } else {
        visible.restrict(sql, if broad { " AND p.id" } else { " AND e.project_id" })
    };
    let sql = match after {
        Some(Cursor { raised_at, id }) => sql
            .bind(" AND e.raised_at <= ?", raised_at)
            .bind(" AND (e.raised_at < ?", raised_at)
            .bind(" OR e.id < ?)", id.uuid()),
        None => sql,
    };
    let sql = sql.bind(" ORDER BY e.raised_at DESC, e.id DESC LIMIT ?", limit + 1);
    let rows: Vec<Row> = tx.build(sql).all().await?;
    let items =
        rows.into_iter().map(|row| row.into_row().map(|row| row.episode)).collect::<Result<Vec<_>>>()?;
    Ok(Paged::cut(items, limit, |episode| format!("{}.{}", episode.raised_at.micros(), episode.id)))
}

/// When a project was raised after `since`, the earliest first. Index: `episode_of_project`.
pub async fn raised_since(tx: &mut Tx, project: ProjectId, since: Timestamp) -> Result<Vec<Timestamp>> {
    let rows: Vec<(i64,)> = tx
        .sql("SELECT raised_at FROM episode WHERE project_id = ? AND raised_at > ? ORDER BY raised_at LIMIT 100")
        .bind(project.uuid())
        .bind(since.micros())
        .all()
        .await?;
    Ok(rows.into_iter().map(|(at,)| Timestamp(at)).collect())
}

/// How many times a project was raised from `since` until before `until`. Index: `episode_of_project`.
pub async fn count_raised(
    tx: &mut Tx,
    project: ProjectId,
    (since, until): (Timestamp, Timestamp),
) -> Result<i64> {
    let (count,): (i64,) = tx
        .sql("SELECT COUNT(*) FROM episode WHERE project_id = ? AND raised_at > ? AND raised_at < ?")
        .bind(project.uuid())
        .bind(since.micros())
        .bind(until.micros())
        .one()
        .await?;
    Ok(count)
}

/// Adds an episode and marks its project.
///
/// # Errors
/// [`Error::Taken`] if one goes on in the project, or the id is.
pub async fn insert(tx: &mut Tx, new: &NewRow) -> Result<()> {
    let (step, next_at) = next_of(new.next);
    tx.sql(
        "INSERT INTO episode (id, project_id, open_project_id, raised_by, reason, raised_at, rings, answered, hasten,
           policy, state, base_at, step, next_at, access_seen, note, version)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, '', 1)",
    )
    .bind(new.id.uuid())
    .bind(new.project_id.uuid())
    .bind(new.project_id.uuid())
    .bind(new.raised_by.map(UserId::uuid))
    .bind(new.reason.clone())
    .bind(new.raised_at.micros())
    .bind(new.rings)
    .bind(false)
    .bind(new.hasten)
    .bind(write_policy(&new.policy))
    .bind(new.raised_at.micros())
    .bind(step)
    .bind(next_at)
    .bind(new.access)
    .run()
    .await?;
    mark(tx, new.project_id, Some(new.raised_at)).await
}

/// The columns `step` and `next_at`.
pub(super) fn next_of(next: Option<(usize, Timestamp)>) -> (i16, i64) {
    match next {
        Some((step, at)) => (i16::try_from(step).unwrap_or(i16::MAX), at.micros()),
        None => (i16::MAX, NEVER),
    }
}

async fn mark(tx: &mut Tx, project: ProjectId, since: Option<Timestamp>) -> Result<()> {
    tx.sql("UPDATE project SET urgent_at = ? WHERE id = ?")
        .bind(since.map(Timestamp::micros))
        .bind(project.uuid())
        .run()
        .await
        .map(drop)
}

/// Ends an episode; `false` if it is over already.
pub async fn end(
    tx: &mut Tx,
    (id, project): (EpisodeId, ProjectId),
    state: EpisodeState,
    (by, at, note): (Option<UserId>, Timestamp, &str),
) -> Result<bool> {
    let matched = tx
        .sql(
            "UPDATE episode
             SET state = ?, open_project_id = NULL, next_at = ?, ended_at = ?, ended_by = ?, note = ?,
               version = version + 1
             WHERE id = ? AND open_project_id IS NOT NULL",
        )
        .bind(state.code())
        .bind(NEVER)
        .bind(at.micros())
        .bind(by.map(UserId::uuid))
        .bind(note.to_owned())
        .bind(id.uuid())
        .run()
        .await?;
    if matched > 0 {
        mark(tx, project, None).await?;
    }
    Ok(matched > 0)
}

/// Silences an episode until a time; its alerts are not due until it goes on.
pub async fn suspend(
    tx: &mut Tx,
    id: EpisodeId,
    (at, until): (Timestamp, Timestamp),
    note: &str,
) -> Result<()> {
    tx.sql(
        "UPDATE episode SET state = 1, suspended_at = COALESCE(suspended_at, ?), next_at = ?, note = ?, version = version + 1 WHERE id = ?",
    )
    .bind(at.micros())
    .bind(until.micros())
    .bind(note.to_owned())
    .bind(id.uuid())
    .run()
    .await?;
    tx.sql("UPDATE alert SET next_at = ? WHERE episode_id = ? AND state = 0")
        .bind(NEVER)
        .bind(id.uuid())
        .run()
        .await
        .map(drop)
}

/// Lets suspended episodes ring on: alerts at once, steps (`next`) as much later as the pause was long.
pub async fn resume(
    tx: &mut Tx,
    now: Timestamp,
    episodes: &[(EpisodeId, Option<(usize, Timestamp)>)],
) -> Result<()> {
    if episodes.is_empty() {
        return Ok(());
    }
    let ids = || episodes.iter().map(|(id, _)| id.uuid());
    // MySQL lets later assignments see what earlier ones wrote: the start moves while the pause is still known.
    let mut sql = tx
        .compose("UPDATE episode SET version = version + 1, note = '', base_at = base_at + (")
        .bind("? - suspended_at), suspended_at = NULL, state = 0, next_at = CASE id", now.micros());
    for (id, next) in episodes {
        sql = sql.bind(" WHEN ?", id.uuid()).bind(" THEN ?", next_of(*next).1);
    }
    let sql = sql.push(" ELSE next_at END WHERE state = 1 AND id IN ").list(ids());
    tx.build(sql).run().await?;
    let sql = tx
        .compose("UPDATE alert")
        .bind(" SET next_at = ? WHERE state = 0 AND episode_id IN ", now.micros())
        .list(ids());
    tx.build(sql).run().await.map(drop)
}

/// Says that one acknowledgement was enough: nobody else is alerted any more.
pub async fn set_answered(tx: &mut Tx, id: EpisodeId) -> Result<()> {
    tx.sql("UPDATE episode SET answered = ? WHERE id = ?").bind(true).bind(id.uuid()).run().await.map(drop)
}
