//! How much waits to be done, for whoever watches over the installation.

use crate::db::{Result, Tx};
use domain::{delivery::Channel, time::Timestamp};

/// What waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Projects that are urgent now.
    pub episodes: i64,
    /// Alerts that nobody has acknowledged.
    pub ringing: i64,
    /// Rows of the history of which no notifications were made yet.
    pub untold: i64,
    /// What is not sent yet, by channel, and when the oldest that was tried before was queued.
    pub deliveries: Vec<(Channel, i64, Timestamp)>,
}

/// Reads it in four statements, whatever there is. Indices: `episode_due`, `alert_of_episode`, `delivery_due`.
pub async fn read(tx: &mut Tx) -> Result<Backlog> {
    let (episodes, ringing, untold): (i64, i64, i64) = tx
        .sql(
            "SELECT (SELECT COUNT(*) FROM episode WHERE state IN (0, 1)),
               (SELECT COUNT(*) FROM episode e JOIN alert a ON a.episode_id = e.id AND a.state = 0 WHERE e.state IN (0, 1)),
               (SELECT c.value - n.value FROM counter c JOIN counter n ON n.name = 'notified' WHERE c.name = 'change')",
        )
        .one()
        .await?;
    let mut deliveries = Vec::new();
    for channel in Channel::ALL {
        let (waiting, oldest): (i64, Option<i64>) = tx
            .sql(
                "SELECT COUNT(*), MIN(CASE WHEN attempts > 0 THEN created_at END)
                 FROM delivery
                 WHERE channel = ? AND urgent IN (?, ?) AND due_at IS NOT NULL",
            )
            .bind(channel.as_str())
            .bind(true)
            .bind(false)
            .one()
            .await?;
        deliveries.push((channel, waiting, Timestamp(oldest.unwrap_or(i64::MAX))));
    }
    Ok(Backlog { episodes, ringing, untold, deliveries })
}
