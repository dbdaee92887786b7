//! Whether the replica of the database is there and how far it has come, which decides whether it is asked.

use services::{Services, rounds::Rounds};
use std::{mem::discriminant, time::Duration};
use store::db::Following;
use tokio::time::sleep;

const LOOK: Duration = Duration::from_secs(1);

/// Looks each second, and says when something has changed.
pub async fn watch(services: Services, rounds: Rounds) {
    let mut before = None;
    loop {
        match services.db.look_at_replica().await {
            Ok(Some(following)) => {
                let trouble = following.trouble();
                // How far behind it is changes each second.
                let now = (discriminant(&following), trouble.is_some());
                if before.replace(now) != Some(now) {
                    say(following, trouble.as_deref());
                }
            }
            Ok(None) => return,
            // Requests say so as well.
            Err(error) => tracing::debug!(error = error.for_log(), "the replica could not be compared"),
        }
        rounds.ended();
        sleep(LOOK).await;
    }
}

fn say(following: Following, trouble: Option<&str>) {
    match trouble {
        None => tracing::info!("the replica of the database follows and answers what is listed"),
        Some(why) if following == Following::Foreign => {
            tracing::error!(%why, "the primary database answers everything; see PMS_DATABASE_REPLICA_URL");
        }
        Some(why) => tracing::warn!(%why, "the primary database answers everything"),
    }
}
