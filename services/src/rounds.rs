//! Rounds of jobs. A job runs as long as the server, so what it does is told round by round, and that it hangs is seen by a
//! round that does not end.

use domain::Result;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use store::db::TRACES;
use tokio::time::Instant;
use tracing::{Instrument as _, field::Empty};

/// Whether a job keeps on ending rounds. Those who have it share it.
#[derive(Clone)]
pub struct Rounds {
    job: &'static str,
    within: Duration,
    last: Arc<Mutex<Instant>>,
}

impl Rounds {
    /// Of a job that begins now, and each of whose rounds ends `within` this time after the one before, unless it hangs: that is
    /// its pause, and what the longest round may take.
    pub fn new(job: &'static str, within: Duration) -> Self {
        Self { job, within, last: Arc::new(Mutex::new(Instant::now())) }
    }

    /// Its name.
    pub const fn job(&self) -> &'static str {
        self.job
    }

    /// One round, as [`round`], and the end of it.
    ///
    /// # Errors
    /// Those of `work`: whoever fails and says so does not hang.
    pub async fn round(&self, work: impl Future<Output = Result<u64>>) -> Result<u64> {
        let done = round(self.job, work).await;
        self.ended();
        done
    }

    /// A round has ended.
    pub fn ended(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// For the job that begins, maybe anew: its first round has its whole time.
    #[must_use]
    pub fn begun(&self) -> Self {
        self.ended();
        self.clone()
    }

    /// For how long a round should have ended; zero while the job keeps its time.
    pub fn overdue(&self) -> Duration {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.elapsed().saturating_sub(self.within)
    }
}

/// One round of `job`, traced by itself. `work` gives how much it did: a round that did nothing is forgotten, because some
/// look each second.
///
/// # Errors
/// Those of `work`.
pub async fn round(job: &str, work: impl Future<Output = Result<u64>>) -> Result<u64> {
    let span = tracing::info_span!(
        target: TRACES,
        parent: None,
        "round",
        otel.name = job,
        otel.status_code = Empty,
        pms.job.done = Empty,
    );
    // Else it would be here twice: as it was given, and as it is awaited.
    let done = Box::pin(work).instrument(span.clone()).await;
    match &done {
        Ok(done) => span.record("pms.job.done", i64::try_from(*done).unwrap_or(i64::MAX)),
        Err(_) => span.record("otel.status_code", "ERROR"),
    };
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Error;
    use std::future::pending;
    use tokio::time::{sleep, timeout};

    const MINUTE: Duration = Duration::from_mins(1);

    #[tokio::test(start_paused = true)]
    async fn a_job_that_keeps_its_time_is_not_overdue_and_one_that_hangs_is() {
        let rounds = Rounds::new("outbox", 2 * MINUTE);
        for failed in [false, true, false] {
            sleep(2 * MINUTE).await;
            assert_eq!(rounds.overdue(), Duration::ZERO);
            let done =
                rounds.round(async { if failed { Err(Error::Internal { id: "1".into() }) } else { Ok(1) } });
            assert_eq!(done.await.is_err(), failed);
        }
        // It is not done with a round, and does not fail either.
        assert!(timeout(5 * MINUTE, rounds.round(pending())).await.is_err());
        assert_eq!(rounds.overdue(), 3 * MINUTE);
        let anew = rounds.begun();
        assert_eq!(rounds.overdue(), Duration::ZERO, "it begins anew");
        sleep(3 * MINUTE).await;
        assert_eq!((anew.overdue(), rounds.overdue()), (MINUTE, MINUTE));
    }
}
