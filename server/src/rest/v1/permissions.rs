//! Permissions: what there is, and why somebody may or may not.

use super::{address::project_id, schema};
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{answer, input::Query},
};
use axum::{extract::State, response::Response};
use domain::{
    Error,
    ids::UserId,
    permission::{Permission, Scope},
};
use serde::{Deserialize, Serialize};
use services::{Place, why};
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/permissions…`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(explain))
}

#[derive(Serialize)]
struct PermissionInfo {
    permission: Permission,
    label: &'static str,
    scope: Scope,
    area: &'static str,
}

/// Who, what, where.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct WhyQuery {
    /// Who; you unless asked otherwise.
    #[param(value_type = Option<uuid::Uuid>)]
    user: Option<UserId>,
    /// May do what.
    #[param(value_type = schema::Permission)]
    permission: Permission,
    /// In which project, by id or key; the workspace unless asked otherwise.
    project: Option<String>,
}

/// List every permission that a role can allow
#[utoipa::path(
    get, path = "/api/v1/permissions", tag = "roles", operation_id = "list_permissions",
    responses((status = 200, body = schema::Paged<schema::PermissionInfo>)),
)]
async fn list(_actor: SignedIn) -> Response {
    let info = |permission: &Permission| PermissionInfo {
        permission: *permission,
        label: permission.label(),
        scope: permission.scope(),
        area: permission.area(),
    };
    answer::items(Permission::ALL.iter().map(info).collect())
}

/// Ask why somebody may, or may not
#[utoipa::path(
    get, path = "/api/v1/permissions/why", tag = "roles", operation_id = "explain_permission",
    params(WhyQuery),
    responses((status = 200, body = schema::Why)),
)]
async fn explain(
    State(state): State<Shared>,
    actor: SignedIn,
    Query(query): Query<WhyQuery>,
) -> Result<Response, Problem> {
    let user = query.user.or(actor.user_id).ok_or(Error::Unauthenticated)?;
    let place = match &query.project {
        Some(project) => Place::Project(project_id(project, &state, &actor).await?),
        None => Place::Workspace,
    };
    Ok(answer::whole(&why::why(&state.services, &actor, user, query.permission, place).await?))
}
