//! Each person's alert.

use super::NEVER;
use crate::{
    db::{Error, Result, Sql, Tx},
    people::PersonRow,
};
use domain::{
    ids::{AlertId, EpisodeId, ProjectId, UserId},
    palette::Colour,
    project::ProjectRef,
    time::Timestamp,
    urgent::{Acknowledgement, Alert, AlertState, OwnAlert, Via, Why},
    user::UserRef,
};
use uuid::Uuid;

/// An alert with what its use cases ask about it.
#[derive(Clone, Debug)]
pub struct AlertRow {
    /// The alert.
    pub alert: Alert,
    /// The project.
    pub project_id: ProjectId,
}

/// A new one, due at once.
#[derive(Clone, Copy, Debug)]
pub struct NewAlert {
    /// Its id.
    pub id: AlertId,
    /// The episode.
    pub episode_id: EpisodeId,
    /// Whose.
    pub user_id: UserId,
    /// Why.
    pub why: Why,
    /// The step of the policy that alerts them; `None` for members and watchers.
    pub step: Option<usize>,
    /// Whether only e-mail reaches them.
    pub hurried: bool,
    /// When it rings first; `None`: not while the episode is suspended.
    pub next_at: Option<Timestamp>,
    /// Since when.
    pub since: Timestamp,
    /// Whether they raised the project themselves, so that there is nothing to tell them.
    pub raised: bool,
}

const SELECT: &str = "SELECT a.id, a.episode_id, e.project_id, u.id AS user_id, u.username, u.display_name,
       a.why, a.state, a.since, a.rounds, a.next_at, a.acked_at, a.ack_via, a.ack_note, a.ack_device_id
     FROM alert a
     JOIN episode e ON e.id = a.episode_id
     JOIN person u ON u.id = a.user_id";

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    episode_id: Uuid,
    project_id: Uuid,
    user_id: Uuid,
    username: String,
    display_name: String,
    why: i16,
    state: i16,
    since: i64,
    rounds: i64,
    next_at: i64,
    acked_at: Option<i64>,
    ack_via: Option<i16>,
    ack_note: String,
    ack_device_id: Option<Uuid>,
}

impl Row {
    fn into_row(self) -> Result<AlertRow> {
        let corrupt = |what: &str, code: i16| Error::Corrupt(format!("alert {}: {what} {code}", self.id));
        let state = AlertState::from_code(self.state.min(AlertState::Ended.code()))
            .ok_or_else(|| corrupt("state", self.state))?;
        let why = Why::from_code(self.why).ok_or_else(|| corrupt("why", self.why))?;
        let acknowledgement = self.acked_at.map(|at| Acknowledgement {
            at: Timestamp(at),
            via: self.ack_via.and_then(Via::from_code).unwrap_or(Via::Api),
            note: self.ack_note,
            device_id: self.ack_device_id,
        });
        let alert = Alert {
            id: AlertId(self.id),
            episode_id: EpisodeId(self.episode_id),
            user: UserRef {
                id: UserId(self.user_id),
                username: self.username,
                display_name: self.display_name,
            },
            why,
            state,
            since: Timestamp(self.since),
            rounds: self.rounds,
            next_at: (self.next_at != NEVER).then_some(Timestamp(self.next_at)),
            acknowledgement,
        };
        Ok(AlertRow { alert, project_id: ProjectId(self.project_id) })
    }
}

/// The alert of that id.
pub async fn find(tx: &mut Tx, id: AlertId) -> Result<Option<AlertRow>> {
    let sql = tx.compose(SELECT).bind(" WHERE a.id = ?", id.uuid());
    let row: Option<Row> = tx.build(sql).optional().await?;
    row.map(Row::into_row).transpose()
}

/// The people of an episode, those who have not acknowledged first. Index: `alert_person`.
pub async fn of_episode(tx: &mut Tx, id: EpisodeId, limit: i64) -> Result<Vec<Alert>> {
    let sql = tx
        .compose(SELECT)
        .bind(" WHERE a.episode_id = ?", id.uuid())
        .bind(" ORDER BY a.state, u.display_name, u.id LIMIT ?", limit);
    let rows: Vec<Row> = tx.build(sql).all().await?;
    rows.into_iter().map(|row| row.into_row().map(|row| row.alert)).collect()
}

