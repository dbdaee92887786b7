//! The REST API. A handler turns its input into one call of a service and the result into JSON; what each one takes and
//! gives is described beside it, and all of that together is the document at `/api/openapi.json`.

pub mod answer;
pub mod auth;
pub mod document;
pub mod idempotency;
pub mod input;
pub mod list_cache;
pub mod listing;
pub mod v1;
pub mod version;

pub use document::openapi_json;

use crate::http::{Problem, Shared};
use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    routing::{any, get},
};
use utoipa_axum::router::OpenApiRouter;

/// Everything under `/api` but health.
pub fn routes(state: &Shared) -> Router {
    let (routes, _) = described().split_for_parts();
    routes
        // Short names of two lists, for scripts.
        .route("/api/projects", get(v1::projects::list).post(v1::projects::create))
        .route("/api/openapi.json", get(document::json))
        .route("/api/docs", get(document::page))
        .route("/api/docs.css", get(document::style))
        .route("/api/{*rest}", any(async || Problem::no_such_address()))
        .layer(from_fn_with_state(state.clone(), idempotency::once))
        .layer(from_fn(answer::private))
        .with_state(state.clone())
}

/// The handlers with their descriptions.
fn described() -> OpenApiRouter<Shared> {
    OpenApiRouter::with_openapi(document::introduction()).merge(auth::routes()).merge(v1::routes())
}
