//! Pages of other sites that the operator named may call `/api/v1` with a token. Their cookies are taken off before anybody
//! looks at them, so such a page can do nothing that a program with that token could not.

use super::{Shared, csrf, rate_limit};
use axum::{
    Router,
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method,
        header::{
            ACCEPT, AUTHORIZATION, CONTENT_TYPE, COOKIE, ETAG, IF_MATCH, IF_NONE_MATCH, LOCATION, ORIGIN,
            RETRY_AFTER,
        },
        request::Parts,
    },
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use std::{sync::Arc, time::Duration};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// How long a browser need not ask again whether it may.
const MAX_AGE: Duration = Duration::from_mins(10);

/// A request of another site's page that may call the API. Its cookies are gone.
#[derive(Clone, Copy)]
pub struct Invited;

/// Lets the named sites in, if there are any.
pub fn allow(router: Router, state: &Shared) -> Router {
    if state.cors_origins.is_empty() {
        return router;
    }
    router.layer(from_fn_with_state(state.clone(), take_cookies)).layer(answer(state))
}

fn answer(state: &Shared) -> CorsLayer {
    let origins = Arc::new(state.cors_origins.clone());
    let named = move |origin: &HeaderValue, parts: &Parts| {
        is_open(parts.uri.path()) && origins.contain(origin.as_bytes())
    };
    let id = HeaderName::from_static("x-request-id");
    let key = HeaderName::from_static("idempotency-key");
    let replayed = HeaderName::from_static("idempotent-replayed");
    let last = HeaderName::from_static("last-event-id");
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(named))
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([ACCEPT, AUTHORIZATION, CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH, key, last])
        .expose_headers([
            ETAG,
            LOCATION,
            RETRY_AFTER,
            rate_limit::LIMIT,
            rate_limit::REMAINING,
            rate_limit::RESET,
            id,
            replayed,
        ])
        .max_age(MAX_AGE)
}

async fn take_cookies(State(state): State<Shared>, mut request: Request, next: Next) -> Response {
    if is_invited(&state, request.uri().path(), request.headers()) {
        request.headers_mut().remove(COOKIE);
        request.extensions_mut().insert(Invited);
    }
    next.run(request).await
}

/// Pages of PMS itself stay what they are, whatever the operator names.
fn is_invited(state: &Shared, path: &str, headers: &HeaderMap) -> bool {
    let is_named = headers.get(ORIGIN).is_some_and(|origin| state.cors_origins.contain(origin.as_bytes()));
    is_named && is_open(path) && !csrf::is_ours(headers, state.origin.as_deref())
}

fn is_open(path: &str) -> bool {
    path.starts_with("/api/v1/")
}
