//! What is due, and the moves that the engine makes: each for many rows in one statement.

use super::{NEVER, episodes::read_policy};
use crate::db::{Result, Tx};
use domain::{
    ids::{AlertId, EpisodeId, ProjectId, UserId},
    time::Timestamp,
    urgent::{EpisodeState, Policy, Ringing},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// An alert that is to ring.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DueAlert {
    /// Its id.
    pub id: AlertId,
    /// The episode.
    pub episode_id: EpisodeId,
    /// Whose.
    pub user_id: UserId,
    /// What its schedule asks for, with the times that it has rung so far.
    pub ringing: Ringing,
    /// When the last e-mail was sent.
    pub mailed_at: Timestamp,
    /// Whether its person acknowledged, so that it rings again.
    pub acknowledged: bool,
}

/// An episode with something to do, or with an alert that is to ring.
#[derive(Clone, Debug)]
pub struct DueEpisode {
    /// Its id.
    pub id: EpisodeId,
    /// The project.
    pub project_id: ProjectId,
    /// The project's key.
    pub key: String,
    /// The project's name.
    pub name: String,
    /// Why it is urgent.
    pub reason: String,
    /// Who raised it.
    pub raised_by: Option<UserId>,
    /// Their name.
    pub raiser: Option<String>,
    /// How it stands.
    pub state: EpisodeState,
    /// How it rings.
    pub policy: Policy,
    /// The next step to look at.
    pub step: usize,
    /// When that, or the end of a suspension, is due.
    pub next_at: Timestamp,
    /// The start of its steps' time.
    pub base_at: Timestamp,
    /// When it was suspended.
    pub suspended_at: Option<Timestamp>,
    /// Since when the oldest alert rings, where its step is due; `None`: none does.
    pub oldest: Option<Timestamp>,
    /// Whether its next step does not wait.
    pub hasten: bool,
}

/// An alert that has rung.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ring {
    /// Which.
    pub id: AlertId,
    /// When it rings next.
    pub next_at: Timestamp,
    /// Whether an e-mail went with it.
    pub mailed: bool,
}

/// Whether there is anything to do: asked each second, and without the lock of writers. What is beyond `later`, or a
/// suspension beyond `longest`, tells that the clock went back. Indices: `alert_due`, `episode_due`, `alert_by_last`.
pub async fn anything_due(
    tx: &mut Tx,
    now: Timestamp,
    (later, longest): (Timestamp, Timestamp),
) -> Result<bool> {
    let rows: Vec<(i64,)> = tx
        .sql(
            "SELECT due FROM (SELECT 1 AS due FROM alert WHERE next_at <= ? LIMIT 1) one
             UNION ALL
             SELECT due FROM (SELECT 1 AS due FROM episode WHERE state IN (0, 1) AND next_at <= ? LIMIT 1) two
             UNION ALL
             SELECT due FROM (
               SELECT 1 AS due
               FROM episode e
               JOIN counter c ON c.name = 'access'
               WHERE e.state IN (0, 1) AND e.rings AND e.access_seen <> c.value
               LIMIT 1) three
             UNION ALL
             SELECT due FROM (SELECT 1 AS due FROM alert WHERE last_at > ? AND state = 0 LIMIT 1) four
             UNION ALL
             SELECT due FROM (
               SELECT 1 AS due
               FROM episode
               WHERE state = 1 AND (next_at > ? OR suspended_at > ?)
               LIMIT 1) five",
        )
        .bind(now.micros())
        .bind(now.micros())
        .bind(later.micros())
        .bind(longest.micros())
        .bind(later.micros())
        .all()
        .await?;
    Ok(!rows.is_empty())
}

#[derive(sqlx::FromRow)]
struct AlertRow {
    id: Uuid,
    episode_id: Uuid,
    user_id: Uuid,
    step: i16,
    state: i16,
    hurried: bool,
    since: i64,
    rounds: i64,
    mailed_at: i64,
}