#[derive(sqlx::FromRow)]
struct OwnRow {
    id: Uuid,
    episode_id: Uuid,
    project_id: Uuid,
    project_key: String,
    name: String,
    colour: String,
    reason: String,
    why: i16,
    since: i64,
    rounds: i64,
    next_at: i64,
    raiser_id: Option<Uuid>,
    raiser_username: Option<String>,
    raiser_name: Option<String>,
}

impl From<OwnRow> for OwnAlert {
    fn from(row: OwnRow) -> Self {
        let raiser = (row.raiser_id, row.raiser_username, row.raiser_name);
        Self {
            id: AlertId(row.id),
            episode_id: EpisodeId(row.episode_id),
            project: ProjectRef {
                id: ProjectId(row.project_id),
                key: row.project_key,
                name: row.name,
                colour: Colour::parse(&row.colour).unwrap_or_default(),
                urgent: true,
            },
            reason: row.reason,
            raised_by: match raiser {
                (Some(id), Some(username), Some(display_name)) => {
                    Some(UserRef::from(PersonRow { id, username, display_name }))
                }
                _ => None,
            },
            why: Why::from_code(row.why).unwrap_or(Why::Member),
            since: Timestamp(row.since),
            rounds: row.rounds,
            next_at: (row.next_at != NEVER).then_some(Timestamp(row.next_at)),
        }
    }
}

/// What rings for a person, the oldest first; nothing of what is suspended. Index: `alert_by_user`.
pub async fn own(tx: &mut Tx, user: UserId, limit: i64) -> Result<Vec<OwnAlert>> {
    let rows: Vec<OwnRow> = tx
        .sql(
            "SELECT a.id, a.episode_id, e.project_id, p.project_key, p.name, p.colour, e.reason, a.why, a.since,
               a.rounds, a.next_at, r.id AS raiser_id, r.username AS raiser_username, r.display_name AS raiser_name
             FROM alert a
             JOIN episode e ON e.id = a.episode_id
             JOIN project p ON p.id = e.project_id
             LEFT JOIN person r ON r.id = e.raised_by
             WHERE a.user_id = ? AND a.state = 0 AND e.state = 0 AND e.rings
             ORDER BY a.since, a.id
             LIMIT ?",
        )
        .bind(user.uuid())
        .bind(limit)
        .all()
        .await?;
    Ok(rows.into_iter().map(OwnAlert::from).collect())
}

/// Alerts that are not over, with their people. Index: `alert_person`.
pub async fn ringing_of_episode(tx: &mut Tx, id: EpisodeId) -> Result<Vec<(AlertId, UserId)>> {
    let rows: Vec<(Uuid, Uuid)> = tx
        .sql("SELECT id, user_id FROM alert WHERE episode_id = ? AND state = 0")
        .bind(id.uuid())
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id, user)| (AlertId(id), UserId(user))).collect())
}

/// Adds alerts, each thousand in one statement.
pub async fn insert(tx: &mut Tx, alerts: &[NewAlert]) -> Result<()> {
    for chunk in alerts.chunks(1000) {
        let sql = tx
            .compose(tx.dialect().insert_ignore())
            .push(
                "alert (id, episode_id, user_id, why, step, state, hurried, since, rounds, last_at, next_at, mailed_at,
                   acked_at, ack_received_at, ack_via, ack_note, ack_address) VALUES ",
            )
            .rows(chunk, 17, values);
        tx.build(sql).run().await?;
    }
    Ok(())
}

fn values(sql: Sql, alert: &NewAlert) -> Sql {
    let acked_at = alert.raised.then_some(alert.since.micros());
    let next_at = if alert.raised { None } else { alert.next_at };
    let state = if alert.raised { AlertState::Acknowledged } else { AlertState::Ringing };
    sql.value(alert.id.uuid())
        .value(alert.episode_id.uuid())
        .value(alert.user_id.uuid())
        .value(alert.why.code())
        .value(step_of(alert))
        .value(state.code())
        .value(alert.hurried)
        .value(alert.since.micros())
        .value(0_i64)
        // So that one that has not rung yet is found, too, when the clock goes back.
        .value(alert.since.micros())
        .value(next_at.map_or(NEVER, Timestamp::micros))
        .value(0_i64)
        .value(acked_at)
        .value(acked_at)
        .value(alert.raised.then_some(Via::Raise.code()))
        .value("")
        .value("")
}

