//! Labels of a project's tasks.

use super::{address::ProjectAt, schema};
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{
        answer,
        input::{Input, Path},
        listing::Listing,
        version::IfMatch,
    },
};
use axum::{extract::State, response::Response};
use domain::{
    ids::LabelId,
    label::{EditLabel, NewLabel},
    page::Paged,
};
use services::labels;
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/projects/{project}/labels`, `/api/v1/labels/{id}`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(update, delete))
}

/// List the labels of a project
#[utoipa::path(
    get, path = "/api/v1/projects/{project}/labels", tag = "labels", operation_id = "list_labels",
    params(("project" = String, Path, description = "Id or key")),
    responses((status = 200, body = schema::Paged<schema::Label>)),
)]
async fn list(
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

/// Create a label
#[utoipa::path(
    post, path = "/api/v1/projects/{project}/labels", tag = "labels", operation_id = "create_label",
    params(("project" = String, Path, description = "Id or key")),
    request_body = schema::NewLabel,
    responses((status = 201, body = schema::Label)),
)]
async fn create(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    Input(new): Input<NewLabel>,
) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    let label = labels::create(&state.services, &actor, id, new).await?;
    Ok(answer::created(&label, label.version, &format!("/api/v1/labels/{}", label.id)))
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