/// Alerts that are due, the longest waiting first. Only in a transaction of [`crate::Db::write`], where no other one can
/// take the same. Index: `alert_due`.
pub async fn due_alerts(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<DueAlert>> {
    let rows: Vec<AlertRow> = tx
        .sql(
            "SELECT id, episode_id, user_id, step, state, hurried, since, rounds, mailed_at
             FROM alert
             WHERE next_at <= ?
             ORDER BY next_at, id
             LIMIT ?",
        )
        .bind(now.micros())
        .bind(limit)
        .all()
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| DueAlert {
            id: AlertId(row.id),
            episode_id: EpisodeId(row.episode_id),
            user_id: UserId(row.user_id),
            ringing: Ringing {
                since: Timestamp(row.since),
                rounds: row.rounds,
                step: usize::try_from(row.step).ok(),
                hurried: row.hurried,
            },
            mailed_at: Timestamp(row.mailed_at),
            acknowledged: row.state == 1,
        })
        .collect())
}

#[derive(sqlx::FromRow)]
struct EpisodeRow {
    id: Uuid,
    project_id: Uuid,
    project_key: String,
    name: String,
    reason: String,
    raised_by: Option<Uuid>,
    raiser: Option<String>,
    state: i16,
    policy: String,
    step: i16,
    next_at: i64,
    base_at: i64,
    suspended_at: Option<i64>,
    hasten: bool,
    oldest: Option<i64>,
}

/// Episodes whose step or end of suspension is due, and those of `others`. Indices: `episode_due`, `alert_of_episode`.
pub async fn due_episodes(
    tx: &mut Tx,
    now: Timestamp,
    others: &[EpisodeId],
    limit: i64,
) -> Result<BTreeMap<EpisodeId, DueEpisode>> {
    let due: Vec<(Uuid,)> = tx
        .sql("SELECT id FROM episode WHERE state IN (0, 1) AND next_at <= ? ORDER BY next_at LIMIT ?")
        .bind(now.micros())
        .bind(limit)
        .all()
        .await?;
    let ids: BTreeSet<Uuid> =
        due.into_iter().map(|(id,)| id).chain(others.iter().map(|id| id.uuid())).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sql = tx
        .compose(
            "SELECT e.id, e.project_id, p.project_key, p.name, e.reason, e.raised_by, r.display_name AS raiser, e.state,
               e.policy, e.step, e.next_at, e.base_at, e.suspended_at, e.hasten",
        )
        .bind(", CASE WHEN e.next_at <= ? THEN (", now.micros())
        .push(
            "  SELECT MIN(a.since) FROM alert a WHERE a.episode_id = e.id AND a.state = 0) END AS oldest
             FROM episode e
             JOIN project p ON p.id = e.project_id
             LEFT JOIN person r ON r.id = e.raised_by
             WHERE e.id IN ",
        )
        .list(ids);
    let rows: Vec<EpisodeRow> = tx.build(sql).all().await?;
    Ok(rows.into_iter().map(|row| (EpisodeId(row.id), row.into_due())).collect())
}

impl EpisodeRow {
    fn into_due(self) -> DueEpisode {
        DueEpisode {
            id: EpisodeId(self.id),
            project_id: ProjectId(self.project_id),
            key: self.project_key,
            name: self.name,
            reason: self.reason,
            raised_by: self.raised_by.map(UserId),
            raiser: self.raiser,
            state: EpisodeState::from_code(self.state).unwrap_or(EpisodeState::Resolved),
            policy: read_policy(&self.policy),
            step: usize::try_from(self.step).unwrap_or_default(),
            next_at: Timestamp(self.next_at),
            base_at: Timestamp(self.base_at),
            suspended_at: self.suspended_at.map(Timestamp),
            hasten: self.hasten,
            oldest: self.oldest.map(Timestamp),
        }
    }
}

