//! Comments on tasks.

use crate::AppError;
use domain::{
    comment::Comment,
    ids::{CommentId, TaskId},
    page::Paged,
};
use leptos::prelude::*;

/// A task's comments, newest first. The first of them come along with the task's page.
#[server(name = LatestComments, prefix = "/fn", endpoint = "comment/latest")]
pub async fn latest_comments(
    task_id: TaskId,
    #[server(default)] cursor: Option<String>,
) -> Result<Paged<Comment>, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let page = domain::page::Page::new(None, cursor);
    Ok(services::comments::latest(&services, &actor, task_id, page).await?)
}

/// Writes a comment.
#[server(name = AddComment, prefix = "/fn", endpoint = "comment/add")]
pub async fn add_comment(task_id: TaskId, #[server(default)] body: String) -> Result<Comment, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let new = domain::comment::NewComment { id: None, body };
    Ok(services::comments::create(&services, &actor, task_id, new).await?)
}

/// Changes a comment. Without script it goes on to `back`, a page of ours.
#[server(name = EditCommentBody, prefix = "/fn", endpoint = "comment/edit")]
pub async fn edit_comment(
    id: CommentId,
    version: i64,
    #[server(default)] body: String,
    #[server(default)] back: String,
) -> Result<Comment, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let edit = domain::comment::EditComment { version, body };
    let comment = services::comments::update(&services, &actor, id, edit).await?;
    go_back(&back);
    Ok(comment)
}

/// Deletes a comment. Without script it goes on to `back`, a page of ours.
#[server(name = DeleteComment, prefix = "/fn", endpoint = "comment/delete")]
pub async fn delete_comment(id: CommentId, #[server(default)] back: String) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    services::comments::delete(&services, &actor, id).await?;
    go_back(&back);
    Ok(())
}

#[cfg(feature = "ssr")]
fn go_back(to: &str) {
    if !to.is_empty() {
        super::account::landing::without_script(&crate::paths::on_this_site(to));
    }
}
