//! Projects.

use super::schema;
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{
        answer,
        input::{Input, Query},
        listing::{Listing, PageQuery},
    },
};
use axum::{extract::State, response::Response};
use domain::project::{NewProject, ProjectFilter};
use services::projects;
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/projects…`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list, create))
}

/// List projects
#[utoipa::path(get, path = "/api/v1/projects", tag = "projects", operation_id = "list_projects", params(PageQuery))]
pub async fn list(
    State(state): State<Shared>,
    actor: SignedIn,
    listing: Listing,
    Query(filter): Query<ProjectFilter>,
) -> Result<Response, Problem> {
    if let Some(known) = listing.known() {
        return Ok(known);
    }
    listing.fresh(&projects::list(&state.services, &actor, filter, listing.page()).await?)
}

/// Create a project
#[utoipa::path(post, path = "/api/v1/projects", tag = "projects", operation_id = "create_project")]
pub async fn create(
    State(state): State<Shared>,
    actor: SignedIn,
    Input(new): Input<NewProject>,
) -> Result<Response, Problem> {
    let project = projects::create(&state.services, &actor, new).await?;
    Ok(answer::created(&project, project.version, &format!("/api/v1/projects/{}", project.id)))
}