/// Says of alerts that they have rung, and when they ring next: in one statement, whatever comes next for each. One that
/// was acknowledged begins anew.
pub async fn advance(tx: &mut Tx, now: Timestamp, rings: &[Ring]) -> Result<()> {
    if rings.is_empty() {
        return Ok(());
    }
    let mut by_time: BTreeMap<i64, Vec<Uuid>> = BTreeMap::new();
    for ring in rings {
        by_time.entry(ring.next_at.micros()).or_default().push(ring.id.uuid());
    }
    // MySQL lets later assignments see what earlier ones wrote: the start moves while the state is still known.
    let mut sql = tx
        .compose("UPDATE alert")
        .bind(" SET since = CASE WHEN state = 1 THEN ? ELSE since END", now.micros())
        .push(", state = 0, rounds = rounds + 1")
        .bind(", last_at = ?", now.micros())
        .push(", mailed_at = CASE WHEN id IN ")
        .list(rings.iter().filter(|ring| ring.mailed).map(|ring| ring.id.uuid()))
        .bind(" THEN ? ELSE mailed_at END", now.micros());
    sql = sql.push(", next_at = CASE");
    for (at, ids) in by_time {
        sql = sql.push(" WHEN id IN ").list(ids).bind(" THEN ?", at);
    }
    let sql = sql.push(" ELSE next_at END WHERE id IN ").list(rings.iter().map(|ring| ring.id.uuid()));
    tx.build(sql).run().await.map(drop)
}

/// Moves episodes to their next step, or its time (`None`: it waits until somebody's alert rings), in one statement. A
/// step beyond all is none.
pub async fn step_on(tx: &mut Tx, steps: &[(EpisodeId, (usize, Option<Timestamp>))]) -> Result<()> {
    if steps.is_empty() {
        return Ok(());
    }
    let mut sql = tx.compose("UPDATE episode").bind(" SET hasten = ?, step = CASE id", false);
    for (id, next) in steps {
        sql = sql.bind(" WHEN ?", id.uuid()).bind(" THEN ?", i16::try_from(next.0).unwrap_or(i16::MAX));
    }
    sql = sql.push(" ELSE step END, next_at = CASE id");
    for (id, next) in steps {
        sql = sql.bind(" WHEN ?", id.uuid()).bind(" THEN ?", next.1.map_or(NEVER, Timestamp::micros));
    }
    let sql = sql.push(" ELSE next_at END WHERE id IN ").list(steps.iter().map(|(id, _)| id.uuid()));
    tx.build(sql).run().await.map(drop)
}

/// Ringing alerts that rang last after `later`, which is in the future: the clock went back since then. With their
/// rounds and episode. Index: `alert_by_last`.
pub async fn clock_went_back(
    tx: &mut Tx,
    later: Timestamp,
    limit: i64,
) -> Result<Vec<(AlertId, EpisodeId, i64)>> {
    let rows: Vec<(Uuid, Uuid, i64)> = tx
        .sql(
            "SELECT id, episode_id, rounds
             FROM alert
             WHERE last_at > ? AND state = 0
             LIMIT ?",
        )
        .bind(later.micros())
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id, episode, rounds)| (AlertId(id), EpisodeId(episode), rounds)).collect())
}

/// Gives alerts a time by the clock as it is now. What is suspended stays silent.
pub async fn rearm(tx: &mut Tx, now: Timestamp, alerts: &[(AlertId, Timestamp)]) -> Result<()> {
    if alerts.is_empty() {
        return Ok(());
    }
    let mut by_time: BTreeMap<i64, Vec<Uuid>> = BTreeMap::new();
    for (id, at) in alerts {
        by_time.entry(at.micros()).or_default().push(id.uuid());
    }
    let mut sql = tx
        .compose("UPDATE alert")
        .bind(" SET last_at = ?", now.micros())
        .bind(", mailed_at = CASE WHEN mailed_at > ?", now.micros())
        .bind(" THEN ? ELSE mailed_at END", now.micros())
        .bind(", since = CASE WHEN since > ?", now.micros())
        .bind(" THEN ? ELSE since END", now.micros())
        .bind(", next_at = CASE WHEN next_at = ? THEN next_at", NEVER);
    for (at, ids) in by_time {
        sql = sql.push(" WHEN id IN ").list(ids).bind(" THEN ?", at);
    }
    let sql = sql.push(" ELSE next_at END WHERE id IN ").list(alerts.iter().map(|(id, _)| id.uuid()));
    tx.build(sql).run().await.map(drop)
}

