//! What has to reach people outside the pages. Use cases queue it in the transaction that causes it; a job sends it.
//!
//! Something may arrive twice, after a crash between the sending and the note of it, and never not at all while its time
//! lasts. Who gets it is looked at again right before it is sent.

mod dispatch;
mod queue;
mod send;
mod words;

pub use dispatch::{dispatch, round, run};
pub use queue::{drop_queued, queue};

use crate::Services;
use domain::{
    Result,
    delivery::{Channel, Delivery},
};
use uuid::Uuid;

/// Seconds for which it is kept what became of a delivery.
const KEPT_SECONDS: i64 = 90 * 24 * 60 * 60;
/// Rows removed in one transaction, and in one run.
const PIECE: i64 = 500;
const PIECES: usize = 40;
/// Rows of one report.
const REPORT: i64 = 10_000;

/// Lets what was queued go at once: to be called after the commit. Without it, it goes with the next second.
pub fn wake(services: &Services) {
    for woken in services.outlets.woken.iter() {
        woken.notify_one();
    }
}

/// Whether that channel is set up at all.
pub fn has(services: &Services, channel: Channel) -> bool {
    match channel {
        Channel::Email => services.outlets.mailer.is_some(),
        Channel::Push => services.outlets.pusher.is_some(),
        Channel::Webhook => services.outlets.hook.is_some(),
    }
}

/// Sees to it that nothing waits longer than it may, after a clock that was ahead has been put right; gives how many rows.
///
/// # Errors
/// What the database says.
pub async fn bring_forward(services: &Services) -> Result<u64> {
    let now = services.now();
    let latest = dispatch::lease(services, Channel::Email, now).plus_seconds(send::LONGEST_ASKED);
    let mut tx = services.db.write_aside().await?;
    let moved = store::deliveries::bring_forward(&mut tx, (now, latest)).await?;
    tx.commit().await?;
    Ok(moved)
}

/// What became of what was queued for these references, oldest first, at most 10,000. Whether the caller may see it is the
/// caller's to ask.
///
/// # Errors
/// What the database says.
pub async fn of_references(tx: &mut store::Tx, references: &[Uuid]) -> Result<Vec<Delivery>> {
    Ok(store::deliveries::of_references(tx, references, REPORT).await?)
}

/// Removes what ended more than 90 days ago, a piece at a time; gives how many rows.
///
/// # Errors
/// What the database says.
pub async fn purge(services: &Services) -> Result<u64> {
    let until = services.now().plus_seconds(-KEPT_SECONDS);
    let mut removed = 0;
    for _ in 0..PIECES {
        let mut tx = services.db.write_aside().await?;
        let piece = store::deliveries::purge(&mut tx, until, PIECE).await?;
        tx.commit().await?;
        removed += piece;
        if piece == 0 {
            break;
        }
    }
    Ok(removed)
}
