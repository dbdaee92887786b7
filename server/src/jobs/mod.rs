//! What the server does by itself, besides answering.

mod replica;

use crate::{http::Shared, telemetry};
use domain::{Result, delivery::Channel};
use futures::{FutureExt as _, future::BoxFuture};
use prometheus_client::metrics::counter::Counter;
use services::{Services, rounds::Rounds};
use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};
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
/// A job that looks every few seconds does a piece of work each time, and what it waits for is given up in time: one that has
/// not come to the end of it after so long hangs.
pub const LOOK: Duration = Duration::from_mins(2);
/// The same for what the others do, which may be a whole day's work.
pub const ROUND: Duration = Duration::from_mins(30);
/// Before a job that panicked is begun anew: one that always does must not keep a processor busy.
const AFTER_PANIC: Duration = Duration::from_secs(5);

/// What a job does at each time; gives how much.
type Round = for<'s> fn(&'s Services) -> BoxFuture<'s, Result<u64>>;

/// Jobs that run beside the answers, until the server is asked to stop. One that panics is begun anew.
pub struct Jobs {
    state: Shared,
    running: JoinSet<()>,
}

/// Starts every job that each server has.
pub fn start(state: &Shared) -> Jobs {
    let mut jobs = Jobs::new(state);
    jobs.in_rounds("outbox", LOOK, outbox);
    jobs.in_rounds("urgent", LOOK, urgent);
    jobs.every("clock", CLOCK, |services| {
        async move { Ok(services::clocks::follow(services).await?) }.boxed()
    });
    jobs.every("sessions", SESSIONS, |services| services::sessions::sweep(services).boxed());
    jobs.every("purge", PURGE, |services| services::projects::purge(services).boxed());
    for channel in Channel::ALL {
        jobs.deliver(channel);
    }
    jobs.every("waiting", MINUTE, |services| services::deliveries::bring_forward(services).boxed());
    jobs.every("told", MINUTE, |services| services::outbox::purge(services).boxed());
    jobs.every("deliveries", PURGE, |services| {
        async move {
            Ok(services::deliveries::purge(services).await? + services::devices::sweep(services).await?)
        }
        .boxed()
    });
    jobs.in_rounds("notifications", LOOK, notifications);
    jobs.every("due", DUE, |services| services::notifications::due(services).boxed());
    jobs.every("digests", DIGESTS, |services| services::notifications::digests(services).boxed());
    jobs.every("archived notifications", PURGE, |services| services::notifications::purge(services).boxed());
    if state.services.db.replication().is_some() {
        jobs.in_rounds("replica", LOOK, replica::watch);
    }
    jobs.every("statistics", STATISTICS, |services| services::workspace::learn(services).boxed());
    jobs
}

impl Jobs {
    /// None yet.
    pub fn new(state: &Shared) -> Self {
        Self { state: Arc::clone(state), running: JoinSet::new() }
    }

    /// Those of a job, each of which ends `within` this time after the one before unless the job hangs, which operators are told.
    pub fn rounds(&self, name: &'static str, within: Duration) -> Rounds {
        self.state.metrics.rounds_of(name, within)
    }

    /// A job as of [`Self::until`] that says when a round has ended, and has such [rounds](Self::rounds).
    ///
    /// # Panics
    /// Outside the runtime.
    pub fn in_rounds<J>(
        &mut self,
        name: &'static str,
        within: Duration,
        job: impl Fn(Services, Rounds) -> J + Send + Sync + 'static,
    ) where
        J: Future<Output = ()> + Send + 'static,
    {
        let rounds = self.rounds(name, within);
        self.until(name, move |services| job(services, rounds.begun()));
    }

    /// A job that is dropped at its next await when the server stops.
    ///
    /// # Panics
    /// Outside the runtime.
    pub fn until<J>(&mut self, name: &'static str, job: impl Fn(Services) -> J + Send + Sync + 'static)
    where
        J: Future<Output = ()> + Send + 'static,
    {
        let stop = self.state.stop.clone();
        self.to_its_end(name, move |services| {
            let (stop, work) = (stop.clone(), job(services));
            async move {
                // Between two awaits nothing is half done that a transaction would not take back.
                stop.run_until_cancelled(work).await;
            }
        });
    }

    /// A job that sees by itself that the server stops, and ends.
    ///
    /// # Panics
    /// Outside the runtime.
    pub fn to_its_end<J>(&mut self, name: &'static str, job: impl Fn(Services) -> J + Send + Sync + 'static)
    where
        J: Future<Output = ()> + Send + 'static,
    {
        self.running.spawn(self.kept(name, &self.state.stop, job));
    }

