//! A request's body: how large it may be, how long it may take, and that nobody's place is held until it is there.
//!
//! It is read whole before its request takes a place in the crowd: whoever does not send what they announced keeps waiting,
//! and not others. Who has to be waited for takes a place of their network, of which there are few.

use super::{Problem, Shared, arrival::Network, places::Room};
use crate::config::Limits;
use axum::{
    body::{Body, Bytes, HttpBody as _},
    extract::{Request, State},
    http::{StatusCode, header::CONTENT_LENGTH},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::Error;
use futures::FutureExt as _;
use http_body_util::BodyExt as _;
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};

/// What a slow line of a phone sends. Slower than this is given up.
const BYTES_A_SECOND: u32 = 16 * 1024;
/// What is read of a body that is too large, and for how long, so that its sender gets to read the answer.
const MOST_THROWN_AWAY: usize = 32 * 1024 * 1024;
const THROWN_AWAY_FOR: Duration = Duration::from_secs(10);
/// One network may have a part of all places.
const PART_OF_A_NETWORK: usize = 8;

/// For how many bodies is waited: as many as requests may be in work, so that their memory at most doubles.
pub fn room(limits: &Limits) -> Room {
    let of_one = limits.requests.div_ceil(PART_OF_A_NETWORK);
    Room { all: limits.requests, of_one, come_again_seconds: 1 }
}

/// Hands requests on with their whole body.
pub async fn whole(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let (parts, mut body) = request.into_parts();
    if body.is_end_stream() {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let limit = limit_of(&state, parts.uri.path());
    let announced = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let read = match announced {
        Some(length) if usize_of(length) > limit => Err(too_large(limit)),
        _ => read(&state, Network::of(&parts.extensions), &mut body, limit).await,
    };
    match read {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(problem) => {
            if problem.is_too_large() {
                tokio::spawn(timeout(THROWN_AWAY_FOR, throw_away(body)));
            }
            problem.into_response()
        }
    }
}

/// The limit for a path: a checklist may be a whole document.
pub fn limit_of(state: &Shared, path: &str) -> usize {
    let imports = path.starts_with("/api/v1/import/") || path.starts_with("/fn/import/");
    if imports { state.limits.import } else { state.limits.body }
}

async fn read(state: &Shared, network: Network, body: &mut Body, limit: usize) -> Result<Bytes, Problem> {
    let begin = Instant::now();
    let mut place = None;
    let mut whole = Vec::new();
    loop {
        let frame = if let Some(frame) = body.frame().now_or_never() {
            frame
        } else {
            if place.is_none() {
                place = Some(state.bodies.take(network.0)?);
            }
            let until = begin + state.limits.body_wait + at_the_slowest(whole.len());
            timeout_at(until, body.frame()).await.map_err(|_| too_slow())?
        };
        let Some(frame) = frame else { return Ok(whole.into()) };
        let Ok(data) = frame.map_err(|error| broken_off(&error))?.into_data() else { continue };
        if whole.len() + data.len() > limit {
            return Err(too_large(limit));
        }
        whole.extend_from_slice(&data);
    }
}

/// How long so many bytes may take.
fn at_the_slowest(bytes: usize) -> Duration {
    Duration::from_secs(u64::try_from(bytes).unwrap_or(u64::MAX)) / BYTES_A_SECOND
}

/// A connection that is closed with bytes in it that nobody read is cut off at once, and the answer on its way is lost.
async fn throw_away(mut body: Body) {
    let mut left = MOST_THROWN_AWAY;
    while let Some(Ok(frame)) = body.frame().await {
        left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
        if left == 0 {
            return;
        }
    }
}

fn usize_of(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

fn too_large(limit: usize) -> Problem {
    Error::TooLarge { limit: u64::try_from(limit).unwrap_or(u64::MAX) }.into()
}

fn too_slow() -> Problem {
    let message = "The request took too long to arrive. Check the connection and send it again.";
    Problem::new(StatusCode::REQUEST_TIMEOUT, "too_slow", message)
}

fn broken_off(error: &axum::Error) -> Problem {
    tracing::debug!(%error, "a body broke off");
    let message = "The body could not be read to its end. Send it again.";
    Problem::new(StatusCode::BAD_REQUEST, "unreadable_body", message)
}
