//! Sending what is due.
//!
//! Each channel has hands of its own, so that one that hangs holds up no other. As many rows are claimed as there are
//! hands free, read again with their recipients, and let go all at once, outside of any transaction. Several instances may
//! do so at the same time: a row is claimed by one of them. One that dies leaves its claims to whoever comes when their
//! leases end.

use super::send;
use crate::{
    Services, clocks,
    rounds::{self, Rounds},
};
use domain::{Result, delivery::Channel, ids::DeliveryId, time::Timestamp};
use std::{pin::pin, time::Duration};
use store::deliveries::{self, Claimed, Settled};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout},
};
use tracing::Instrument as _;
use uuid::Uuid;

/// Tries at once, for each channel and instance. Mail servers count connections.
const fn hands(channel: Channel) -> usize {
    match channel {
        Channel::Email => 4,
        Channel::Push | Channel::Webhook => 16,
    }
}

/// For how long it is tried to note what came of a try: the claim still stands then.
const NOTING: Duration = Duration::from_secs(100);
/// What was queued without a call of [`super::wake`], or by another instance, waits this long at the most.
const PAUSE: Duration = Duration::from_secs(1);
/// After the database said no.
const TROUBLE: Duration = Duration::from_secs(5);

/// Sends what is due on a channel until `stop` ends; then it waits for what is on its way, as long as a try may take. A round
/// ends when it has looked what is due, which it does not while all its hands hang.
pub async fn run(services: Services, channel: Channel, rounds: Rounds, stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    let mut on_their_way = JoinSet::new();
    loop {
        let started = start(&services, channel, &mut on_their_way).await;
        if !matches!(started, Ok(None)) {
            rounds.ended();
        }
        let pause = match started {
            Ok(_) => PAUSE,
            Err(error) => {
                tracing::warn!(%error, channel = channel.as_str(), "deliveries could not be sent; they wait");
                TROUBLE
            }
        };
        tokio::select! {
            () = &mut stop => break,
            Some(_) = on_their_way.join_next() => {}
            () = services.outlets.woken[channel as usize].notified() => {}
            () = sleep(pause) => {}
        }
    }
    // Also where one of them panicked.
    let ended = async { while on_their_way.join_next().await.is_some() {} };
    let _ = timeout(services.outlets.patience(channel) + PAUSE, ended).await;
}

/// One round of every channel, side by side; gives how many tries were made.
///
/// # Errors
/// What the database says. What was claimed then is tried again when its lease has ended.
pub async fn dispatch(services: &Services) -> Result<u64> {
    let (mail, push, hooks) = tokio::join!(
        Box::pin(round(services, Channel::Email)),
        Box::pin(round(services, Channel::Push)),
        Box::pin(round(services, Channel::Webhook))
    );
    Ok(mail? + push? + hooks?)
}

/// Sends what is due on a channel until nothing is; gives how many tries were made.
///
/// # Errors
/// As [`dispatch`]; those that are on their way are waited for first.
pub async fn round(services: &Services, channel: Channel) -> Result<u64> {
    let mut on_their_way = JoinSet::new();
    let (mut tried, mut stopped) = (0, Ok(()));
    loop {
        if stopped.is_ok() {
            match start(services, channel, &mut on_their_way).await {
                Ok(started) => tried += started.unwrap_or(0),
                Err(error) => stopped = Err(error),
            }
        }
        if on_their_way.join_next().await.is_none() {
            return stopped.map(|()| tried);
        }
    }
}

/// Lets go as many as there are hands free; gives how many, and `None` if no hand is. A quarter of the hands is kept for what
/// is urgent.
async fn start(services: &Services, channel: Channel, on_their_way: &mut JoinSet<()>) -> Result<Option<u64>> {
    while on_their_way.try_join_next().is_some() {}
    let hands = hands(channel);
    let free = hands - on_their_way.len();
    if free == 0 {
        return Ok(None);
    }
    let (claim, taken) = take(services, channel, (free, free.saturating_sub(hands / 4))).await?;
    let started = taken.len() as u64;
    for claimed in taken {
        let delivering = Box::pin(deliver(services.clone(), claimed, claim));
        let delivering = async move {
            let _ = rounds::round(channel.as_str(), async { Ok(delivering.await) }).await;
        };
        on_their_way.spawn(delivering.in_current_span());
    }
    Ok(Some(started))
}

/// Claims at most so many, and of those that are not urgent only until there are `usual`; reads those that are still to be
/// sent.
async fn take(
    services: &Services,
    channel: Channel,
    (most, usual): (usize, usize),
) -> Result<(Uuid, Vec<Claimed>)> {
    let (now, claim) = (services.now(), services.ids.id());
    let mut tx = services.db.peek().await?;
    let ids = deliveries::due(&mut tx, channel, now, (most, usual)).await?;
    drop(tx);
    if ids.is_empty() {
        return Ok((claim, Vec::new()));
    }
    let mut tx = services.db.write_aside().await?;
    deliveries::claim(&mut tx, &ids, claim, (now, lease(services, channel, now))).await?;
    tx.commit().await?;
    let mut tx = services.db.peek().await?;
    Ok((claim, deliveries::claimed(&mut tx, &ids, claim).await?))
}

/// When a claim ends: after the longest try, by whichever server's clock.
pub(super) fn lease(services: &Services, channel: Channel, now: Timestamp) -> Timestamp {
    let patience = services.outlets.patience(channel).as_secs();
    now.plus_seconds(i64::try_from(patience).unwrap_or(i64::MAX / 2_000_000) + clocks::BORNE)
}

/// One, whatever comes of it.
async fn deliver(services: Services, claimed: Claimed, claim: Uuid) -> u64 {
    let id = claimed.id;
    let settled = send::once(&services, claimed).await;
    let end = Instant::now() + NOTING;
    while let Err(error) = settle(&services, (id, claim), settled.clone()).await {
        if Instant::now() > end {
            // It is tried again when its lease has ended.
            tracing::warn!(%error, delivery = %id, "what came of a delivery could not be noted");
            break;
        }
        sleep(PAUSE).await;
    }
    1
}

async fn settle(services: &Services, (id, claim): (DeliveryId, Uuid), settled: Settled) -> Result<()> {
    let mut tx = services.db.write_aside().await?;
    deliveries::settle(&mut tx, id, claim, (settled, services.now())).await?;
    tx.commit().await?;
    Ok(())
}
