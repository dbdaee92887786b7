//! Rounds of jobs, for traces. A job runs as long as the server, so what it does is told round by round.

use domain::Result;
use store::db::TRACES;
use tracing::{Instrument as _, field::Empty};

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
