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
            let (code, message) = match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "The body is larger than the limit."),
                _ => ("unreadable_body", "The body could not be read to its end. Send it again."),
            };
            Problem::new(rejection.status(), code, message)
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
    refuse_no_text(body)?;
    serde_html_form::from_bytes(body).map_err(|error| unfit("", &error))
}

/// Refuses a form or query that is not UTF-8 once its `%ff` are read: its reader would put other characters there.
fn refuse_no_text(encoded: &[u8]) -> Result<(), Problem> {
    let mut bytes = encoded.iter();
    let mut decoded = Vec::with_capacity(encoded.len());
    while let Some(&byte) = bytes.next() {
        let escaped = if byte == b'%' { escaped(bytes.as_slice()) } else { None };
        if escaped.is_some() {
            bytes.nth(1);
        }
        decoded.push(escaped.unwrap_or(byte));
    }
    if std::str::from_utf8(&decoded).is_ok() {
        return Ok(());
    }
    let message = "This is not UTF-8 text. Send it in that encoding.";
    Err(Problem::new(StatusCode::BAD_REQUEST, "not_utf8", message))
}

/// The byte that two hexadecimal digits spell.
fn escaped(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits.get(..2)?).ok()?;
    u8::from_str_radix(digits, 16).ok()
}

/// It is JSON, a form or a query, but not one that we asked for.
fn unfit(path: &str, error: &dyn std::fmt::Display) -> Problem {
    let field = if path == "." { "" } else { path };
    let words = error.to_string();
    let Some(name) = missing(&words) else { return Error::field(field, "unreadable", words).into() };
    let name = match field {
        "" | QUERY => name.to_owned(),
        _ => format!("{field}.{name}"),
    };
    let message = format!("“{name}” is missing. Fill it in.");
    Error::field(name, "missing", message).into()
}

/// The field that a type can't do without, as serde names it.
fn missing(words: &str) -> Option<&str> {
    words.strip_prefix("missing field `")?.split_once('`').map(|(name, _)| name)
}

/// What is said of a query that can't be read, where its reader does not tell the field.
const QUERY: &str = "query";

/// The query. A name may come more than once where a list is asked for.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        refuse_no_text(query.as_bytes())?;
        serde_html_form::from_str(query).map(Self).map_err(|error| unfit(QUERY, &error))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_once_it_is_decoded_is_found() {
        for text in ["name=caf%C3%A9", "name=café", "100%", "100%2", "a%zz", "%25ff", "", "+%20"] {
            assert!(refuse_no_text(text.as_bytes()).is_ok(), "{text}");
        }
        for no_text in [&b"name=%ff"[..], b"name=%C3", b"\xff", b"%C3+%A9", b"%ed%a0%80"] {
            assert!(refuse_no_text(no_text).is_err(), "{no_text:?}");
        }
    }
}
