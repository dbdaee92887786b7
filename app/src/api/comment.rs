//! Comments on tasks.

use crate::AppError;
use domain::{
    comment::Comment,
    ids::{CommentId, TaskId},
    page::Paged,
};
use leptos::prelude::*;

/// A task's comments, oldest first.
#[server(name = ListComments, prefix = "/fn", endpoint = "comment/list")]
pub async fn list_comments(
    task_id: TaskId,
    #[server(default)] cursor: Option<String>,
) -> Result<Paged<Comment>, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let page = domain::page::Page::new(None, cursor);
    Ok(services::comments::list(&services, &actor, task_id, page).await?)
}

/// Writes a comment.
#[server(name = AddComment, prefix = "/fn", endpoint = "comment/add")]
pub async fn add_comment(task_id: TaskId, body: String) -> Result<Comment, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let new = domain::comment::NewComment { id: None, body };
    Ok(services::comments::create(&services, &actor, task_id, new).await?)
}

/// Changes a comment.
#[server(name = EditCommentBody, prefix = "/fn", endpoint = "comment/edit")]
pub async fn edit_comment(id: CommentId, version: i64, body: String) -> Result<Comment, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let edit = domain::comment::EditComment { version, body };
    Ok(services::comments::update(&services, &actor, id, edit).await?)
}

/// Deletes a comment.
#[server(name = DeleteComment, prefix = "/fn", endpoint = "comment/delete")]
pub async fn delete_comment(id: CommentId) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::comments::delete(&services, &actor, id).await?)
}
