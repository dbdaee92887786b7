//! One's own work.

use super::schema;
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::answer,
};
use axum::{extract::State, response::Response};
use services::home;
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/home`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(get))
}

/// What is on your plate
///
/// Your open tasks, how many of them are due, and the projects that you belong to.
#[utoipa::path(
    get, path = "/api/v1/home", tag = "home", operation_id = "home",
    responses((status = 200, body = schema::Home)),
)]
async fn get(State(state): State<Shared>, actor: SignedIn) -> Result<Response, Problem> {
    Ok(answer::whole(&home::home(&state.services, &actor).await?))
}
