//! One time for several servers: that of the database which they share. Sessions, claims, alerts and keys against repetition
//! end at times that one server writes and another reads, so an hour between the clocks of two machines would end sessions
//! that have just begun and do twice what is still being done.

use crate::Services;
use store::{db::Result, doctor};

/// Seconds between two clocks that the network does not explain: operators are told.
pub const APART: i64 = 2;
/// Seconds by which the clocks of two servers may differ: leases last so much longer than what they are for, and an alert is
/// not taken for one of the future before. More is put right within seconds ([`follow`]).
pub const BORNE: i64 = 120;

/// Clocks that differ by less, in microseconds, are left alone: machines that keep the time do, and theirs never jumps.
const SAME: i64 = 500_000;

/// Compares the clock with the database's, and goes by that one from now on if they differ; says how often it was put right.
/// An embedded database has no clock of its own.
///
/// # Errors
/// What the database says; the clock is then left alone.
pub async fn follow(services: &Services) -> Result<u64> {
    let mut tx = services.db.peek().await?;
    let asked = services.now().micros();
    let Some(theirs) = doctor::clock(&mut tx).await? else { return Ok(0) };
    let took = services.now().micros() - asked;
    // It was told somewhere between question and answer.
    let apart = asked + took / 2 - theirs;
    if apart.abs() <= SAME + took.abs() / 2 {
        return Ok(0);
    }
    services.clock.put_back(apart);
    let seconds = services.clock.ahead() / 1_000_000;
    tracing::warn!(
        seconds,
        "this machine's clock is ahead of the database's, by which PMS goes (below zero: behind)"
    );
    Ok(1)
}