/// Takes the next step of episodes at once, because somebody can't be reached.
pub async fn hasten(tx: &mut Tx, episodes: &[EpisodeId], now: Timestamp) -> Result<()> {
    if episodes.is_empty() {
        return Ok(());
    }
    let sql = tx
        .compose("UPDATE episode")
        .bind(" SET hasten = ?", true)
        .bind(", next_at = CASE WHEN state = 0 THEN ? ELSE next_at END", now.micros())
        .bind(" WHERE state IN (0, 1) AND step < ? AND id IN ", i16::MAX)
        .list(episodes.iter().map(|id| id.uuid()));
    tx.build(sql).run().await.map(drop)
}

/// Looks again at the steps of episodes that had nobody left to ring for.
pub async fn wake_steps(tx: &mut Tx, episodes: &[EpisodeId], now: Timestamp) -> Result<()> {
    if episodes.is_empty() {
        return Ok(());
    }
    let sql = tx
        .compose("UPDATE episode")
        .bind(" SET next_at = ?", now.micros())
        .bind(" WHERE state = 0 AND next_at = ?", NEVER)
        .bind(" AND step < ? AND id IN ", i16::MAX)
        .list(episodes.iter().map(|id| id.uuid()));
    tx.build(sql).run().await.map(drop)
}

/// Gives alerts another time, in one statement.
pub async fn postpone(tx: &mut Tx, alerts: &[(AlertId, Timestamp)]) -> Result<()> {
    if alerts.is_empty() {
        return Ok(());
    }
    let mut sql = tx.compose("UPDATE alert SET next_at = CASE id");
    for (id, at) in alerts {
        sql = sql.bind(" WHEN ?", id.uuid()).bind(" THEN ?", at.micros());
    }
    let sql = sql.push(" ELSE next_at END WHERE id IN ").list(alerts.iter().map(|(id, _)| id.uuid()));
    tx.build(sql).run().await.map(drop)
}

/// Looks at once at episodes whose times are not to be trusted, because the clock went back: at their steps if these
/// would begin after `later`, or their alerts rang then (`ahead`); at the end of a suspension that began after `later` or
/// would go on after `longest`. Index: `episode_due`.
pub async fn begin_again(
    tx: &mut Tx,
    now: Timestamp,
    (later, longest): (Timestamp, Timestamp),
    ahead: &[EpisodeId],
) -> Result<()> {
    let at = now.micros();
    let sql = tx
        .compose("UPDATE episode")
        .bind(" SET base_at = CASE WHEN base_at > ?", at)
        .bind(" THEN ? ELSE base_at END", at)
        .bind(", suspended_at = CASE WHEN suspended_at > ?", at)
        .bind(" THEN ? ELSE suspended_at END", at)
        .bind(", next_at = CASE WHEN next_at = ?", NEVER)
        .bind(" THEN next_at ELSE ? END WHERE state IN (0, 1)", at)
        .bind(" AND (state = 0 AND base_at > ?", later.micros())
        .bind(" OR state = 0 AND next_at > ? AND id IN ", at)
        .list(ahead.iter().map(|id| id.uuid()))
        .bind(" OR state = 1 AND (next_at > ?", longest.micros())
        .bind(" OR suspended_at > ?))", later.micros());
    tx.build(sql).run().await.map(drop)
}
