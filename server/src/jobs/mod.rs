//! What the server does by itself, besides answering.

mod replica;

use crate::telemetry;
use domain::{Result, delivery::Channel};
use services::{Services, rounds::round};
use std::time::Duration;
use tokio::{task::JoinSet, time::sleep};
use tokio_util::sync::CancellationToken;

/// An event is handed on when a commit wakes the bus; this is for commits of other servers and programs on the database.
const OUTBOX: Duration = Duration::from_secs(2);
/// How exactly an urgent project rings on time.
const URGENT: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
/// A machine whose clock is put right, or wrong, while its server runs.
const CLOCK: Duration = Duration::from_secs(10);
const SESSIONS: Duration = Duration::from_mins(10);
const PURGE: Duration = Duration::from_hours(1);
const STATISTICS: Duration = Duration::from_hours(1);
/// Notifications are made when the outbox hands on what changed; this is for what other programs changed.
const NOTIFICATIONS: Duration = Duration::from_secs(2);
/// How often it is asked whether a new day came.
const DUE: Duration = Duration::from_mins(10);
/// How late a digest may be.
const DIGESTS: Duration = Duration::from_mins(1);

/// Starts every job; each ends when `stop` is cancelled.
pub fn start(services: &Services, stop: &CancellationToken) -> JoinSet<()> {
    let mut jobs = JoinSet::new();
    let with = || (services.clone(), stop.clone());
    jobs.spawn(until("outbox", stop.clone(), outbox(services.clone())));
    jobs.spawn(until("urgent", stop.clone(), urgent(services.clone())));
    jobs.spawn(every("clock", CLOCK, with(), async |services| Ok(services::clocks::follow(services).await?)));
    jobs.spawn(every("sessions", SESSIONS, with(), async |services| {
        services::sessions::sweep(services).await
    }));
    jobs.spawn(every("purge", PURGE, with(), async |services| services::projects::purge(services).await));
    for channel in Channel::ALL {
        // It ends by itself: what is on its way is waited for, or it would be sent once more after the start.
        let sending = services::deliveries::run(services.clone(), channel, stop.clone().cancelled_owned());
        jobs.spawn(telemetry::of_job(channel.as_str(), sending));
    }
    jobs.spawn(every("waiting", MINUTE, with(), async |services| {
        services::deliveries::bring_forward(services).await
    }));
    jobs.spawn(every("told", MINUTE, with(), async |services| services::outbox::purge(services).await));
    jobs.spawn(every("deliveries", PURGE, with(), async |services| {
        Ok(services::deliveries::purge(services).await? + services::devices::sweep(services).await?)
    }));
    jobs.spawn(until("notifications", stop.clone(), notifications(services.clone())));
    jobs.spawn(every("due", DUE, with(), async |services| services::notifications::due(services).await));
    jobs.spawn(every("digests", DIGESTS, with(), async |services| {
        services::notifications::digests(services).await
    }));
    jobs.spawn(every("archived notifications", PURGE, with(), async |services| {
        services::notifications::purge(services).await
    }));
    if services.db.replication().is_some() {
        jobs.spawn(until("replica", stop.clone(), replica::watch(services.clone())));
    }
    jobs.spawn(every("statistics", STATISTICS, with(), async |services| {
        services::workspace::learn(services).await
    }));
    jobs
}

/// A job that is dropped at its next await when `stop` is cancelled.
pub async fn until(name: &'static str, stop: CancellationToken, job: impl Future<Output = ()>) {
    // Between two awaits nothing is half done that a transaction would not take back.
    telemetry::of_job(name, stop.run_until_cancelled(job)).await;
}

async fn outbox(services: Services) {
    loop {
        let sending = async { Ok(services::outbox::dispatch(&services).await? as u64) };
        match round("outbox", sending).await {
            // A full round: there may be more.
            Ok(sent) if sent > 0 => continue,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the outbox could not be read"),
        }
        tokio::select! {
            () = services.bus.woken() => {}
            () = sleep(OUTBOX) => {}
        }
    }
}

/// Rings. One call does a bounded piece, so after a full one there may be more.
async fn urgent(services: Services) {
    loop {
        match round("urgent", services::urgent::tick(&services)).await {
            Ok(done) if done > 0 => continue,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "urgent alerts could not be sent; they are tried again"),
        }
        sleep(URGENT).await;
    }
}

async fn notifications(services: Services) {
    let mut changes = services.bus.subscribe();
    loop {
        // What was heard of until now is in the history already.
        while changes.try_recv().is_ok() {}
        match round("notifications", services::notifications::tell(&services)).await {
            Ok(read) if read > 0 => continue,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "notifications could not be made; they are made later"),
        }
        tokio::select! {
            _ = changes.recv() => {}
            () = sleep(NOTIFICATIONS) => {}
        }
    }
}

/// Does it again and again, with a pause between.
async fn every<J>(
    name: &'static str,
    pause: Duration,
    (services, stop): (Services, CancellationToken),
    job: J,
) where
    J: AsyncFn(&Services) -> Result<u64>,
{
    let work = async {
        loop {
            match round(name, job(&services)).await {
                Ok(0) => {}
                Ok(done) => tracing::info!(done, "did its work"),
                Err(error) => tracing::warn!(%error, "a job failed; it runs again later"),
            }
            sleep(pause).await;
        }
    };
    until(name, stop, work).await;
}
