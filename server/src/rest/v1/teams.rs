//! Teams.

use super::schema;
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{
        answer,
        input::{Input, Path},
        listing::{Listing, PageQuery},
        version::IfMatch,
    },
};
use axum::{extract::State, response::Response};
use domain::{
    ids::{TeamId, UserId},
    page::Paged,
    team::{EditTeam, NewTeam, Team},
};
use serde::Deserialize;
use services::teams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/teams…`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(get, update, delete))
        .routes(routes!(members, set_members))
        .routes(routes!(add_member, remove_member))
}

#[derive(Deserialize)]
pub(super) struct TeamPeople {
    user_ids: Vec<UserId>,
}

/// List teams
#[utoipa::path(
    get, path = "/api/v1/teams", tag = "teams", operation_id = "list_teams",
    params(PageQuery),
    responses((status = 200, body = schema::Paged<schema::Team>), (status = 304, description = "You have it already")),
)]
async fn list(State(state): State<Shared>, actor: SignedIn, listing: Listing) -> Result<Response, Problem> {
    if let Some(known) = listing.known() {
        return Ok(known);
    }
    listing.fresh(&teams::list(&state.services, &actor, listing.page()).await?)
}

/// Create a team
#[utoipa::path(
    post, path = "/api/v1/teams", tag = "teams", operation_id = "create_team",
    request_body = schema::NewTeam,
    responses((status = 201, body = schema::Team)),
)]
async fn create(
    State(state): State<Shared>,
    actor: SignedIn,
    Input(new): Input<NewTeam>,
) -> Result<Response, Problem> {
    let team = teams::create(&state.services, &actor, new).await?;
    Ok(answer::created(&team, team.version, &format!("/api/v1/teams/{}", team.id)))
}

/// Read a team
#[utoipa::path(
    get, path = "/api/v1/teams/{team}", tag = "teams", operation_id = "get_team",
    params(("team" = uuid::Uuid, Path)),
    responses((status = 200, body = schema::Team)),
)]
async fn get(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<TeamId>,
) -> Result<Response, Problem> {
    Ok(versioned(&teams::find(&state.services, &actor, id).await?))
}

/// Change a team
#[utoipa::path(
    patch, path = "/api/v1/teams/{team}", tag = "teams", operation_id = "update_team",
    params(("team" = uuid::Uuid, Path)),
    request_body = schema::EditTeam,
    responses((status = 200, body = schema::Team)),
)]
async fn update(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<TeamId>,
    seen: IfMatch,
    Input(mut edit): Input<EditTeam>,
) -> Result<Response, Problem> {
    edit.version = seen.or(edit.version)?;
    Ok(versioned(&teams::update(&state.services, &actor, id, edit).await?))
}

/// Delete a team
///
/// Its people lose what they could do by it.
#[utoipa::path(
    delete, path = "/api/v1/teams/{team}", tag = "teams", operation_id = "delete_team",
    params(("team" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
async fn delete(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<TeamId>,
) -> Result<Response, Problem> {
    teams::delete(&state.services, &actor, id).await?;
    Ok(answer::done())
}

/// List the people of a team
#[utoipa::path(
    get, path = "/api/v1/teams/{team}/members", tag = "teams", operation_id = "list_team_members",
    params(("team" = uuid::Uuid, Path)),
    responses((status = 200, body = schema::Paged<schema::UserRef>), (status = 304, description = "You have it already")),
)]
async fn members(
    State(state): State<Shared>,
    actor: SignedIn,
    listing: Listing,
    Path(id): Path<TeamId>,
) -> Result<Response, Problem> {
    if let Some(known) = listing.known() {
        return Ok(known);
    }
    let items = teams::members(&state.services, &actor, id).await?;
    listing.fresh(&Paged { items, next: None })
}

/// Say who all is in a team
#[utoipa::path(
    put, path = "/api/v1/teams/{team}/members", tag = "teams", operation_id = "set_team_members",
    params(("team" = uuid::Uuid, Path)),
    request_body = schema::TeamPeople,
    responses((status = 200, body = schema::Team)),
)]
async fn set_members(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<TeamId>,
    Input(people): Input<TeamPeople>,
) -> Result<Response, Problem> {
    Ok(versioned(&teams::set_members(&state.services, &actor, id, people.user_ids).await?))
}

/// Add someone to a team
#[utoipa::path(
    put, path = "/api/v1/teams/{team}/members/{user}", tag = "teams", operation_id = "add_team_member",
    params(("team" = uuid::Uuid, Path), ("user" = uuid::Uuid, Path)),
    responses((status = 200, body = schema::Team)),
)]
async fn add_member(
    State(state): State<Shared>,
    actor: SignedIn,
    Path((id, user)): Path<(TeamId, UserId)>,
) -> Result<Response, Problem> {
    Ok(versioned(&teams::add_member(&state.services, &actor, id, user).await?))
}

/// Remove someone from a team
#[utoipa::path(
    delete, path = "/api/v1/teams/{team}/members/{user}", tag = "teams", operation_id = "remove_team_member",
    params(("team" = uuid::Uuid, Path), ("user" = uuid::Uuid, Path)),
    responses((status = 200, body = schema::Team)),
)]
async fn remove_member(
    State(state): State<Shared>,
    actor: SignedIn,
    Path((id, user)): Path<(TeamId, UserId)>,
) -> Result<Response, Problem> {
    Ok(versioned(&teams::remove_member(&state.services, &actor, id, user).await?))
}

fn versioned(team: &Team) -> Response {
    answer::versioned(team, team.version)
}
