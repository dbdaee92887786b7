//! Urgent projects: raising, acknowledging, resolving, and what came of it.

use super::{
    address::{ProjectAt, project_id},
    schema,
};
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{
        answer,
        input::{Input, Path, Query},
        listing::PageQuery,
    },
};
use axum::{extract::State, response::Response};
use domain::{
    Timestamp,
    ids::{AlertId, EpisodeId},
    urgent::{Acknowledge, NewEpisode},
};
use serde::{Deserialize, Serialize};
use services::urgent;
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/projects/{project}/urgent…`, `/api/v1/episodes…`, `/api/v1/me/alerts`, `/api/v1/alerts/{alert}/acknowledge`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(current, raise))
        .routes(routes!(reach))
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(alerts))
        .routes(routes!(report))
        .routes(routes!(resolve))
        .routes(routes!(suspend))
        .routes(routes!(resume))
        .routes(routes!(own))
        .routes(routes!(acknowledge))
}

/// How a project stands.
#[derive(Serialize)]
struct Current<T> {
    urgent: bool,
    episode: Option<T>,
}

/// Why an episode is over.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Resolve {
    note: String,
}

/// Until when an episode is silent, and why.
#[derive(Deserialize)]
pub(super) struct Suspend {
    until: Timestamp,
    reason: String,
}

/// Which episodes.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct EpisodeQuery {
    /// Only of this project, by id or key.
    project: Option<String>,
    /// Only those that go on (`true`) or are over (`false`).
    open: Option<bool>,
}

/// See whether a project is urgent
#[utoipa::path(
    get, path = "/api/v1/projects/{project}/urgent", tag = "urgent", operation_id = "get_urgent",
    params(("project" = String, Path, description = "Id or key")),
    responses((status = 200, body = schema::CurrentEpisode)),
)]
async fn current(State(state): State<Shared>, actor: SignedIn, at: ProjectAt) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    let episode = urgent::current(&state.services, &actor, id).await?;
    Ok(answer::whole(&Current { urgent: episode.is_some(), episode }))
}

/// Raise a project to urgent
///
/// Everyone in it is alerted until they acknowledge; nobody can turn that off. At most three times an hour for each
/// project. While it is urgent already, the answer is 409 `conflict` with the episode that goes on as `current`.
#[utoipa::path(
    post, path = "/api/v1/projects/{project}/urgent", tag = "urgent", operation_id = "raise_project",
    params(("project" = String, Path, description = "Id or key")),
    request_body = schema::NewEpisode,
    responses((status = 201, body = schema::Episode)),
)]
async fn raise(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    Input(new): Input<NewEpisode>,
) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    let episode = urgent::raise(&state.services, &actor, id, new).await?;
    Ok(answer::created(&episode, episode.version, &format!("/api/v1/episodes/{}", episode.id)))
}

/// See who would be alerted, and how each can be reached
#[utoipa::path(
    get, path = "/api/v1/projects/{project}/urgent/reach", tag = "urgent", operation_id = "get_urgent_reach",
    params(("project" = String, Path, description = "Id or key")),
    responses((status = 200, body = schema::Paged<schema::PersonReach>)),
)]
async fn reach(State(state): State<Shared>, actor: SignedIn, at: ProjectAt) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    Ok(answer::items(urgent::reach(&state.services, &actor, id).await?))
}

/// List episodes
///
/// Each time that a project was urgent, the newest first.
#[utoipa::path(
    get, path = "/api/v1/episodes", tag = "urgent", operation_id = "list_episodes",
    params(EpisodeQuery, PageQuery),
    responses((status = 200, body = schema::Paged<schema::Episode>)),
)]
async fn list(
    State(state): State<Shared>,
    actor: SignedIn,
    Query(query): Query<EpisodeQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Response, Problem> {
    let project = match query.project.as_deref().filter(|text| !text.is_empty()) {
        Some(project) => Some(project_id(project, &state, &actor).await?),
        None => None,
    };
    // Without an `ETag`: what rings moves on without a change of the history.
    let found = urgent::list(&state.services, &actor, (project, query.open), page.into_page()).await?;
    Ok(answer::whole(&found))
}

/// Read an episode
#[utoipa::path(
    get, path = "/api/v1/episodes/{episode}", tag = "urgent", operation_id = "get_episode",
    params(("episode" = uuid::Uuid, Path)),
    responses((status = 200, body = schema::Episode)),
)]
async fn get(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<EpisodeId>,
) -> Result<Response, Problem> {
    let episode = urgent::find(&state.services, &actor, id).await?;
    Ok(answer::versioned(&episode, episode.version))
}

/// List who was alerted
///
/// Those who have not acknowledged first, at most 2,000.
#[utoipa::path(
    get, path = "/api/v1/episodes/{episode}/alerts", tag = "urgent", operation_id = "list_alerts",
    params(("episode" = uuid::Uuid, Path)),
    responses((status = 200, body = schema::Paged<schema::Alert>)),
)]
async fn alerts(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<EpisodeId>,
) -> Result<Response, Problem> {
    Ok(answer::items(urgent::alerts(&state.services, &actor, id).await?))
}

/// Read the report of an episode
///
/// Who acknowledged when, what was sent by which way with which result, and what did not arrive.
#[utoipa::path(
    get, path = "/api/v1/episodes/{episode}/report", tag = "urgent", operation_id = "get_episode_report",
    params(("episode" = uuid::Uuid, Path)),
    responses((status = 200, body = schema::EpisodeReport)),
)]
async fn report(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<EpisodeId>,
) -> Result<Response, Problem> {
    Ok(answer::whole(&urgent::report(&state.services, &actor, id).await?))
}

/// Say that a project is not urgent any more
///
/// What rings falls silent. One that is over already stays as it is.
#[utoipa::path(
    post, path = "/api/v1/episodes/{episode}/resolve", tag = "urgent", operation_id = "resolve_episode",
    params(("episode" = uuid::Uuid, Path)),
    request_body = schema::Resolve,
    responses((status = 200, body = schema::Episode)),
)]
async fn resolve(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<EpisodeId>,
    Input(with): Input<Resolve>,
) -> Result<Response, Problem> {
    let episode = urgent::resolve(&state.services, &actor, id, &with.note).await?;
    Ok(answer::versioned(&episode, episode.version))
}

/// Silence an episode until a time
///
/// At most 24 hours from now; it goes on by itself then.
#[utoipa::path(
    post, path = "/api/v1/episodes/{episode}/suspend", tag = "urgent", operation_id = "suspend_episode",
    params(("episode" = uuid::Uuid, Path)),
    request_body = schema::Suspend,
    responses((status = 200, body = schema::Episode)),
)]
async fn suspend(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<EpisodeId>,
    Input(with): Input<Suspend>,
) -> Result<Response, Problem> {
    let episode = urgent::suspend(&state.services, &actor, id, (with.until, &with.reason)).await?;
    Ok(answer::versioned(&episode, episode.version))
}

/// Let a suspended episode ring on
#[utoipa::path(
    post, path = "/api/v1/episodes/{episode}/resume", tag = "urgent", operation_id = "resume_episode",
    params(("episode" = uuid::Uuid, Path)),
    responses((status = 200, body = schema::Episode)),
)]
async fn resume(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<EpisodeId>,
) -> Result<Response, Problem> {
    let episode = urgent::resume(&state.services, &actor, id).await?;
    Ok(answer::versioned(&episode, episode.version))
}

/// List your alerts that ring
///
/// Oldest first. Empty where urgent alerts are turned off.
#[utoipa::path(
    get, path = "/api/v1/me/alerts", tag = "urgent", operation_id = "list_own_alerts",
    responses((status = 200, body = schema::Paged<schema::OwnAlert>)),
)]
async fn own(State(state): State<Shared>, actor: SignedIn) -> Result<Response, Problem> {
    Ok(answer::items(urgent::own(&state.services, &actor).await?))
}

/// Acknowledge an alert of yours
///
/// The same again changes nothing; one that has ended is acknowledged late. `at` says when it was, where it could not be
/// sent at once.
#[utoipa::path(
    post, path = "/api/v1/alerts/{alert}/acknowledge", tag = "urgent", operation_id = "acknowledge_alert",
    params(("alert" = uuid::Uuid, Path)),
    request_body = schema::Acknowledge,
    responses((status = 200, body = schema::Alert)),
)]
async fn acknowledge(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<AlertId>,
    Input(with): Input<Acknowledge>,
) -> Result<Response, Problem> {
    Ok(answer::whole(&urgent::acknowledge(&state.services, &actor, id, with).await?))
}
