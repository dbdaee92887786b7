//! Whether servers could hear each other.

use super::Finding;
use crate::config::Redis;
use redis::{Client, RedisError};
use std::time::Duration;
use tokio::time::timeout;

const SUBJECT: &str = "redis";
/// A server gives up a node after this.
const PATIENCE: Duration = Duration::from_secs(2);

pub async fn look(redis: &Redis) -> Finding {
    let mut silent = Vec::new();
    for node in &redis.nodes {
        let why = match timeout(PATIENCE, ping(node)).await {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it says nothing".to_owned(),
        };
        silent.push(format!("{} ({why})", node.get_connection_info().addr()));
    }
    let (all, away) = (redis.nodes.len(), silent.join(", "));
    if silent.is_empty() {
        Finding::ok(SUBJECT, format!("answers at {all} of {all} addresses"))
    } else if silent.len() < all {
        Finding::warning(SUBJECT, format!("no answer from {away}; servers use the others. See PMS_REDIS_URL"))
    } else {
        Finding::trouble(
            SUBJECT,
            format!(
                "no answer from {away}. Servers go on without it, and hear of each other later. See PMS_REDIS_URL"
            ),
        )
    }
}

async fn ping(node: &Client) -> Result<(), RedisError> {
    let mut connection = node.get_multiplexed_async_connection().await?;
    redis::cmd("PING").query_async(&mut connection).await
}