    /// The work of a job, for a task that outlives the others: after `stop` it is not begun anew.
    pub fn kept<J, F>(
        &self,
        name: &'static str,
        stop: &CancellationToken,
        job: F,
    ) -> impl Future<Output = ()> + use<J, F>
    where
        F: Fn(Services) -> J + Send + Sync + 'static,
        J: Future<Output = ()> + Send + 'static,
    {
        let (services, stop) = (self.state.services.clone(), stop.clone());
        let panics = self.state.metrics.panics_of(name);
        telemetry::of_job(name, async move {
            again_and_again(|| job(services.clone()), &stop, &panics).await;
        })
    }

    /// A job that does something, and again after a pause.
    fn every(&mut self, name: &'static str, pause: Duration, job: Round) {
        self.in_rounds(name, pause + ROUND, move |services, rounds| async move {
            loop {
                match rounds.round(job(&services)).await {
                    Ok(0) => {}
                    Ok(done) => tracing::info!(done, "did its work"),
                    Err(error) => tracing::warn!(%error, "a job failed; it runs again later"),
                }
                sleep(pause).await;
            }
        });
    }

    /// Sends what is due on a channel.
    fn deliver(&mut self, channel: Channel) {
        let stop = self.state.stop.clone();
        // All of its hands may be at a try, each as long as that may take.
        let rounds = self.rounds(channel.as_str(), LOOK + self.state.services.outlets.patience(channel));
        // What is on its way is waited for, or it would be sent once more after the start.
        self.to_its_end(rounds.job(), move |services| {
            services::deliveries::run(services, channel, rounds.begun(), stop.clone().cancelled_owned())
        });
    }

    /// Waits until all have ended, after the server was asked to stop.
    pub async fn end(mut self) {
        while self.running.join_next().await.is_some() {}
    }
}

/// Does a job, and begins it anew when it panics: that it is over would be noticed by nobody.
async fn again_and_again<J>(job: impl Fn() -> J, stop: &CancellationToken, panics: &Counter)
where
    J: Future<Output = ()>,
{
    // What it leaves behind is as after a request that panics: transactions are taken back, and no lock stays poisoned.
    while let Err(panic) = AssertUnwindSafe(async { job().await }).catch_unwind().await {
        panics.inc();
        tracing::error!(panic = telemetry::words_of(&*panic), "a job panicked; it is begun anew");
        if stop.run_until_cancelled(sleep(AFTER_PANIC)).await.is_none() {
            return;
        }
    }
}

async fn outbox(services: Services, rounds: Rounds) {
    loop {
        let sending = async { Ok(services::outbox::dispatch(&services).await? as u64) };
        match rounds.round(sending).await {
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
async fn urgent(services: Services, rounds: Rounds) {
    loop {
        match rounds.round(services::urgent::tick(&services)).await {
            Ok(done) if done > 0 => continue,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "urgent alerts could not be sent; they are tried again"),
        }
        sleep(URGENT).await;
    }
}

async fn notifications(services: Services, rounds: Rounds) {
    let mut changes = services.bus.subscribe();
    loop {
        // What was heard of until now is in the history already.
        while changes.try_recv().is_ok() {}
        match rounds.round(services::notifications::tell(&services)).await {
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};
    use tokio::{task::yield_now, time::Instant};

    #[tokio::test(start_paused = true)]
    async fn a_job_that_panics_does_its_work_after_a_pause() {
        let (begun, done) = (AtomicU64::new(0), AtomicU64::new(0));
        let (stop, panics) = (CancellationToken::new(), Counter::default());
        let job = || async {
            yield_now().await;
            assert_ne!(begun.fetch_add(1, Ordering::Relaxed), 0, "the first time");
            done.fetch_add(1, Ordering::Relaxed);
        };
        let start = Instant::now();
        again_and_again(job, &stop, &panics).await;
        assert_eq!(start.elapsed(), AFTER_PANIC);
        assert_eq!((begun.into_inner(), done.into_inner(), panics.get()), (2, 1, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_that_panics_while_the_server_stops_is_not_begun_anew() {
        let (stop, panics) = (CancellationToken::new(), Counter::default());
        stop.cancel();
        let start = Instant::now();
        again_and_again(|| async { panic!("at the end") }, &stop, &panics).await;
        assert_eq!((start.elapsed(), panics.get()), (Duration::ZERO, 1));
    }
}
