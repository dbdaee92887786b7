//! What the API is: the OpenAPI document, and a page to read it.

mod common;
mod introduction;
mod page;

use super::described;
use crate::http::{csp, health};
use axum::{
    http::{HeaderValue, header},
    response::{Html, IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::Value;
use std::sync::LazyLock;
use utoipa::OpenApi as _;

pub use introduction::introduction;

static DOCUMENT: LazyLock<Value> = LazyLock::new(document);
static JSON: LazyLock<String> =
    LazyLock::new(|| serde_json::to_string_pretty(&*DOCUMENT).expect("the document is plain data"));
static WHOLE_PAGE: LazyLock<String> = LazyLock::new(|| page::render(&DOCUMENT, ""));

/// Health is answered before people are known, so its route stands elsewhere.
#[derive(utoipa::OpenApi)]
#[openapi(paths(health::health))]
struct Health;

/// The document as JSON.
pub fn openapi_json() -> &'static str {
    &JSON
}

fn document() -> Value {
    let mut api = described().into_openapi();
    api.merge(Health::openapi());
    let mut document = serde_json::to_value(api).expect("the document is plain data");
    common::complete(&mut document);
    document
}

/// `GET /api/openapi.json`
pub async fn json() -> Response {
    let mut response = JSON.as_str().into_response();
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    public(response)
}

/// What to look for.
#[derive(Deserialize)]
pub struct Search {
    #[serde(default)]
    q: String,
}

/// `GET /api/docs`
pub async fn page(super::input::Query(search): super::input::Query<Search>) -> Response {
    let words = search.q.trim();
    let response = if words.is_empty() {
        Html(WHOLE_PAGE.as_str()).into_response()
    } else {
        Html(page::render(&DOCUMENT, words)).into_response()
    };
    let mut response = public(response);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, csp::SCRIPTLESS);
    response
}

/// `GET /api/docs.css`
pub async fn style() -> Response {
    let mut response = include_str!("page.css").into_response();
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    public(response)
}

/// The same for everyone, until PMS is updated.
fn public(mut response: Response) -> Response {
    let hour = HeaderValue::from_static("public, max-age=3600");
    response.headers_mut().insert(header::CACHE_CONTROL, hour);
    response
}
