//! `Idempotency-Key`: a write that is sent again, because its answer was lost, is done once and answered alike.

use crate::{
    http::{Problem, Shared, actor::Caller, body},
    telemetry::along,
};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::Error;
use services::{
    Actor,
    idempotency::{self, Answer, Begin},
};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use tokio::task::JoinError;

const KEY: &str = "idempotency-key";
/// Of a larger answer only its head is kept: that the write was done, and where its resource is. No answer to a write is
/// near it.
const LARGEST: usize = 4 * 1024 * 1024;
/// The headers that belong to an answer rather than to its transport.
const KEPT: [HeaderName; 3] = [header::CONTENT_TYPE, header::LOCATION, header::ETAG];

/// Runs a write with a key once.
pub async fn once(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let caller = request.extensions().get::<Caller>().cloned().unwrap_or_default();
    let (Some(key), Some(actor)) = (key(&request), caller.actor()) else { return next.run(request).await };
    match run(&state, actor, &key, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

/// Reads need no key; and the answers of a sign-in, of a new token and of new webhooks are secrets, which are kept nowhere.
fn key(request: &Request) -> Option<String> {
    let path = request.uri().path();
    let secret = path.starts_with("/api/auth/")
        || path.starts_with("/api/v1/tokens")
        || path.ends_with("/urgent/policy");
    if request.method().is_safe() || secret {
        return None;
    }
    let key = request.headers().get(KEY)?;
    Some(String::from_utf8_lossy(key.as_bytes()).into_owned())
}

async fn run(
    state: &Shared,
    actor: &Actor,
    key: &str,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (request, hash) = hashed(state, request).await?;
    match idempotency::begin(&state.services, actor, key, hash).await? {
        Begin::Replay { status, headers, body } => return Ok(replay(status, &headers, body)),
        Begin::Fresh => {}
    }
    // By itself: a caller whose connection breaks now is the one who will ask again.
    let work = to_the_end(state.clone(), actor.clone(), key.to_owned(), next.run(request));
    tokio::spawn(along(work)).await.map_err(|error| broken_off(&error))?
}

fn broken_off(error: &JoinError) -> Error {
    if error.is_panic() {
        tracing::error!(panic = %error, "a request with a key broke off");
    } else {
        tracing::error!(%error, "a request with a key broke off");
    }
    Error::Internal { id: "idempotency".into() }
}

async fn to_the_end(
    state: Shared,
    actor: Actor,
    key: String,
    work: impl Future<Output = Response>,
) -> Result<Response, Problem> {
    match kept(work.await).await {
        (response, Some(answer)) => {
            // The work is done and said to be done, whether or not this can be kept.
            if let Err(error) = idempotency::finish(&state.services, &actor, &key, answer).await {
                tracing::warn!(%error, "an answer was not kept");
            }
            Ok(response)
        }
        (response, None) => {
            idempotency::release(&state.services, &actor, &key).await?;
            Ok(response)
        }
    }
}

async fn hashed(state: &Shared, request: Request) -> Result<(Request, [u8; 32]), Problem> {
    let limit = body::limit_of(state, request.uri().path());
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, limit).await.map_err(|_| {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        Problem::from(Error::TooLarge { limit })
    })?;
    // With a key of ours: a body may hold a password, and what is kept of it must not help to guess that.
    let mut hash = Sha256::new_with_prefix(state.cookie_key.signing());
    hash.update(parts.method.as_str());
    hash.update([0]);
    hash.update(parts.uri.path_and_query().map_or("", |wanted| wanted.as_str()));
    hash.update([0]);
    for name in [header::CONTENT_TYPE, header::IF_MATCH] {
        hash.update(parts.headers.get(name).map_or(&b""[..], HeaderValue::as_bytes));
        hash.update([0]);
    }
    hash.update(&body);
    Ok((Request::from_parts(parts, Body::from(body)), hash.finalize().into()))
}

/// The answer, and what to keep of it: nothing of a fault, which the next try may not meet.
async fn kept(response: Response) -> (Response, Option<Answer>) {
    let status = response.status();
    // A problem's body is written further out; what is kept is only that nothing was done.
    if status.is_server_error()
        || status == StatusCode::TOO_MANY_REQUESTS
        || response.extensions().get::<Problem>().is_some()
    {
        return (response, None);
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return (StatusCode::INTERNAL_SERVER_ERROR.into_response(), None);
    };
    let answer =
        Answer { status: status.as_u16(), headers: headers(&parts.headers), body: text(&body, LARGEST) };
    (Response::from_parts(parts, Body::from(body)), Some(answer))
}

/// The body; empty where it is larger than what is kept. Released, its key would do the write once more.
fn text(body: &Bytes, largest: usize) -> String {
    let kept = if body.len() > largest { &[] } else { &body[..] };
    String::from_utf8_lossy(kept).into_owned()
}

fn headers(all: &HeaderMap) -> String {
    let kept: BTreeMap<&str, &str> =
        KEPT.iter().filter_map(|name| Some((name.as_str(), all.get(name)?.to_str().ok()?))).collect();
    serde_json::to_string(&kept).unwrap_or_default()
}

fn replay(status: u16, headers: &str, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let kept: BTreeMap<String, String> = serde_json::from_str(headers).unwrap_or_default();
    for (name, value) in kept {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    let replayed = HeaderValue::from_static("true");
    response.headers_mut().insert(HeaderName::from_static("idempotent-replayed"), replayed);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_answer_without_measure_only_its_head_is_kept() {
        let body = Bytes::from_static(b"12345");
        assert_eq!(text(&body, 5), "12345");
        assert_eq!(text(&body, 4), "");
    }
}
