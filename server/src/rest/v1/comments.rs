//! Comments on tasks.

use super::{address::TaskAt, schema};
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
    comment::{EditComment, NewComment},
    ids::CommentId,
};
use services::comments;
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/tasks/{task}/comments`, `/api/v1/comments/{id}`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(update, delete))
}

/// List the comments on a task, oldest first
#[utoipa::path(
    get, path = "/api/v1/tasks/{task}/comments", tag = "comments", operation_id = "list_comments",
    params(("task" = String, Path, description = "Id or key"), PageQuery),
    responses((status = 200, body = schema::Paged<schema::Comment>), (status = 304, description = "You have it already")),
)]
async fn list(
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

/// Write a comment
///
/// `@username` makes that person a watcher of the task, if they may see it.
#[utoipa::path(
    post, path = "/api/v1/tasks/{task}/comments", tag = "comments", operation_id = "create_comment",
    params(("task" = String, Path, description = "Id or key")),
    request_body = schema::NewComment,
    responses((status = 201, body = schema::Comment)),
)]
async fn create(
    State(state): State<Shared>,
    actor: SignedIn,
    at: TaskAt,
    Input(new): Input<NewComment>,
) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    let comment = comments::create(&state.services, &actor, id, new).await?;
    Ok(answer::created(&comment, comment.version, &format!("/api/v1/comments/{}", comment.id)))
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
