//! The forms of answers.

use axum::{
    Json,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::page::Paged;
use serde::Serialize;

/// A resource with its version as `ETag`, ready for `If-Match`.
pub fn versioned(resource: &impl Serialize, version: i64) -> Response {
    let mut response = Json(resource).into_response();
    if let Ok(tag) = HeaderValue::try_from(format!("\"{version}\"")) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// 201 with the new resource and where it is.
pub fn created(resource: &impl Serialize, version: i64, location: &str) -> Response {
    let mut response = versioned(resource, version);
    *response.status_mut() = StatusCode::CREATED;
    if let Ok(location) = HeaderValue::try_from(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// Something read, that has no version of its own.
pub fn whole(content: &impl Serialize) -> Response {
    Json(content).into_response()
}

/// A list that comes whole and is not worth an `ETag`.
pub fn items<T: Serialize>(items: Vec<T>) -> Response {
    whole(&Paged { items, next: None })
}

/// Done, and there is nothing to say about it.
pub fn done() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// No cache on the way may keep what one person saw; their own may, if it asks again each time.
pub async fn private(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let usual = HeaderValue::from_static("private, no-cache");
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(usual);
    response
}
