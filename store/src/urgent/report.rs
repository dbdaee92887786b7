//! What was sent about an episode: counted by the database, because a long one has very many rows.

use crate::db::{Error, Result, Sql, Tx};
use domain::{
    delivery::{Channel, DeliveryState},
    ids::{EpisodeId, UserId},
    time::Timestamp,
    urgent::{Failure, Sends},
    user::UserRef,
};
use uuid::Uuid;

/// The deliveries (`d`) of an episode's alerts and webhooks. Indices: `alert_of_episode`, `delivery_by_reference`.
fn of_episode(sql: Sql, id: EpisodeId) -> Sql {
    sql.bind(" FROM (SELECT id FROM alert WHERE episode_id = ?", id.uuid())
        .bind(" UNION ALL SELECT id FROM episode WHERE id = ?) r", id.uuid())
        .push(" JOIN delivery d ON d.reference = r.id")
}

/// How many messages went by which way with which result.
pub async fn sends(tx: &mut Tx, id: EpisodeId) -> Result<Vec<Sends>> {
    let sql = of_episode(tx.compose("SELECT d.channel, d.state, COUNT(*)"), id)
        .push(" GROUP BY d.channel, d.state ORDER BY d.channel, d.state");
    let rows: Vec<(String, String, i64)> = tx.build(sql).all().await?;
    rows.into_iter()
        .map(|(channel, state, count)| {
            let (channel, state) = parse(&channel, &state)?;
            Ok(Sends { channel, state, count })
        })
        .collect()
}

#[derive(sqlx::FromRow)]
struct Row {
    channel: String,
    state: String,
    created_at: i64,
    last_error: Option<String>,
    user_id: Option<Uuid>,
    username: Option<String>,
    display_name: Option<String>,
}

/// What did not arrive, the last first.
pub async fn failures(tx: &mut Tx, id: EpisodeId, limit: i64) -> Result<Vec<Failure>> {
    let columns =
        "SELECT d.channel, d.state, d.created_at, d.last_error, u.id AS user_id, u.username, u.display_name";
    let sql = of_episode(tx.compose(columns), id)
        .push(" LEFT JOIN person u ON u.id = d.user_id WHERE d.state IN ('failed', 'no_channel')")
        .bind(" ORDER BY d.created_at DESC, d.id DESC LIMIT ?", limit);
    let rows: Vec<Row> = tx.build(sql).all().await?;
    rows.into_iter().map(Row::into_failure).collect()
}

impl Row {
    fn into_failure(self) -> Result<Failure> {
        let (channel, state) = parse(&self.channel, &self.state)?;
        let user = match (self.user_id, self.username, self.display_name) {
            (Some(id), Some(username), Some(display_name)) => {
                Some(UserRef { id: UserId(id), username, display_name })
            }
            _ => None,
        };
        Ok(Failure {
            user,
            channel,
            state,
            at: Timestamp(self.created_at),
            why: self.last_error.unwrap_or_default(),
        })
    }
}

fn parse(channel: &str, state: &str) -> Result<(Channel, DeliveryState)> {
    let both = (Channel::parse(channel), DeliveryState::parse(state));
    let (Some(channel), Some(state)) = both else {
        return Err(Error::Corrupt(format!("a delivery by {channel} in state {state}")));
    };
    Ok((channel, state))
}
