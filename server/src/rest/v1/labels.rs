//! Labels of a project's tasks.

use super::{
    address::{ProjectAt, project_id},
    schema,
};
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{
        answer,
        input::{Input, Path, Query},
        listing::{Listing, PageQuery},
        version::IfMatch,
    },
};
use axum::{extract::State, response::Response};
use domain::{
    ids::{LabelId, ProjectId},
    label::{EditLabel, NewLabel},
    page::Paged,
};
use serde::Deserialize;
use services::{Actor, labels};
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/labels`, `/api/v1/projects/{project}/labels`, `/api/v1/labels/{id}`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(list_of_project, create_in_project))
        .routes(routes!(get, update, delete))
}

/// A new label that says where.
#[derive(Deserialize)]
pub(super) struct PlacedLabel {
    project: String,
    #[serde(flatten)]
    label: NewLabel,
}

/// Whose labels.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct LabelQuery {
    /// Only of this project, by id or key.
    project: Option<String>,
}

/// List labels
///
/// Of every project that you may see, or of one, oldest first.
#[utoipa::path(
    get, path = "/api/v1/labels", tag = "labels", operation_id = "list_labels",
    params(LabelQuery, PageQuery),
    responses((status = 200, body = schema::Paged<schema::Label>), (status = 304, description = "You have it already")),
)]
async fn list(
    State(state): State<Shared>,
    actor: SignedIn,
    listing: Listing,
    Query(query): Query<LabelQuery>,
) -> Result<Response, Problem> {
    if let Some(known) = listing.known() {
        return Ok(known);
    }
    let project = match query.project.as_deref().filter(|text| !text.is_empty()) {
        Some(project) => Some(project_id(project, &state, &actor).await?),
        None => None,
    };
    listing.fresh(&labels::page(&state.services, &actor, project, listing.page()).await?)
}

/// Create a label
///
/// The body says in which project: `project`, its id or key.
#[utoipa::path(
    post, path = "/api/v1/labels", tag = "labels", operation_id = "create_label",
    request_body = schema::PlacedLabel,
    responses((status = 201, body = schema::Label)),
)]
async fn create(
    State(state): State<Shared>,
    actor: SignedIn,
    Input(new): Input<PlacedLabel>,
) -> Result<Response, Problem> {
    let project = project_id(&new.project, &state, &actor).await?;
    create_there(&state, &actor, project, new.label).await
}

/// List the labels of a project, by name
#[utoipa::path(
    get, path = "/api/v1/projects/{project}/labels", tag = "labels", operation_id = "list_project_labels",
    params(("project" = String, Path, description = "Id or key")),
    responses((status = 200, body = schema::Paged<schema::Label>)),
)]
async fn list_of_project(
    State(state): State<Shared>,
    actor: SignedIn,
    listing: Listing,
    at: ProjectAt,
) -> Result<Response, Problem> {
    if let Some(known) = listing.known() {
        return Ok(known);
    }
    let id = at.id(&state, &actor).await?;
    let items = labels::list(&state.services, &actor, id).await?;
    listing.fresh(&Paged { items, next: None })
}

/// Create a label in a project
#[utoipa::path(
    post, path = "/api/v1/projects/{project}/labels", tag = "labels", operation_id = "create_project_label",
    params(("project" = String, Path, description = "Id or key")),
    request_body = schema::NewLabel,
    responses((status = 201, body = schema::Label)),
)]
async fn create_in_project(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    Input(new): Input<NewLabel>,
) -> Result<Response, Problem> {
    let project = at.id(&state, &actor).await?;
    create_there(&state, &actor, project, new).await
}

async fn create_there(
    state: &Shared,
    actor: &Actor,
    project: ProjectId,
    new: NewLabel,
) -> Result<Response, Problem> {
    let label = labels::create(&state.services, actor, project, new).await?;
    Ok(answer::created(&label, label.version, &format!("/api/v1/labels/{}", label.id)))
}

/// Read a label
#[utoipa::path(
    get, path = "/api/v1/labels/{label}", tag = "labels", operation_id = "get_label",
    params(("label" = uuid::Uuid, Path)),
    responses((status = 200, body = schema::Label)),
)]
async fn get(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<LabelId>,
) -> Result<Response, Problem> {
    let label = labels::find(&state.services, &actor, id).await?;
    Ok(answer::versioned(&label, label.version))
}

/// Change a label
#[utoipa::path(
    patch, path = "/api/v1/labels/{label}", tag = "labels", operation_id = "update_label",
    params(("label" = uuid::Uuid, Path)),
    request_body = schema::EditLabel,
    responses((status = 200, body = schema::Label)),
)]
async fn update(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<LabelId>,
    seen: IfMatch,
    Input(mut edit): Input<EditLabel>,
) -> Result<Response, Problem> {
    edit.version = seen.or(edit.version)?;
    let label = labels::update(&state.services, &actor, id, edit).await?;
    Ok(answer::versioned(&label, label.version))
}

/// Delete a label
///
/// It goes from the tasks that have it.
#[utoipa::path(
    delete, path = "/api/v1/labels/{label}", tag = "labels", operation_id = "delete_label",
    params(("label" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
async fn delete(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<LabelId>,
) -> Result<Response, Problem> {
    labels::delete(&state.services, &actor, id).await?;
    Ok(answer::done())
}
