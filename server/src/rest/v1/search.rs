//! Quick search.

use super::schema;
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{answer, input::Query},
};
use axum::{extract::State, response::Response};
use domain::{project::ProjectRef, search::TaskHit, task::TaskRef};
use serde::{Deserialize, Serialize};
use services::search;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Tasks found unless asked otherwise, and at the most.
const USUAL: i64 = 20;
const MOST: i64 = 50;

/// `/api/v1/search`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(find))
}

/// Something that was found.
#[derive(Serialize)]
struct SearchHit {
    kind: &'static str,
    task: Option<TaskRef>,
    project: ProjectRef,
}

/// What to look for.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// A key, or words.
    #[serde(default)]
    q: String,
    /// Tasks and projects at the most, each 1 to 50; 20 unless asked otherwise.
    #[param(minimum = 1, maximum = 50)]
    limit: Option<i64>,
}

/// Search tasks and projects
///
/// An exact key comes first, then other tasks, best first, then projects.
#[utoipa::path(
    get, path = "/api/v1/search", tag = "search", operation_id = "search",
    params(SearchQuery),
    responses((status = 200, body = schema::Paged<schema::SearchHit>)),
)]
async fn find(
    State(state): State<Shared>,
    actor: SignedIn,
    Query(query): Query<SearchQuery>,
) -> Result<Response, Problem> {
    let limit = query.limit.unwrap_or(USUAL).clamp(1, MOST);
    let found = search::quick(&state.services, &actor, &query.q, limit).await?;
    let tasks = found.tasks.into_iter().map(|TaskHit { task, project }| SearchHit {
        kind: "task",
        task: Some(task),
        project,
    });
    let projects =
        found.projects.into_iter().map(|project| SearchHit { kind: "project", task: None, project });
    Ok(answer::items(tasks.chain(projects).collect()))
}
