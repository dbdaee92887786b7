//! What browsers are told to refuse, whatever slips into a page.

use super::Shared;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// For everything that is not a page: nothing at all may run or load, should a browser show it.
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox");
const REFERRER: HeaderValue = HeaderValue::from_static("same-origin");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), usb=(), browsing-topics=()",
);
const OPENER: HeaderValue = HeaderValue::from_static("same-origin");
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// The policy of a page: scripts only from us or with this answer's nonce. `'wasm-unsafe-eval'` lets the page's own module
/// be compiled; older iOS knows it under no other name.
pub fn of_page(nonce: &str) -> Option<HeaderValue> {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).ok()
}

/// The policy of a page without script, whose style is ours.
pub const SCRIPTLESS: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// Puts the headers on every answer; a policy that is there already stays.
pub async fn headers(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    add(headers, header::CONTENT_SECURITY_POLICY, NOTHING);
    add(headers, header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    add(headers, header::REFERRER_POLICY, REFERRER);
    add(headers, HeaderName::from_static("permissions-policy"), PERMISSIONS);
    add(headers, HeaderName::from_static("cross-origin-opener-policy"), OPENER);
    if state.https {
        add(headers, header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}

fn add(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}
