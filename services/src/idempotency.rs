//! Writes that are sent again because their answer was lost: done once, answered alike.

use crate::{Actor, Services, authorize};
use domain::{Error, Result, ids::UserId};
use store::idempotency::Row;

/// A request that has not come to an answer by then never will: its server was stopped.
const IN_FLIGHT_SECONDS: i64 = 60;
/// How long an answer is kept.
const KEPT_SECONDS: i64 = 24 * 60 * 60;
/// Characters of a key.
const KEY: usize = 190;

/// What to do with a request that carries a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begin {
    /// Run it, then call [`finish`] with its answer, or [`release`] if it came to none.
    Fresh,
    /// It ran before: give this answer.
    Replay {
        /// The answer's status.
        status: u16,
        /// Its headers, as [`finish`] got them.
        headers: String,
        /// Its body.
        body: String,
    },
}

/// Begins a request. `request_hash`: SHA-256 of everything that makes it this one (method, path, body).
///
/// # Errors
/// [`Error::Refused`] with `idempotency_key_reused` if the key came with another request, with `in_progress` while the
/// first one runs; [`Error::Invalid`] for a key that is empty or too long.
pub async fn begin(services: &Services, actor: &Actor, key: &str, request_hash: [u8; 32]) -> Result<Begin> {
    let user = authorize::person(actor)?;
    if key.is_empty() || key.chars().count() > KEY {
        return Err(Error::field(
            "Idempotency-Key",
            "length",
            format!("Give a key of 1 to {KEY} characters, a new one for each request."),
        ));
    }
    let now = services.now();
    let mut tx = services.db.write_aside().await?;
    // On MySQL, two inserts of one key share a lock on what was there before and then each wait for the other's.
    store::users::lock(&mut tx, user).await?;
    let fresh = store::idempotency::claim(&mut tx, user, key, (request_hash, now)).await?
        || match store::idempotency::find(&mut tx, user, key).await? {
            Some(row) => {
                let age = now.micros().saturating_sub(row.created_at) / 1_000_000;
                if let Some(answer) = known(&row, age, request_hash)? {
                    return Ok(answer);
                }
                let claimed = row.created_at;
                store::idempotency::take_over(&mut tx, (user, key), claimed, (request_hash, now)).await?
            }
            // Released between the two statements.
            None => false,
        };
    tx.commit().await?;
    if fresh { Ok(Begin::Fresh) } else { Err(in_progress()) }
}

/// Keeps the answer of a request that [`begin`] let through.
///
/// # Errors
/// What the database says.
pub async fn finish(services: &Services, actor: &Actor, key: &str, answer: Answer) -> Result<()> {
    let user = authorize::person(actor)?;
    let mut tx = services.db.write_aside().await?;
    let texts = (answer.headers, answer.body);
    store::idempotency::finish(&mut tx, (user, key), i64::from(answer.status), texts).await?;
    tx.commit().await?;
    Ok(())
}

/// An answer to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers, in any form.
    pub headers: String,
    /// Its body.
    pub body: String,
}

/// Forgets a request that came to no answer worth keeping (our fault, or busy), so that it can be sent again at once.
///
/// # Errors
/// What the database says.
pub async fn release(services: &Services, actor: &Actor, key: &str) -> Result<()> {
    let user: UserId = authorize::person(actor)?;
    let mut tx = services.db.write_aside().await?;
    store::idempotency::release(&mut tx, user, key).await?;
    tx.commit().await?;
    Ok(())
}

/// What is to be said of a key that was seen `age` seconds ago; `None` if that is void by now.
fn known(row: &Row, age: i64, request_hash: [u8; 32]) -> Result<Option<Begin>> {
    let running = row.status == 0;
    if age >= if running { IN_FLIGHT_SECONDS } else { KEPT_SECONDS } {
        return Ok(None);
    }
    if row.request_hash != request_hash {
        return Err(Error::refused(
            "idempotency_key_reused",
            "This Idempotency-Key was sent with another request. Use a new key for each request.",
        ));
    }
    if running {
        return Err(in_progress());
    }
    Ok(Some(Begin::Replay {
        status: u16::try_from(row.status).unwrap_or(500),
        headers: row.headers.clone(),
        body: row.body.clone(),
    }))
}

fn in_progress() -> Error {
    Error::refused(
        "in_progress",
        "The first request with this Idempotency-Key is still running. Send it again in a few seconds.",
    )
}
