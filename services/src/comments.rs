//! Comments on tasks.

use crate::{
    Actor, Services,
    journal::{Entry, Journal},
    markdown, tasks,
};
use domain::{
    Error, Result,
    activity::{Action, Tells},
    comment::{Comment, EditComment, NewComment, mentions},
    error::Fields,
    ids::{CommentId, TaskId, UserId},
    limits,
    page::{Page, Paged},
    permission::Permission,
    task::TaskSummary,
    user::UserRef,
    validate,
};
use store::{
    Tx,
    tasks::{Counts, Found},
};

/// A task's comments, oldest first.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] for a cursor that no page gave.
pub async fn list(services: &Services, actor: &Actor, task: TaskId, page: Page) -> Result<Paged<Comment>> {
    page.after(|text| store::comments::is_cursor(text).then_some(()))?;
    let page = &page;
    let comments = services
        .read_listed(actor, |mut tx| async move {
            tasks::readable(&mut tx, actor, task).await?;
            Ok(store::comments::list(&mut tx, task, page).await?)
        })
        .await?;
    Ok(comments.map(with_html))
}

/// A task's comments, newest first: for pages that begin with the end of the conversation.
///
/// # Errors
/// As [`list`].
pub async fn latest(services: &Services, actor: &Actor, task: TaskId, page: Page) -> Result<Paged<Comment>> {
    page.after(|text| store::comments::is_cursor(text).then_some(()))?;
    let page = &page;
    let comments = services
        .read_listed(actor, |mut tx| async move {
            tasks::readable(&mut tx, actor, task).await?;
            Ok(store::comments::latest(&mut tx, task, page).await?)
        })
        .await?;
    Ok(comments.map(with_html))
}

/// Comments on every task that the actor may see, newest first.
///
/// # Errors
/// [`Error::Invalid`] for a cursor that no page gave.
pub async fn everywhere(services: &Services, actor: &Actor, page: Page) -> Result<Paged<Comment>> {
    let after = page.after(|text| text.parse().ok())?;
    let mut tx = services.db.peek().await?;
    let comments = store::comments::everywhere(&mut tx, actor.visible(), (page.limit, after)).await?;
    drop(tx);
    Ok(comments.map(with_html))
}

/// The comment of that id.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(services: &Services, actor: &Actor, id: CommentId) -> Result<Comment> {
    let mut tx = services.db.read().await?;
    let comment = store::comments::find(&mut tx, id).await?.ok_or_else(|| Error::not_found("comment"))?;
    tasks::readable(&mut tx, actor, comment.task_id).await.map_err(|error| error.about("comment"))?;
    drop(tx);
    Ok(with_html(comment))
}

/// Adds a comment. Its author, and whoever it mentions and may see the task, watch the task from now on.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`]; [`Error::Refused`] with `archived` or `deleted`.
pub async fn create(services: &Services, actor: &Actor, task: TaskId, new: NewComment) -> Result<Comment> {
    let mut tx = services.db.write().await?;
    let found = tasks::changeable(&mut tx, actor, Permission::CommentCreate, task).await?;
    let body = check_body(&new.body)?;
    if let Some(id) = new.id
        && let Some(existing) = store::comments::find(&mut tx, id).await?
    {
        return same_create(actor, task, existing);
    }
    let people = concerned(&mut tx, &found, actor.user_id, &body).await?;
    let author = people.iter().find(|person| Some(person.id) == actor.user_id).cloned();
    let comment = Comment {
        id: services.id_or_new(new.id),
        task_id: task,
        author,
        body,
        body_html: String::new(),
        created_at: services.now(),
        edited_at: None,
        version: 1,
    };
    store::comments::insert(&mut tx, &comment).await?;
    store::tasks::add_to_comments(&mut tx, task, 1, services.now()).await?;
    watch(&mut tx, &found, &people).await?;
    let mentioned = people.iter().map(|person| person.id).filter(|id| Some(*id) != actor.user_id).collect();
    let tells = Tells { comment: Some(comment.id), mentioned, ..Tells::default() };
    finish(tx, services, actor, (Action::CommentCreated, &found.task.summary, tells)).await?;
    Ok(with_html(comment))
}

