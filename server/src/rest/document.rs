//! What the API is: the OpenAPI document, and a page to read it.

use super::described;
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use std::sync::LazyLock;
use utoipa::openapi::{Info, OpenApi, OpenApiBuilder};

static JSON: LazyLock<String> = LazyLock::new(|| {
    let mut json = document().to_pretty_json().expect("the document is plain data");
    json.push('\n');
    json
});

/// The document as JSON.
pub fn openapi_json() -> &'static str {
    JSON.trim_end()
}

/// The document.
pub fn document() -> OpenApi {
    described().into_openapi()
}

/// The document without paths.
pub fn introduction() -> OpenApi {
    let info = Info::new("PMS", env!("CARGO_PKG_VERSION"));
    OpenApiBuilder::new().info(info).build()
}

/// `GET /api/openapi.json`
pub async fn json() -> Response {
    let mut response = JSON.as_str().into_response();
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// `GET /api/docs`
pub async fn page() -> Response {
    "".into_response()
}
