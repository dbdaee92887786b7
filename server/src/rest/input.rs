//! What requests carry: JSON or form bodies, queries, addresses. What can't be read is told by field where possible.

use crate::http::Problem;
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use domain::Error;
use serde::de::DeserializeOwned;

/// The body: JSON, or a form's `name=value&…`. An empty body is an empty object.
pub struct Input<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Input<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = kind(request.headers());
        let body = Bytes::from_request(request, state).await.map_err(|rejection| {
            Problem::new(
                rejection.status(),
                "unreadable_body",
                "The body could not be read, or is larger than the limit.",
            )
        })?;
        match kind {
            _ if body.is_empty() => from_json(b"{}"),
            Kind::Json => from_json(&body),
            Kind::Form => from_form(&body),
            Kind::Other => {
                let message = "Send JSON with Content-Type: application/json, or a form with \
                               application/x-www-form-urlencoded.";
                Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", message))
            }
        }
        .map(Self)
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Json,
    Form,
    Other,
}

fn kind(headers: &HeaderMap) -> Kind {
    let named = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = named.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/json" => Kind::Json,
        "application/x-www-form-urlencoded" => Kind::Form,
        other if other.starts_with("application/") && other.ends_with("+json") => Kind::Json,
        _ => Kind::Other,
    }
}

fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut reader);
    let value = read.map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        if error.is_data() { unfit(&path, &error) } else { no_json(&error) }
    })?;
    reader.end().map_err(|error| no_json(&error))?;
    Ok(value)
}

fn no_json(error: &serde_json::Error) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "bad_json", format!("The body is not JSON: {error}."))
}

fn from_form<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_html_form::from_bytes(body).map_err(|error| unfit("", &error))
}

/// It is JSON, a form or a query, but not one that we asked for.
fn unfit(path: &str, error: &dyn std::fmt::Display) -> Problem {
    let field = if path == "." { "" } else { path };
    Error::field(field, "unreadable", error.to_string()).into()
}

/// The query. A name may come more than once where a list is asked for.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        serde_html_form::from_str(parts.uri.query().unwrap_or_default())
            .map(Self)
            .map_err(|error| unfit("query", &error))
    }
}

/// The parts of the address. One that can't be an id names nothing.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Error::not_found("resource").into()),
        }
    }
}