/// Changes a comment: one's own, or with `comment.update_any` anyone's.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], [`Error::Conflict`]; [`Error::Refused`] with
/// `archived` or `deleted`.
pub async fn update(services: &Services, actor: &Actor, id: CommentId, edit: EditComment) -> Result<Comment> {
    let mut tx = services.db.write().await?;
    let rights = (Permission::CommentUpdateOwn, Permission::CommentUpdateAny);
    let (before, found) = changeable(&mut tx, actor, id, rights).await?;
    let body = check_body(&edit.body)?;
    if before.body == body && before.version == edit.version {
        return Ok(with_html(before));
    }
    let after =
        Comment { body, edited_at: Some(services.now()), version: before.version + 1, ..before.clone() };
    if !store::comments::update(&mut tx, &after, edit.version).await? {
        let current = serde_json::to_string(&with_html(before)).unwrap_or_default();
        return Err(Error::conflict("comment", current));
    }
    store::tasks::add_to_comments(&mut tx, found.task.summary.id, 0, services.now()).await?;
    let people = concerned(&mut tx, &found, None, &after.body).await?;
    let tells =
        Tells { comment: Some(id), mentioned: newly_mentioned(&people, &before.body), ..Tells::default() };
    watch(&mut tx, &found, &people).await?;
    finish(tx, services, actor, (Action::CommentUpdated, &found.task.summary, tells)).await?;
    Ok(with_html(after))
}

/// Removes a comment: one's own, or with `comment.delete_any` anyone's.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] with `archived` or `deleted`.
pub async fn delete(services: &Services, actor: &Actor, id: CommentId) -> Result<()> {
    let mut tx = services.db.write().await?;
    let rights = (Permission::CommentDeleteOwn, Permission::CommentDeleteAny);
    let (_, found) = changeable(&mut tx, actor, id, rights).await?;
    store::comments::delete(&mut tx, id).await?;
    store::tasks::add_to_comments(&mut tx, found.task.summary.id, -1, services.now()).await?;
    finish(tx, services, actor, (Action::CommentDeleted, &found.task.summary, Tells::default())).await
}

/// The comment and its task, if the actor may do `own` to their own or `any` to anyone's.
async fn changeable(
    tx: &mut Tx,
    actor: &Actor,
    id: CommentId,
    (own, any): (Permission, Permission),
) -> Result<(Comment, Found)> {
    let comment = store::comments::find(tx, id).await?.ok_or_else(|| Error::not_found("comment"))?;
    let is_own = actor.user_id.is_some() && comment.author.as_ref().map(|author| author.id) == actor.user_id;
    let found = tasks::readable(tx, actor, comment.task_id).await.map_err(|error| error.about("comment"))?;
    let needed = if is_own && actor.allows(own, found.project.id) { own } else { any };
    let found = tasks::changeable_found(actor, needed, found)?;
    Ok((comment, found))
}

/// The author, and whoever is mentioned and may see the task.
async fn concerned(tx: &mut Tx, found: &Found, author: Option<UserId>, body: &str) -> Result<Vec<UserRef>> {
    Ok(store::tasks::concerned(tx, found.project.id, author, &mentions(body)).await?)
}

/// Those of the mentioned whom the text did not mention before.
fn newly_mentioned(people: &[UserRef], before: &str) -> Vec<UserId> {
    let before = mentions(before);
    let new = people.iter().filter(|person| !before.contains(&validate::username_key(&person.username)));
    new.map(|person| person.id).collect()
}

async fn watch(tx: &mut Tx, found: &Found, people: &[UserRef]) -> Result<()> {
    let people: Vec<_> = people.iter().map(|person| person.id).collect();
    store::tasks::watch(tx, found.task.summary.id, &people).await?;
    if found.project.urgent {
        store::urgent::look_again(tx, found.project.id).await?;
    }
    Ok(())
}

async fn finish(
    mut tx: Tx,
    services: &Services,
    actor: &Actor,
    (action, task, tells): (Action, &TaskSummary, Tells),
) -> Result<()> {
    store::tasks::add_to_counts(&mut tx, task.project_id, Counts::default(), services.now()).await?;
    let mut journal = Journal::new(services, actor);
    journal.add(Entry::new(action, &task.title).project(task.project_id).task(task.id).tells(tells));
    journal.commit(tx).await
}

/// The same create, sent twice.
fn same_create(actor: &Actor, task: TaskId, existing: Comment) -> Result<Comment> {
    let author = existing.author.as_ref().map(|author| author.id);
    if existing.task_id == task && author == actor.user_id {
        return Ok(with_html(existing));
    }
    Err(Error::field("id", "taken", "This id is in use. Send the comment with another one."))
}

fn check_body(body: &str) -> Result<String> {
    let mut fields = Fields::new();
    let body = fields.check("body", validate::required_text(body, limits::TEXT));
    fields.finish()?;
    Ok(body)
}

pub(crate) fn with_html(mut comment: Comment) -> Comment {
    comment.body_html = markdown::to_html(&comment.body);
    comment
}
