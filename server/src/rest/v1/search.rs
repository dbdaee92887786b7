//! Quick search.

use super::schema;
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{answer, input::Query},
};
use axum::{extract::State, response::Response};
use serde::Deserialize;
use services::search;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Tasks found unless asked otherwise, and at the most.
const USUAL: i64 = 20;
const MOST: i64 = 50;

/// `/api/v1/search`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(find))
}

/// What to look for.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// A key, or words.
    #[serde(default)]
    q: String,
    /// Tasks at the most, 1 to 50; 20 unless asked otherwise.
    #[param(minimum = 1, maximum = 50)]
    limit: Option<i64>,
}

/// Search tasks and projects
///
/// An exact key comes first.
#[utoipa::path(
    get, path = "/api/v1/search", tag = "search", operation_id = "search",
    params(SearchQuery),
    responses((status = 200, body = schema::SearchResults)),
)]
async fn find(
    State(state): State<Shared>,
    actor: SignedIn,
    Query(query): Query<SearchQuery>,
) -> Result<Response, Problem> {
    let limit = query.limit.unwrap_or(USUAL).clamp(1, MOST);
    Ok(answer::whole(&search::quick(&state.services, &actor, &query.q, limit).await?))
}