/// Lets people ring at once whom a step names and who have an alert already without having acknowledged: whoever left
/// anew, whoever rings by all their ways. `alerts` are of one step of one episode.
pub async fn rouse(tx: &mut Tx, alerts: &[NewAlert]) -> Result<()> {
    let Some(first) = alerts.first() else { return Ok(()) };
    let (at, step) = (first.since.micros(), step_of(first));
    // MySQL lets later assignments see what earlier ones wrote: the state comes last.
    let sql = tx
        .compose("UPDATE alert")
        .bind(" SET why = CASE WHEN state = 3 THEN ? ELSE why END", first.why.code())
        .bind(", step = CASE WHEN state = 3 OR step >= 0 THEN ? ELSE step END", step)
        .bind(", hurried = CASE WHEN state = 3 THEN hurried ELSE ? END", true)
        .bind(", since = CASE WHEN state = 3 THEN ? ELSE since END", at)
        .bind(", rounds = CASE WHEN state = 3 THEN 0 ELSE rounds END, last_at = ?", at)
        .bind(", next_at = ?, state = 0 WHERE state IN (0, 3)", at)
        .bind(" AND episode_id = ? AND user_id IN ", first.episode_id.uuid())
        .list(alerts.iter().map(|alert| alert.user_id.uuid()));
    tx.build(sql).run().await.map(drop)
}

fn step_of(alert: &NewAlert) -> i16 {
    alert.step.map_or(-1, |step| i16::try_from(step).unwrap_or(i16::MAX))
}

/// An acknowledgement to write.
#[derive(Clone, Debug)]
pub struct Acked {
    /// What is kept of it.
    pub acknowledgement: Acknowledgement,
    /// When it came here.
    pub received_at: Timestamp,
    /// The address that it came from.
    pub address: String,
    /// When it rings again all the same.
    pub again_at: Option<Timestamp>,
}

/// Notes an acknowledgement. An alert that rings falls silent, and that of somebody who left and is back; one that ended
/// stays so and is acknowledged late.
pub async fn acknowledge(tx: &mut Tx, id: AlertId, acked: &Acked) -> Result<()> {
    let it = &acked.acknowledgement;
    tx.sql(
        "UPDATE alert
         SET next_at = CASE WHEN state IN (0, 3) THEN ? ELSE next_at END, acked_at = ?, ack_received_at = ?, ack_via = ?,
           ack_note = ?, ack_device_id = ?, ack_address = ?, state = CASE WHEN state IN (0, 3) THEN 1 ELSE state END
         WHERE id = ?",
    )
    .bind(acked.again_at.map_or(NEVER, Timestamp::micros))
    .bind(it.at.micros())
    .bind(acked.received_at.micros())
    .bind(it.via.code())
    .bind(it.note.clone())
    .bind(it.device_id)
    .bind(acked.address.chars().take(64).collect::<String>())
    .bind(id.uuid())
    .run()
    .await
    .map(drop)
}

/// Ends what still rings of an episode that goes on: somebody else's word was enough.
pub async fn end_ringing(tx: &mut Tx, id: EpisodeId) -> Result<()> {
    tx.sql("UPDATE alert SET next_at = ?, state = 2 WHERE episode_id = ? AND state = 0")
        .bind(NEVER)
        .bind(id.uuid())
        .run()
        .await
        .map(drop)
}

/// Ends what rings of an episode; those who acknowledged are not alerted again either.
pub async fn end_of_episode(tx: &mut Tx, id: EpisodeId) -> Result<()> {
    tx.sql("UPDATE alert SET next_at = ?, state = CASE WHEN state = 0 THEN 2 ELSE state END WHERE episode_id = ?")
        .bind(NEVER)
        .bind(id.uuid())
        .run()
        .await
        .map(drop)
}
