//! Projects.

use super::{address::ProjectAt, schema};
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{
        answer,
        input::{Input, Query},
        listing::{Listing, PageQuery},
        version::{IfMatch, VersionInput},
    },
};
use axum::{extract::State, response::Response};
use domain::project::{EditProject, NewProject, ProjectFilter};
use services::projects;
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/projects…`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, update, delete))
        .routes(routes!(view))
        .routes(routes!(archive))
        .routes(routes!(unarchive))
        .routes(routes!(restore))
}

/// Which projects.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what the domain's filter reads")]
struct ProjectQuery {
    /// Part of the name or key.
    search: Option<String>,
    /// Only with this status.
    #[param(value_type = Option<schema::ProjectStatus>)]
    status: Option<String>,
    /// `active` unless asked otherwise.
    #[param(value_type = Option<schema::Lifecycle>)]
    lifecycle: Option<String>,
}

/// List projects
///
/// Those that you may see, latest change first. `/api/projects` is the same list.
#[utoipa::path(
    get, path = "/api/v1/projects", tag = "projects", operation_id = "list_projects",
    params(ProjectQuery, PageQuery),
    responses((status = 200, body = schema::Paged<schema::Project>), (status = 304, description = "You have it already")),
)]
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
///
/// With you as its owner and first member. Without a key one is made from the name. `/api/projects` does the same, and both
/// take a form as well.
#[utoipa::path(
    post, path = "/api/v1/projects", tag = "projects", operation_id = "create_project",
    request_body(content((schema::NewProject = "application/json"), (schema::NewProject = "application/x-www-form-urlencoded"))),
    responses((status = 201, body = schema::Project)),
)]
pub async fn create(
    State(state): State<Shared>,
    actor: SignedIn,
    Input(new): Input<NewProject>,
) -> Result<Response, Problem> {
    let project = projects::create(&state.services, &actor, new).await?;
    Ok(answer::created(&project, project.version, &format!("/api/v1/projects/{}", project.id)))
}

/// Read a project
#[utoipa::path(
    get, path = "/api/v1/projects/{project}", tag = "projects", operation_id = "get_project",
    params(("project" = String, Path, description = "Id or key")),
    responses((status = 200, body = schema::Project)),
)]
pub async fn get(State(state): State<Shared>, actor: SignedIn, at: ProjectAt) -> Result<Response, Problem> {
    let project = at.find(&state, &actor).await?;
    Ok(answer::versioned(&project, project.version))
}

/// Read a project with what you may do in it
#[utoipa::path(
    get, path = "/api/v1/projects/{project}/view", tag = "projects", operation_id = "view_project",
    params(("project" = String, Path, description = "Id or key")),
    responses((status = 200, body = schema::ProjectView)),
)]
pub async fn view(State(state): State<Shared>, actor: SignedIn, at: ProjectAt) -> Result<Response, Problem> {
    let project = at.find(&state, &actor).await?;
    Ok(answer::whole(&projects::view(&state.services, &actor, &project.key).await?))
}

/// Change a project
///
/// What is left out stays; `null` clears a date or the owner.
#[utoipa::path(
    patch, path = "/api/v1/projects/{project}", tag = "projects", operation_id = "update_project",
    params(("project" = String, Path, description = "Id or key")),
    request_body = schema::EditProject,
    responses((status = 200, body = schema::Project)),
)]
pub async fn update(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    seen: IfMatch,
    Input(mut edit): Input<EditProject>,
) -> Result<Response, Problem> {
    edit.version = seen.or(edit.version)?;
    let id = at.id(&state, &actor).await?;
    let project = projects::update(&state.services, &actor, id, edit).await?;
    Ok(answer::versioned(&project, project.version))
}

/// Delete a project
///
/// It rests for 30 days, in which it can be restored.
#[utoipa::path(
    delete, path = "/api/v1/projects/{project}", tag = "projects", operation_id = "delete_project",
    params(("project" = String, Path, description = "Id or key")),
    request_body = Option<VersionInput>,
    responses((status = 200, body = schema::Project)),
)]
pub async fn delete(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    seen: IfMatch,
    Input(input): Input<VersionInput>,
) -> Result<Response, Problem> {
    let (version, id) = (seen.or(input.version)?, at.id(&state, &actor).await?);
    let project = projects::delete(&state.services, &actor, id, version).await?;
    Ok(answer::versioned(&project, project.version))
}

/// Archive a project
#[utoipa::path(
    post, path = "/api/v1/projects/{project}/archive", tag = "projects", operation_id = "archive_project",
    params(("project" = String, Path, description = "Id or key")),
    request_body = Option<VersionInput>,
    responses((status = 200, body = schema::Project)),
)]
pub async fn archive(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    seen: IfMatch,
    Input(input): Input<VersionInput>,
) -> Result<Response, Problem> {
    let (version, id) = (seen.or(input.version)?, at.id(&state, &actor).await?);
    let project = projects::archive(&state.services, &actor, id, version).await?;
    Ok(answer::versioned(&project, project.version))
}

/// Take a project out of the archive
#[utoipa::path(
    post, path = "/api/v1/projects/{project}/unarchive", tag = "projects", operation_id = "unarchive_project",
    params(("project" = String, Path, description = "Id or key")),
    request_body = Option<VersionInput>,
    responses((status = 200, body = schema::Project)),
)]
pub async fn unarchive(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    seen: IfMatch,
    Input(input): Input<VersionInput>,
) -> Result<Response, Problem> {
    let (version, id) = (seen.or(input.version)?, at.id(&state, &actor).await?);
    let project = projects::unarchive(&state.services, &actor, id, version).await?;
    Ok(answer::versioned(&project, project.version))
}

/// Bring a deleted project back
#[utoipa::path(
    post, path = "/api/v1/projects/{project}/restore", tag = "projects", operation_id = "restore_project",
    params(("project" = String, Path, description = "Id or key")),
    request_body = Option<VersionInput>,
    responses((status = 200, body = schema::Project)),
)]
pub async fn restore(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    seen: IfMatch,
    Input(input): Input<VersionInput>,
) -> Result<Response, Problem> {
    let (version, id) = (seen.or(input.version)?, at.id(&state, &actor).await?);
    let project = projects::restore(&state.services, &actor, id, version).await?;
    Ok(answer::versioned(&project, project.version))
}
