//! What is done to tasks beside changing their fields.

use super::{address::TaskAt, schema, tasks::versioned};
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{
        answer,
        input::Input,
        version::{IfMatch, VersionInput},
    },
};
use axum::{extract::State, response::Response};
use domain::task::MoveTask;
use services::tasks;
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/tasks/{task}/move`, `…/complete` …
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(move_to))
        .routes(routes!(complete))
        .routes(routes!(reopen))
        .routes(routes!(archive))
        .routes(routes!(unarchive))
        .routes(routes!(restore))
        .routes(routes!(watch, unwatch))
}

/// Move a task's card
#[utoipa::path(
    post, path = "/api/v1/tasks/{task}/move", tag = "tasks", operation_id = "move_task",
    params(("task" = String, Path, description = "Id or key")),
    request_body = schema::MoveTask,
    responses((status = 200, body = schema::Task)),
)]
async fn move_to(
    State(state): State<Shared>,
    actor: SignedIn,
    at: TaskAt,
    seen: IfMatch,
    Input(mut to): Input<MoveTask>,
) -> Result<Response, Problem> {
    to.version = seen.or(to.version)?;
    let id = at.id(&state, &actor).await?;
    Ok(versioned(&tasks::move_to(&state.services, &actor, id, to).await?))
}

/// Complete a task
///
/// It goes to the first done column.
#[utoipa::path(
    post, path = "/api/v1/tasks/{task}/complete", tag = "tasks", operation_id = "complete_task",
    params(("task" = String, Path, description = "Id or key")),
    request_body = Option<VersionInput>,
    responses((status = 200, body = schema::Task)),
)]
async fn complete(
    State(state): State<Shared>,
    actor: SignedIn,
    at: TaskAt,
    seen: IfMatch,
    Input(input): Input<VersionInput>,
) -> Result<Response, Problem> {
    let (version, id) = (seen.or(input.version)?, at.id(&state, &actor).await?);
    Ok(versioned(&tasks::complete(&state.services, &actor, id, version).await?))
}

/// Reopen a task
///
/// It goes back to the first column of work to do.
#[utoipa::path(
    post, path = "/api/v1/tasks/{task}/reopen", tag = "tasks", operation_id = "reopen_task",
    params(("task" = String, Path, description = "Id or key")),
    request_body = Option<VersionInput>,
    responses((status = 200, body = schema::Task)),
)]
async fn reopen(
    State(state): State<Shared>,
    actor: SignedIn,
    at: TaskAt,
    seen: IfMatch,
    Input(input): Input<VersionInput>,
) -> Result<Response, Problem> {
    let (version, id) = (seen.or(input.version)?, at.id(&state, &actor).await?);
    Ok(versioned(&tasks::reopen(&state.services, &actor, id, version).await?))
}

/// Archive a task
#[utoipa::path(
    post, path = "/api/v1/tasks/{task}/archive", tag = "tasks", operation_id = "archive_task",
    params(("task" = String, Path, description = "Id or key")),
    request_body = Option<VersionInput>,
    responses((status = 200, body = schema::Task)),
)]
async fn archive(
    State(state): State<Shared>,
    actor: SignedIn,
    at: TaskAt,
    seen: IfMatch,
    Input(input): Input<VersionInput>,
) -> Result<Response, Problem> {
    let (version, id) = (seen.or(input.version)?, at.id(&state, &actor).await?);
    Ok(versioned(&tasks::archive(&state.services, &actor, id, version).await?))
}

/// Take a task out of the archive
#[utoipa::path(
    post, path = "/api/v1/tasks/{task}/unarchive", tag = "tasks", operation_id = "unarchive_task",
    params(("task" = String, Path, description = "Id or key")),
    request_body = Option<VersionInput>,
    responses((status = 200, body = schema::Task)),
)]
async fn unarchive(
    State(state): State<Shared>,
    actor: SignedIn,
    at: TaskAt,
    seen: IfMatch,
    Input(input): Input<VersionInput>,
) -> Result<Response, Problem> {
    let (version, id) = (seen.or(input.version)?, at.id(&state, &actor).await?);
    Ok(versioned(&tasks::unarchive(&state.services, &actor, id, version).await?))
}

/// Bring a deleted task back
#[utoipa::path(
    post, path = "/api/v1/tasks/{task}/restore", tag = "tasks", operation_id = "restore_task",
    params(("task" = String, Path, description = "Id or key")),
    request_body = Option<VersionInput>,
    responses((status = 200, body = schema::Task)),
)]
async fn restore(
    State(state): State<Shared>,
    actor: SignedIn,
    at: TaskAt,
    seen: IfMatch,
    Input(input): Input<VersionInput>,
) -> Result<Response, Problem> {
    let (version, id) = (seen.or(input.version)?, at.id(&state, &actor).await?);
    Ok(versioned(&tasks::restore(&state.services, &actor, id, version).await?))
}

/// Watch a task
#[utoipa::path(
    put, path = "/api/v1/tasks/{task}/watch", tag = "tasks", operation_id = "watch_task",
    params(("task" = String, Path, description = "Id or key")),
    responses((status = 204)),
)]
async fn watch(State(state): State<Shared>, actor: SignedIn, at: TaskAt) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    tasks::watch(&state.services, &actor, id).await?;
    Ok(answer::done())
}

/// Stop watching a task
#[utoipa::path(
    delete, path = "/api/v1/tasks/{task}/watch", tag = "tasks", operation_id = "unwatch_task",
    params(("task" = String, Path, description = "Id or key")),
    responses((status = 204)),
)]
async fn unwatch(State(state): State<Shared>, actor: SignedIn, at: TaskAt) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    tasks::unwatch(&state.services, &actor, id).await?;
    Ok(answer::done())
}
