//! The columns of a project's board, and the board.

use super::{address::ProjectAt, schema, task_query::TaskQuery};
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{
        answer,
        input::{Input, Path, Query},
        listing::Listing,
        version::IfMatch,
    },
};
use axum::{extract::State, response::Response};
use domain::{
    board::{EditColumn, NewColumn},
    ids::ColumnId,
    page::Paged,
};
use services::{board_columns, tasks};
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/projects/{project}/board`, `…/columns`, `/api/v1/columns/{id}`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(board))
        .routes(routes!(list, create))
        .routes(routes!(get, update, delete))
}

/// Read a board
///
/// Its columns from left to right, each with its first 300 cards.
#[utoipa::path(
    get, path = "/api/v1/projects/{project}/board", tag = "board", operation_id = "get_board",
    params(("project" = String, Path, description = "Id or key"), TaskQuery),
    responses((status = 200, body = schema::Board)),
)]
async fn board(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    Query(query): Query<TaskQuery>,
) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    let filter = query.into_filter(&state, &actor).await?;
    Ok(answer::whole(&tasks::board(&state.services, &actor, id, filter).await?))
}

/// List the columns of a board
#[utoipa::path(
    get, path = "/api/v1/projects/{project}/columns", tag = "board", operation_id = "list_columns",
    params(("project" = String, Path, description = "Id or key")),
    responses((status = 200, body = schema::Paged<schema::Column>)),
)]
async fn list(
    State(state): State<Shared>,
    actor: SignedIn,
    listing: Listing,
    at: ProjectAt,
) -> Result<Response, Problem> {
    if let Some(known) = listing.known() {
        return Ok(known);
    }
    let id = at.id(&state, &actor).await?;
    let items = board_columns::list(&state.services, &actor, id).await?;
    listing.fresh(&Paged { items, next: None })
}

/// Add a column at the right end
#[utoipa::path(
    post, path = "/api/v1/projects/{project}/columns", tag = "board", operation_id = "create_column",
    params(("project" = String, Path, description = "Id or key")),
    request_body = schema::NewColumn,
    responses((status = 201, body = schema::Column)),
)]
async fn create(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    Input(new): Input<NewColumn>,
) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    let column = board_columns::create(&state.services, &actor, id, new).await?;
    Ok(answer::created(&column, column.version, &format!("/api/v1/columns/{}", column.id)))
}

/// Read a column
#[utoipa::path(
    get, path = "/api/v1/columns/{column}", tag = "board", operation_id = "get_column",
    params(("column" = uuid::Uuid, Path)),
    responses((status = 200, body = schema::Column)),
)]
async fn get(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<ColumnId>,
) -> Result<Response, Problem> {
    let column = board_columns::find(&state.services, &actor, id).await?;
    Ok(answer::versioned(&column, column.version))
}

/// Change or move a column
///
/// A change of its category completes or reopens the tasks in it.
#[utoipa::path(
    patch, path = "/api/v1/columns/{column}", tag = "board", operation_id = "update_column",
    params(("column" = uuid::Uuid, Path)),
    request_body = schema::EditColumn,
    responses((status = 200, body = schema::Column)),
)]
async fn update(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<ColumnId>,
    seen: IfMatch,
    Input(mut edit): Input<EditColumn>,
) -> Result<Response, Problem> {
    edit.version = seen.or(edit.version)?;
    let column = board_columns::update(&state.services, &actor, id, edit).await?;
    Ok(answer::versioned(&column, column.version))
}

/// Delete an empty column
#[utoipa::path(
    delete, path = "/api/v1/columns/{column}", tag = "board", operation_id = "delete_column",
    params(("column" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
async fn delete(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<ColumnId>,
) -> Result<Response, Problem> {
    board_columns::delete(&state.services, &actor, id).await?;
    Ok(answer::done())
}
