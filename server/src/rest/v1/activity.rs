//! The history.

use super::{
    address::{project_id, task_id},
    schema,
};
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{
        input::Query,
        listing::{Listing, PageQuery},
    },
};
use axum::{extract::State, response::Response};
use domain::{activity::ActivityFilter, ids::UserId};
use serde::Deserialize;
use services::activity;
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/activity`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list))
}

/// Whose history.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ActivityQuery {
    /// Only of this project, by id or key.
    project: Option<String>,
    /// Only of this task, by id or key.
    task: Option<String>,
    /// Only by this person.
    #[param(value_type = Option<uuid::Uuid>)]
    actor: Option<UserId>,
}

/// List what was changed, latest first
#[utoipa::path(
    get, path = "/api/v1/activity", tag = "activity", operation_id = "list_activity",
    params(ActivityQuery, PageQuery),
    responses((status = 200, body = schema::Paged<schema::Activity>), (status = 304, description = "You have it already")),
)]
async fn list(
    State(state): State<Shared>,
    actor: SignedIn,
    listing: Listing,
    Query(query): Query<ActivityQuery>,
) -> Result<Response, Problem> {
    if let Some(known) = listing.known() {
        return Ok(known);
    }
    let mut filter = ActivityFilter { actor_id: query.actor, ..ActivityFilter::default() };
    if let Some(project) = &query.project {
        filter.project_id = Some(project_id(project, &state, &actor).await?);
    }
    if let Some(task) = &query.task {
        filter.task_id = Some(task_id(task, &state, &actor).await?);
    }
    listing.fresh(&activity::list(&state.services, &actor, filter, listing.page()).await?)
}
