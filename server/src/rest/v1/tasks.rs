//! Tasks.

use super::{
    address::{ProjectAt, TaskAt, project_id},
    schema,
    task_query::TaskQuery,
};
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
use domain::{
    ids::ProjectId,
    task::{BulkEdit, EditTask, NewTask, Task},
};
use serde::Deserialize;
use services::{Actor, tasks};
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/tasks…`, `/api/v1/projects/{project}/tasks…`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(list_of_project, create_in_project))
        .routes(routes!(bulk))
        .routes(routes!(get, update, delete))
        .routes(routes!(view))
}

/// A new task that says where.
#[derive(Deserialize)]
pub(super) struct PlacedTask {
    project: String,
    #[serde(flatten)]
    task: NewTask,
}

/// List tasks
///
/// Of every project that you may see, or of one.
#[utoipa::path(
    get, path = "/api/v1/tasks", tag = "tasks", operation_id = "list_tasks",
    params(TaskQuery, PageQuery),
    responses((status = 200, body = schema::Paged<schema::TaskSummary>), (status = 304, description = "You have it already")),
)]
async fn list(
    State(state): State<Shared>,
    actor: SignedIn,
    listing: Listing,
    Query(query): Query<TaskQuery>,
) -> Result<Response, Problem> {
    if let Some(known) = listing.known() {
        return Ok(known);
    }
    let filter = query.into_filter(&state, &actor).await?;
    listing.fresh(&tasks::list(&state.services, &actor, filter, listing.page()).await?)
}

/// List the tasks of a project
#[utoipa::path(
    get, path = "/api/v1/projects/{project}/tasks", tag = "tasks", operation_id = "list_project_tasks",
    params(("project" = String, Path, description = "Id or key"), TaskQuery, PageQuery),
    responses((status = 200, body = schema::Paged<schema::TaskSummary>), (status = 304, description = "You have it already")),
)]
async fn list_of_project(
    State(state): State<Shared>,
    actor: SignedIn,
    listing: Listing,
    at: ProjectAt,
    Query(query): Query<TaskQuery>,
) -> Result<Response, Problem> {
    if let Some(known) = listing.known() {
        return Ok(known);
    }
    let mut filter = query.into_filter(&state, &actor).await?;
    // By way of the project itself: a list of a project that is not there is not an empty one.
    filter.project_id = Some(at.find(&state, &actor).await?.id);
    listing.fresh(&tasks::list(&state.services, &actor, filter, listing.page()).await?)
}

/// Create a task
///
/// The body says in which project: `project`, its id or key.
#[utoipa::path(
    post, path = "/api/v1/tasks", tag = "tasks", operation_id = "create_task",
    request_body = schema::PlacedTask,
    responses((status = 201, body = schema::Task)),
)]
async fn create(
    State(state): State<Shared>,
    actor: SignedIn,
    Input(new): Input<PlacedTask>,
) -> Result<Response, Problem> {
    let project = project_id(&new.project, &state, &actor).await?;
    create_there(&state, &actor, project, new.task).await
}

/// Create a task in a project
#[utoipa::path(
    post, path = "/api/v1/projects/{project}/tasks", tag = "tasks", operation_id = "create_project_task",
    params(("project" = String, Path, description = "Id or key")),
    request_body = schema::NewTask,
    responses((status = 201, body = schema::Task)),
)]
async fn create_in_project(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    Input(new): Input<NewTask>,
) -> Result<Response, Problem> {
    let project = at.id(&state, &actor).await?;
    create_there(&state, &actor, project, new).await
}

async fn create_there(
    state: &Shared,
    actor: &Actor,
    project: ProjectId,
    new: NewTask,
) -> Result<Response, Problem> {
    let task = tasks::create(&state.services, actor, project, new).await?;
    Ok(answer::created(&task, task.summary.version, &format!("/api/v1/tasks/{}", task.summary.id)))
}

/// Change many tasks of a project at once
///
/// All of them or none.
#[utoipa::path(
    post, path = "/api/v1/projects/{project}/tasks/bulk", tag = "tasks", operation_id = "bulk_edit_tasks",
    params(("project" = String, Path, description = "Id or key")),
    request_body = schema::BulkEdit,
    responses((status = 200, body = schema::BulkResult)),
)]
async fn bulk(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    Input(edit): Input<BulkEdit>,
) -> Result<Response, Problem> {
    let project = at.id(&state, &actor).await?;
    Ok(answer::whole(&tasks::bulk(&state.services, &actor, project, edit).await?))
}

/// Read a task
#[utoipa::path(
    get, path = "/api/v1/tasks/{task}", tag = "tasks", operation_id = "get_task",
    params(("task" = String, Path, description = "Id or key")),
    responses((status = 200, body = schema::Task)),
)]
async fn get(State(state): State<Shared>, actor: SignedIn, at: TaskAt) -> Result<Response, Problem> {
    Ok(versioned(&at.find(&state, &actor).await?))
}

/// Read a task with its surroundings
///
/// Its project, the tasks above and below it, who watches it, and what you may do.
#[utoipa::path(
    get, path = "/api/v1/tasks/{task}/view", tag = "tasks", operation_id = "view_task",
    params(("task" = String, Path, description = "Id or key")),
    responses((status = 200, body = schema::TaskView)),
)]
async fn view(State(state): State<Shared>, actor: SignedIn, at: TaskAt) -> Result<Response, Problem> {
    let key = at.find(&state, &actor).await?.summary.key;
    Ok(answer::whole(&tasks::view(&state.services, &actor, &key).await?))
}

/// Change a task
///
/// What is left out stays; `null` clears a date, the estimate or the parent. Assignees and labels replace those there are.
#[utoipa::path(
    patch, path = "/api/v1/tasks/{task}", tag = "tasks", operation_id = "update_task",
    params(("task" = String, Path, description = "Id or key")),
    request_body = schema::EditTask,
    responses((status = 200, body = schema::Task)),
)]
async fn update(
    State(state): State<Shared>,
    actor: SignedIn,
    at: TaskAt,
    seen: IfMatch,
    Input(mut edit): Input<EditTask>,
) -> Result<Response, Problem> {
    edit.version = seen.or(edit.version)?;
    let id = at.id(&state, &actor).await?;
    Ok(versioned(&tasks::update(&state.services, &actor, id, edit).await?))
}

/// Delete a task
///
/// It rests for 30 days, in which it can be restored.
#[utoipa::path(
    delete, path = "/api/v1/tasks/{task}", tag = "tasks", operation_id = "delete_task",
    params(("task" = String, Path, description = "Id or key")),
    request_body = Option<VersionInput>,
    responses((status = 200, body = schema::Task)),
)]
async fn delete(
    State(state): State<Shared>,
    actor: SignedIn,
    at: TaskAt,
    seen: IfMatch,
    Input(input): Input<VersionInput>,
) -> Result<Response, Problem> {
    let (version, id) = (seen.or(input.version)?, at.id(&state, &actor).await?);
    Ok(versioned(&tasks::delete(&state.services, &actor, id, version).await?))
}

/// A task with its version as `ETag`.
pub(super) fn versioned(task: &Task) -> Response {
    answer::versioned(task, task.summary.version)
}
