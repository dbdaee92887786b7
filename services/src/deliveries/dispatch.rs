//! Sending what is due.
//!
//! Each channel has a round of its own, so that one that hangs holds up no other. A round claims as many rows as it has
//! hands free, reads them again with their recipients, and lets them go all at once, outside of any transaction. Several
//! instances may run rounds at the same time: a row is claimed by one of them. One that dies leaves its claims to whoever
//! comes when their leases end.

use super::send;
use crate::Services;
use domain::{Result, delivery::Channel, ids::DeliveryId, time::Timestamp};
use std::time::Duration;
use store::deliveries::{self, Claimed, Settled};
use tokio::{task::JoinSet, time::sleep};
use uuid::Uuid;

/// Tries at once, for each channel and instance. Mail servers count connections.
const fn hands(channel: Channel) -> usize {
    match channel {
        Channel::Email => 4,
        Channel::Push | Channel::Webhook => 16,
    }
}

/// Seconds that a claim lasts beyond the longest try.
const LEASE_SECONDS: i64 = 40;
/// What was queued without a call of [`super::wake`], or by another instance, waits this long at the most.
const PAUSE: Duration = Duration::from_secs(1);
/// After the database said no.
const TROUBLE: Duration = Duration::from_secs(5);

/// Sends for ever what is due on a channel.
pub async fn run(services: Services, channel: Channel) {
    loop {
        let pause = match round(&services, channel).await {
            Ok(_) => PAUSE,
            Err(error) => {
                tracing::warn!(%error, channel = channel.as_str(), "deliveries could not be sent; they wait");
                TROUBLE
            }
        };
        tokio::select! {
            () = services.outlets.woken[channel as usize].notified() => {}
            () = sleep(pause) => {}
        }
    }
}

/// One round of every channel, side by side; gives how many tries were made.
///
/// # Errors
/// What the database says. What was claimed then is tried again when its lease has ended.
pub async fn dispatch(services: &Services) -> Result<u64> {
    let (mail, push, hooks) = tokio::join!(
        round(services, Channel::Email),
        round(services, Channel::Push),
        round(services, Channel::Webhook)
    );
    Ok(mail? + push? + hooks?)
}

/// Sends what is due on a channel until nothing is; gives how many tries were made.
///
/// # Errors
/// As [`dispatch`]; those that are on their way are waited for first.
pub async fn round(services: &Services, channel: Channel) -> Result<u64> {
    let hands = hands(channel);
    let mut on_their_way = JoinSet::new();
    let (mut tried, mut stopped) = (0, Ok(()));
    loop {
        let free = hands - on_their_way.len();
        // Not for each hand that becomes free: a claim is a transaction.
        if stopped.is_ok() && free >= hands / 2 {
            match take(services, channel, free).await {
                Ok((claim, taken)) => {
                    tried += taken.len() as u64;
                    for claimed in taken {
                        on_their_way.spawn(deliver(services.clone(), claimed, claim));
                    }
                }
                Err(error) => stopped = Err(error),
            }
        }
        if on_their_way.join_next().await.is_none() {
            return stopped.map(|()| tried);
        }
    }
}

/// Claims some, and reads those that are still to be sent.
async fn take(services: &Services, channel: Channel, most: usize) -> Result<(Uuid, Vec<Claimed>)> {
    let (now, claim) = (services.now(), services.ids.id());
    let mut tx = services.db.peek().await?;
    let ids = deliveries::due(&mut tx, channel, now, most).await?;
    drop(tx);
    if ids.is_empty() {
        return Ok((claim, Vec::new()));
    }
    let mut tx = services.db.write_aside().await?;
    deliveries::claim(&mut tx, &ids, claim, (now, lease(services, now))).await?;
    tx.commit().await?;
    let mut tx = services.db.peek().await?;
    Ok((claim, deliveries::claimed(&mut tx, &ids, claim).await?))
}

fn lease(services: &Services, now: Timestamp) -> Timestamp {
    let patience = i64::try_from(services.outlets.patience.as_secs()).unwrap_or(i64::MAX / 2_000_000);
    now.plus_seconds(patience + LEASE_SECONDS)
}

async fn deliver(services: Services, claimed: Claimed, claim: Uuid) {
    let id = claimed.id;
    let settled = send::once(&services, claimed).await;
    if let Err(error) = settle(&services, (id, claim), settled).await {
        // It is tried again when its lease has ended.
        tracing::warn!(%error, delivery = %id, "what came of a delivery could not be noted");
    }
}

async fn settle(services: &Services, (id, claim): (DeliveryId, Uuid), settled: Settled) -> Result<()> {
    let mut tx = services.db.write_aside().await?;
    deliveries::settle(&mut tx, id, claim, (settled, services.now())).await?;
    tx.commit().await?;
    Ok(())
}
