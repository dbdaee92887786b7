//! One's own sessions.

use super::schema;
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{answer, input::Path},
};
use axum::{extract::State, response::Response};
use domain::ids::SessionId;
use services::sessions;
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/sessions…`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list, revoke_others)).routes(routes!(revoke))
}

/// List your sessions
#[utoipa::path(
    get, path = "/api/v1/sessions", tag = "account", operation_id = "list_sessions",
    responses((status = 200, body = schema::Paged<schema::Session>)),
)]
async fn list(State(state): State<Shared>, actor: SignedIn) -> Result<Response, Problem> {
    Ok(answer::items(sessions::list(&state.services, &actor).await?))
}

/// End all your other sessions
#[utoipa::path(
    delete, path = "/api/v1/sessions", tag = "account", operation_id = "revoke_other_sessions",
    responses((status = 204)),
)]
async fn revoke_others(State(state): State<Shared>, actor: SignedIn) -> Result<Response, Problem> {
    sessions::revoke_others(&state.services, &actor).await?;
    Ok(answer::done())
}

/// End one of your sessions
#[utoipa::path(
    delete, path = "/api/v1/sessions/{session}", tag = "account", operation_id = "revoke_session",
    params(("session" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
async fn revoke(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<SessionId>,
) -> Result<Response, Problem> {
    sessions::revoke(&state.services, &actor, id).await?;
    Ok(answer::done())
}
