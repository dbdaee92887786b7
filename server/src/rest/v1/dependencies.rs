//! What tasks wait for, hold up and are linked to.

use super::{
    address::{ProjectAt, TaskAt},
    schema,
    tasks::versioned,
};
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{
        answer,
        input::{Input, Path, Query},
        version::{IfMatch, VersionInput},
    },
};
use axum::{extract::State, response::Response};
use domain::{
    Error,
    dependency::{GraphOf, NewDependency, Relation},
};
use serde::Deserialize;
use services::dependencies;
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/tasks/{task}/dependencies…`, `…/unblock`, `…/graph`, `/api/v1/projects/{project}/graph`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(remove))
        .routes(routes!(unblock, withdraw))
        .routes(routes!(graph_of_task))
        .routes(routes!(graph_of_project))
}

/// Why a task is unblocked by hand.
#[derive(Deserialize)]
pub(super) struct Unblock {
    /// The version that the caller saw.
    #[serde(default)]
    version: i64,
    reason: String,
}

/// The other end of a dependency.
#[derive(Deserialize)]
pub(super) struct LinkAt {
    relation: String,
    other: String,
}

/// Whether finished tasks are drawn.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct GraphQuery {
    /// Also with finished tasks.
    done: bool,
}

/// List the dependencies of a task
///
/// The tasks at their other ends, since when it is blocked, and who unblocked it by hand.
#[utoipa::path(
    get, path = "/api/v1/tasks/{task}/dependencies", tag = "dependencies", operation_id = "list_dependencies",
    params(("task" = String, Path, description = "Id or key")),
    responses((status = 200, body = schema::Dependencies)),
)]
async fn list(State(state): State<Shared>, actor: SignedIn, at: TaskAt) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    Ok(answer::whole(&dependencies::find(&state.services, &actor, id).await?))
}

/// Add a dependency
///
/// `blocked_by` and `blocks` act: the task that waits is blocked until the other is done. One that would close a loop is
/// refused with 409 `cycle` and the loop as `path`. The same again changes nothing.
#[utoipa::path(
    post, path = "/api/v1/tasks/{task}/dependencies", tag = "dependencies", operation_id = "add_dependency",
    params(("task" = String, Path, description = "Id or key")),
    request_body = schema::NewDependency,
    responses((status = 200, body = schema::Dependencies)),
)]
async fn add(
    State(state): State<Shared>,
    actor: SignedIn,
    at: TaskAt,
    Input(new): Input<NewDependency>,
) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    Ok(answer::whole(&dependencies::add(&state.services, &actor, id, new).await?))
}

/// Take a dependency away
#[utoipa::path(
    delete, path = "/api/v1/tasks/{task}/dependencies/{relation}/{other}", tag = "dependencies",
    operation_id = "remove_dependency",
    params(
        ("task" = String, Path, description = "Id or key"),
        ("relation" = schema::Relation, Path, description = "What the task is to the other"),
        ("other" = String, Path, description = "Id or key of the other"),
    ),
    responses((status = 204)),
)]
async fn remove(
    State(state): State<Shared>,
    actor: SignedIn,
    at: TaskAt,
    Path(link): Path<LinkAt>,
) -> Result<Response, Problem> {
    let relation = Relation::parse(&link.relation).ok_or_else(|| Error::not_found("dependency"))?;
    let id = at.id(&state, &actor).await?;
    dependencies::remove(&state.services, &actor, id, (relation, &link.other)).await?;
    Ok(answer::done())
}

/// Unblock a task by hand
///
/// It may go on although its blockers are open, until another comes or opens again, or it is taken back.
#[utoipa::path(
    post, path = "/api/v1/tasks/{task}/unblock", tag = "dependencies", operation_id = "unblock_task",
    params(("task" = String, Path, description = "Id or key")),
    request_body = schema::Unblock,
    responses((status = 200, body = schema::Task)),
)]
async fn unblock(
    State(state): State<Shared>,
    actor: SignedIn,
    at: TaskAt,
    seen: IfMatch,
    Input(input): Input<Unblock>,
) -> Result<Response, Problem> {
    let (version, id) = (seen.or(input.version)?, at.id(&state, &actor).await?);
    Ok(versioned(&dependencies::unblock(&state.services, &actor, (id, version), &input.reason).await?))
}

/// Take back that a task was unblocked by hand
#[utoipa::path(
    delete, path = "/api/v1/tasks/{task}/unblock", tag = "dependencies", operation_id = "withdraw_unblock",
    params(("task" = String, Path, description = "Id or key")),
    request_body = Option<VersionInput>,
    responses((status = 200, body = schema::Task)),
)]
async fn withdraw(
    State(state): State<Shared>,
    actor: SignedIn,
    at: TaskAt,
    seen: IfMatch,
    Input(input): Input<VersionInput>,
) -> Result<Response, Problem> {
    let (version, id) = (seen.or(input.version)?, at.id(&state, &actor).await?);
    Ok(versioned(&dependencies::withdraw(&state.services, &actor, (id, version)).await?))
}

/// Draw what is on the way to and from a task
#[utoipa::path(
    get, path = "/api/v1/tasks/{task}/graph", tag = "dependencies", operation_id = "draw_task_graph",
    params(("task" = String, Path, description = "Id or key"), GraphQuery),
    responses((status = 200, body = schema::TaskGraph)),
)]
async fn graph_of_task(
    State(state): State<Shared>,
    actor: SignedIn,
    at: TaskAt,
    Query(query): Query<GraphQuery>,
) -> Result<Response, Problem> {
    let of = GraphOf::Task(at.id(&state, &actor).await?);
    Ok(answer::whole(&dependencies::graph(&state.services, &actor, of, query.done).await?))
}

/// Draw the dependencies of a project
///
/// What is linked in it and what that is linked to elsewhere, laid out in layers from left to right, with the critical path:
/// the longest way through open tasks by estimate, and by their number where there are none.
#[utoipa::path(
    get, path = "/api/v1/projects/{project}/graph", tag = "dependencies", operation_id = "draw_project_graph",
    params(("project" = String, Path, description = "Id or key"), GraphQuery),
    responses((status = 200, body = schema::TaskGraph)),
)]
async fn graph_of_project(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    Query(query): Query<GraphQuery>,
) -> Result<Response, Problem> {
    let of = GraphOf::Project(at.id(&state, &actor).await?);
    Ok(answer::whole(&dependencies::graph(&state.services, &actor, of, query.done).await?))
}
