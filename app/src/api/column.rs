//! The columns of a project's board.

use crate::AppError;
use domain::{
    board::{Category, Column},
    ids::{ColumnId, ProjectId},
};
use leptos::prelude::*;

/// A project's columns from left to right.
#[server(name = ListColumns, prefix = "/fn", endpoint = "column/list")]
pub async fn list_columns(project: ProjectId) -> Result<Vec<Column>, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::board_columns::list(&services, &actor, project).await?)
}

/// Adds a column at the right end.
#[server(name = CreateColumn, prefix = "/fn", endpoint = "column/create")]
pub async fn create_column(project: ProjectId, name: String, category: Category) -> Result<Column, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let new = domain::board::NewColumn { id: None, name, category };
    Ok(services::board_columns::create(&services, &actor, project, new).await?)
}

/// Changes a column's name and what it means.
#[server(name = UpdateColumn, prefix = "/fn", endpoint = "column/update")]
pub async fn update_column(
    id: ColumnId,
    version: i64,
    name: String,
    category: Category,
) -> Result<Column, AppError> {
    use crate::ssr;
    use domain::board::EditColumn;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let edit = EditColumn { version, name: Some(name), category: Some(category), position: None };
    Ok(services::board_columns::update(&services, &actor, id, edit).await?)
}

/// Puts a column at another place, from 0.
#[server(name = MoveColumn, prefix = "/fn", endpoint = "column/move")]
pub async fn move_column(id: ColumnId, version: i64, position: i64) -> Result<Column, AppError> {
    use crate::ssr;
    use domain::board::EditColumn;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let edit = EditColumn { version, position: Some(position), ..EditColumn::default() };
    Ok(services::board_columns::update(&services, &actor, id, edit).await?)
}

/// Removes an empty column.
#[server(name = DeleteColumn, prefix = "/fn", endpoint = "column/delete")]
pub async fn delete_column(id: ColumnId) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::board_columns::delete(&services, &actor, id).await?)
}
