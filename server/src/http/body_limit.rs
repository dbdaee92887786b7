//! How large a request's body may be: by its header at once, otherwise while it is read.

use super::{Problem, Shared};
use axum::{
    body::Body,
    extract::{Request, State},
    http::header::CONTENT_LENGTH,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::Error;
use http_body_util::Limited;

/// Refuses larger bodies.
pub async fn limit(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let limit = of(&state, request.uri().path());
    let announced: Option<usize> = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|text| text.parse().ok());
    if announced.is_some_and(|length| length > limit) {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        return Problem::from(Error::TooLarge { limit }).into_response();
    }
    next.run(request.map(|body| Body::new(Limited::new(body, limit)))).await
}

/// The limit for a path: a checklist may be a whole document.
pub fn of(state: &Shared, path: &str) -> usize {
    let imports = path.starts_with("/api/v1/import/") || path.starts_with("/fn/import/");
    if imports { state.limits.import } else { state.limits.body }
}
