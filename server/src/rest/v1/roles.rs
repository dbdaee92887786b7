//! Roles.

use super::schema;
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
    ids::RoleId,
    page::Paged,
    role::{EditRole, NewRole},
};
use services::roles;
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/roles…`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(get, update, delete))
}

/// List roles with what they allow
#[utoipa::path(
    get, path = "/api/v1/roles", tag = "roles", operation_id = "list_roles",
    responses((status = 200, body = schema::Paged<schema::Role>), (status = 304, description = "You have it already")),
)]
async fn list(State(state): State<Shared>, actor: SignedIn, listing: Listing) -> Result<Response, Problem> {
    if let Some(known) = listing.known() {
        return Ok(known);
    }
    let items = roles::list(&state.services, &actor).await?;
    listing.fresh(&Paged { items, next: None })
}

/// Create a role
#[utoipa::path(
    post, path = "/api/v1/roles", tag = "roles", operation_id = "create_role",
    request_body = schema::NewRole,
    responses((status = 201, body = schema::Role)),
)]
async fn create(
    State(state): State<Shared>,
    actor: SignedIn,
    Input(new): Input<NewRole>,
) -> Result<Response, Problem> {
    let role = roles::create(&state.services, &actor, new).await?;
    Ok(answer::created(&role, role.version, &format!("/api/v1/roles/{}", role.id)))
}

/// Read a role
#[utoipa::path(
    get, path = "/api/v1/roles/{role}", tag = "roles", operation_id = "get_role",
    params(("role" = uuid::Uuid, Path)),
    responses((status = 200, body = schema::Role)),
)]
async fn get(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<RoleId>,
) -> Result<Response, Problem> {
    let role = roles::find(&state.services, &actor, id).await?;
    Ok(answer::versioned(&role, role.version))
}

/// Change a role
///
/// It counts from everyone's next request on.
#[utoipa::path(
    patch, path = "/api/v1/roles/{role}", tag = "roles", operation_id = "update_role",
    params(("role" = uuid::Uuid, Path)),
    request_body = schema::EditRole,
    responses((status = 200, body = schema::Role)),
)]
async fn update(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<RoleId>,
    seen: IfMatch,
    Input(mut edit): Input<EditRole>,
) -> Result<Response, Problem> {
    edit.version = seen.or(edit.version)?;
    let role = roles::update(&state.services, &actor, id, edit).await?;
    Ok(answer::versioned(&role, role.version))
}

/// Delete a role that nobody has
#[utoipa::path(
    delete, path = "/api/v1/roles/{role}", tag = "roles", operation_id = "delete_role",
    params(("role" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
async fn delete(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<RoleId>,
) -> Result<Response, Problem> {
    roles::delete(&state.services, &actor, id).await?;
    Ok(answer::done())
}
