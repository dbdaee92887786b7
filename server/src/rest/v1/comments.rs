//! Comments on tasks.

use super::{
    address::{TaskAt, task_id},
    schema,
};
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{
        answer,
        input::{Input, Path, Query},
        listing::{Listing, PageQuery},
        version::IfMatch,
    },
};
use axum::{extract::State, response::Response};
use domain::{
    comment::{EditComment, NewComment},
    ids::{CommentId, TaskId},
};
use serde::Deserialize;
use services::{Actor, comments};
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/comments`, `/api/v1/tasks/{task}/comments`, `/api/v1/comments/{id}`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(list_on_task, create_on_task))
        .routes(routes!(get, update, delete))
}

/// A new comment that says where.
#[derive(Deserialize)]
pub(super) struct PlacedComment {
    task: String,
    #[serde(flatten)]
    comment: NewComment,
}

/// Which comments.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct CommentQuery {
    /// Only on this task, by id or key; then oldest first.
    task: Option<String>,
}

/// List comments
///
/// On every task that you may see, newest first; or on one.
#[utoipa::path(
    get, path = "/api/v1/comments", tag = "comments", operation_id = "list_comments",
    params(CommentQuery, PageQuery),
    responses((status = 200, body = schema::Paged<schema::Comment>), (status = 304, description = "You have it already")),
)]
async fn list(
    State(state): State<Shared>,
    actor: SignedIn,
    listing: Listing,
    Query(query): Query<CommentQuery>,
) -> Result<Response, Problem> {
    if let Some(known) = listing.known() {
        return Ok(known);
    }
    let comments = match query.task.as_deref().filter(|text| !text.is_empty()) {
        Some(task) => {
            let task = task_id(task, &state, &actor).await?;
            comments::list(&state.services, &actor, task, listing.page()).await?
        }
        None => comments::everywhere(&state.services, &actor, listing.page()).await?,
    };
    listing.fresh(&comments)
}

/// Write a comment
///
/// The body says on which task: `task`, its id or key. `@username` makes that person a watcher of the task, if they may
/// see it.
#[utoipa::path(
    post, path = "/api/v1/comments", tag = "comments", operation_id = "create_comment",
    request_body = schema::PlacedComment,
    responses((status = 201, body = schema::Comment)),
)]
async fn create(
    State(state): State<Shared>,
    actor: SignedIn,
    Input(new): Input<PlacedComment>,
) -> Result<Response, Problem> {
    let task = task_id(&new.task, &state, &actor).await?;
    create_there(&state, &actor, task, new.comment).await
}

/// List the comments on a task, oldest first
#[utoipa::path(
    get, path = "/api/v1/tasks/{task}/comments", tag = "comments", operation_id = "list_task_comments",
    params(("task" = String, Path, description = "Id or key"), PageQuery),
    responses((status = 200, body = schema::Paged<schema::Comment>), (status = 304, description = "You have it already")),
)]
async fn list_on_task(
    State(state): State<Shared>,
    actor: SignedIn,
    listing: Listing,
    at: TaskAt,
) -> Result<Response, Problem> {
    if let Some(known) = listing.known() {
        return Ok(known);
    }
    let id = at.id(&state, &actor).await?;
    listing.fresh(&comments::list(&state.services, &actor, id, listing.page()).await?)
}

/// Write a comment on a task
///
/// `@username` makes that person a watcher of the task, if they may see it.
#[utoipa::path(
    post, path = "/api/v1/tasks/{task}/comments", tag = "comments", operation_id = "create_task_comment",
    params(("task" = String, Path, description = "Id or key")),
    request_body = schema::NewComment,
    responses((status = 201, body = schema::Comment)),
)]
async fn create_on_task(
    State(state): State<Shared>,
    actor: SignedIn,
    at: TaskAt,
    Input(new): Input<NewComment>,
) -> Result<Response, Problem> {
    let task = at.id(&state, &actor).await?;
    create_there(&state, &actor, task, new).await
}

async fn create_there(
    state: &Shared,
    actor: &Actor,
    task: TaskId,
    new: NewComment,
) -> Result<Response, Problem> {
    let comment = comments::create(&state.services, actor, task, new).await?;
    Ok(answer::created(&comment, comment.version, &format!("/api/v1/comments/{}", comment.id)))
}

/// Read a comment
#[utoipa::path(
    get, path = "/api/v1/comments/{comment}", tag = "comments", operation_id = "get_comment",
    params(("comment" = uuid::Uuid, Path)),
    responses((status = 200, body = schema::Comment)),
)]
async fn get(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<CommentId>,
) -> Result<Response, Problem> {
    let comment = comments::find(&state.services, &actor, id).await?;
    Ok(answer::versioned(&comment, comment.version))
}

/// Change a comment
#[utoipa::path(
    patch, path = "/api/v1/comments/{comment}", tag = "comments", operation_id = "update_comment",
    params(("comment" = uuid::Uuid, Path)),
    request_body = schema::EditComment,
    responses((status = 200, body = schema::Comment)),
)]
async fn update(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<CommentId>,
    seen: IfMatch,
    Input(mut edit): Input<EditComment>,
) -> Result<Response, Problem> {
    edit.version = seen.or(edit.version)?;
    let comment = comments::update(&state.services, &actor, id, edit).await?;
    Ok(answer::versioned(&comment, comment.version))
}

/// Delete a comment
#[utoipa::path(
    delete, path = "/api/v1/comments/{comment}", tag = "comments", operation_id = "delete_comment",
    params(("comment" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
async fn delete(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<CommentId>,
) -> Result<Response, Problem> {
    comments::delete(&state.services, &actor, id).await?;
    Ok(answer::done())
}
