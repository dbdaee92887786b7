//! Who is in a project, and with which role.

use super::{address::ProjectAt, schema};
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{
        answer,
        input::{Input, Path},
        listing::Listing,
    },
};
use axum::{extract::State, response::Response};
use domain::{
    ids::{RoleId, TeamId, UserId},
    page::Paged,
    project::{ProjectMember, ProjectTeam},
};
use serde::{Deserialize, Serialize};
use services::project_members;
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/projects/{project}/members…`, `…/teams…`, `…/people`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list, add_user))
        .routes(routes!(set_user_role, remove_user))
        .routes(routes!(add_team))
        .routes(routes!(set_team_role, remove_team))
        .routes(routes!(people))
}

#[derive(Serialize)]
struct ProjectPeople {
    members: Vec<ProjectMember>,
    teams: Vec<ProjectTeam>,
}

#[derive(Deserialize)]
struct UserAt {
    user: UserId,
}

#[derive(Deserialize)]
struct TeamAt {
    team: TeamId,
}

#[derive(Deserialize)]
pub(super) struct NewMember {
    user_id: UserId,
    role_id: RoleId,
}

#[derive(Deserialize)]
pub(super) struct NewProjectTeam {
    team_id: TeamId,
    role_id: RoleId,
}

#[derive(Deserialize)]
pub(super) struct ChangeRole {
    role_id: RoleId,
}

/// List the members and teams of a project
#[utoipa::path(
    get, path = "/api/v1/projects/{project}/members", tag = "members", operation_id = "list_members",
    params(("project" = String, Path, description = "Id or key")),
    responses((status = 200, body = schema::ProjectPeople)),
)]
async fn list(State(state): State<Shared>, actor: SignedIn, at: ProjectAt) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    let (members, teams) = project_members::list(&state.services, &actor, id).await?;
    Ok(answer::whole(&ProjectPeople { members, teams }))
}

/// List the people who may be assigned to a project's tasks
#[utoipa::path(
    get, path = "/api/v1/projects/{project}/people", tag = "members", operation_id = "list_assignable_people",
    params(("project" = String, Path, description = "Id or key")),
    responses((status = 200, body = schema::Paged<schema::UserRef>)),
)]
async fn people(
    State(state): State<Shared>,
    actor: SignedIn,
    listing: Listing,
    at: ProjectAt,
) -> Result<Response, Problem> {
    if let Some(known) = listing.known() {
        return Ok(known);
    }
    let id = at.id(&state, &actor).await?;
    let items = project_members::people(&state.services, &actor, id).await?;
    listing.fresh(&Paged { items, next: None })
}

/// Add someone to a project
#[utoipa::path(
    post, path = "/api/v1/projects/{project}/members", tag = "members", operation_id = "add_member",
    params(("project" = String, Path, description = "Id or key")),
    request_body = schema::NewMember,
    responses((status = 204)),
)]
async fn add_user(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    Input(new): Input<NewMember>,
) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    project_members::add_user(&state.services, &actor, id, new.user_id, new.role_id).await?;
    Ok(answer::done())
}

/// Change someone's role in a project
#[utoipa::path(
    patch, path = "/api/v1/projects/{project}/members/{user}", tag = "members", operation_id = "set_member_role",
    params(("project" = String, Path, description = "Id or key"), ("user" = uuid::Uuid, Path)),
    request_body = schema::ChangeRole,
    responses((status = 204)),
)]
async fn set_user_role(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    Path(UserAt { user }): Path<UserAt>,
    Input(change): Input<ChangeRole>,
) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    project_members::set_user_role(&state.services, &actor, id, user, change.role_id).await?;
    Ok(answer::done())
}

/// Remove someone from a project
///
/// They are taken off the project's open tasks.
#[utoipa::path(
    delete, path = "/api/v1/projects/{project}/members/{user}", tag = "members", operation_id = "remove_member",
    params(("project" = String, Path, description = "Id or key"), ("user" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
async fn remove_user(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    Path(UserAt { user }): Path<UserAt>,
) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    project_members::remove_user(&state.services, &actor, id, user).await?;
    Ok(answer::done())
}

/// Add a team to a project
#[utoipa::path(
    post, path = "/api/v1/projects/{project}/teams", tag = "members", operation_id = "add_project_team",
    params(("project" = String, Path, description = "Id or key")),
    request_body = schema::NewProjectTeam,
    responses((status = 204)),
)]
async fn add_team(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    Input(new): Input<NewProjectTeam>,
) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    project_members::add_team(&state.services, &actor, id, new.team_id, new.role_id).await?;
    Ok(answer::done())
}

/// Change a team's role in a project
#[utoipa::path(
    patch, path = "/api/v1/projects/{project}/teams/{team}", tag = "members", operation_id = "set_project_team_role",
    params(("project" = String, Path, description = "Id or key"), ("team" = uuid::Uuid, Path)),
    request_body = schema::ChangeRole,
    responses((status = 204)),
)]
async fn set_team_role(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    Path(TeamAt { team }): Path<TeamAt>,
    Input(change): Input<ChangeRole>,
) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    project_members::set_team_role(&state.services, &actor, id, team, change.role_id).await?;
    Ok(answer::done())
}

/// Remove a team from a project
#[utoipa::path(
    delete, path = "/api/v1/projects/{project}/teams/{team}", tag = "members", operation_id = "remove_project_team",
    params(("project" = String, Path, description = "Id or key"), ("team" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
async fn remove_team(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    Path(TeamAt { team }): Path<TeamAt>,
) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    project_members::remove_team(&state.services, &actor, id, team).await?;
    Ok(answer::done())
}
