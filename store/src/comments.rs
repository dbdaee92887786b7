//! Comments on tasks.

use crate::{
    access::Visible,
    db::{Result, Tx},
};
use domain::{
    comment::Comment,
    ids::{CommentId, TaskId, UserId},
    page::{Page, Paged},
    time::Timestamp,
    user::UserRef,
};
use uuid::Uuid;

const SELECT: &str = "SELECT c.id, c.task_id, c.author_id, u.username, u.display_name, c.body, c.created_at,
       c.edited_at, c.version
     FROM comment c
     LEFT JOIN person u ON u.id = c.author_id";

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    task_id: Uuid,
    author_id: Option<Uuid>,
    username: Option<String>,
    display_name: Option<String>,
    body: String,
    created_at: i64,
    edited_at: Option<i64>,
    version: i64,
}

impl From<Row> for Comment {
    fn from(row: Row) -> Self {
        let author = match (row.author_id, row.username, row.display_name) {
            (Some(id), Some(username), Some(display_name)) => {
                Some(UserRef { id: UserId(id), username, display_name })
            }
            _ => None,
        };
        Self {
            id: CommentId(row.id),
            task_id: TaskId(row.task_id),
            author,
            body: row.body,
            body_html: String::new(),
            created_at: Timestamp(row.created_at),
            edited_at: row.edited_at.map(Timestamp),
            version: row.version,
        }
    }
}

/// A task's comments, oldest first, without their HTML. Index: `comment_on_task`; the cursor is the last one's
/// instant and id.
pub async fn list(tx: &mut Tx, task: TaskId, page: &Page) -> Result<Paged<Comment>> {
    let mut sql = tx.compose(SELECT).bind(" WHERE c.task_id = ?", task.uuid());
    if let Some((at, id)) = page.cursor.as_deref().and_then(position) {
        sql = sql
            .bind(" AND c.created_at >= ?", at)
            .bind(" AND (c.created_at > ?", at)
            .bind(" OR c.id > ?)", id.uuid());
    }
    let sql = sql.bind(" ORDER BY c.created_at, c.id LIMIT ?", page.limit + 1);
    let rows: Vec<Row> = tx.build(sql).all().await?;
    Ok(cut(rows, page.limit))
}

/// A task's comments, newest first, without their HTML: the end of the conversation, and then what came before it.
/// Index: `comment_on_task`, read backwards; the cursor is the last one's instant and id.
pub async fn latest(tx: &mut Tx, task: TaskId, page: &Page) -> Result<Paged<Comment>> {
    let mut sql = tx.compose(SELECT).bind(" WHERE c.task_id = ?", task.uuid());
    if let Some((at, id)) = page.cursor.as_deref().and_then(position) {
        sql = sql
            .bind(" AND c.created_at <= ?", at)
            .bind(" AND (c.created_at < ?", at)
            .bind(" OR c.id < ?)", id.uuid());
    }
    let sql = sql.bind(" ORDER BY c.created_at DESC, c.id DESC LIMIT ?", page.limit + 1);
    let rows: Vec<Row> = tx.build(sql).all().await?;
    Ok(cut(rows, page.limit))
}

/// Comments on every task that may be seen and is not deleted, newest first, without their HTML: a page after the
/// comment `after`. Index: the key, read backwards; of whoever sees little `comment_on_task`.
pub async fn everywhere(
    tx: &mut Tx,
    visible: Visible,
    (limit, after): (i64, Option<CommentId>),
) -> Result<Paged<Comment>> {
    let broad = visible.is_broad(tx).await?;
    let then = if broad { tx.dialect().join_in_order() } else { " JOIN " };
    let sql = tx
        .compose(SELECT)
        .push(then)
        .push("task t ON t.id = c.task_id")
        .push(then)
        .push("project p ON p.id = t.project_id")
        // In one condition: for one of the task alone, SQLite would first read all tasks to see which fulfil it.
        .push(" WHERE 2 NOT IN (t.lifecycle, p.lifecycle)")
        .bind_some(" AND c.id < ?", after.map(CommentId::uuid));
    let sql = visible.restrict(sql, if broad { " AND p.id" } else { " AND t.project_id" });
    let sql = sql.bind(" ORDER BY c.id DESC LIMIT ?", limit + 1);
    let rows: Vec<Row> = tx.build(sql).all().await?;
    let comments = rows.into_iter().map(Comment::from).collect();
    Ok(Paged::cut(comments, limit, |comment| comment.id.to_string()))
}

/// Whether [`list`] or [`latest`] gave this cursor.
pub fn is_cursor(text: &str) -> bool {
    position(text).is_some()
}

/// The comment of that id, without its HTML.
pub async fn find(tx: &mut Tx, id: CommentId) -> Result<Option<Comment>> {
    let sql = tx.compose(SELECT).bind(" WHERE c.id = ?", id.uuid());
    let row: Option<Row> = tx.build(sql).optional().await?;
    Ok(row.map(Comment::from))
}

/// Adds a comment.
///
/// # Errors
/// [`crate::Error::Taken`] if the id is.
pub async fn insert(tx: &mut Tx, comment: &Comment) -> Result<()> {
    tx.sql(
        "INSERT INTO comment (id, task_id, author_id, body, created_at, edited_at, version)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(comment.id.uuid())
    .bind(comment.task_id.uuid())
    .bind(comment.author.as_ref().map(|author| author.id.uuid()))
    .bind(comment.body.clone())
    .bind(comment.created_at.micros())
    .bind(comment.edited_at.map(Timestamp::micros))
    .bind(comment.version)
    .run()
    .await
    .map(drop)
}

/// Writes a changed comment over version `seen`; `false` if it has another version by now.
pub async fn update(tx: &mut Tx, comment: &Comment, seen: i64) -> Result<bool> {
    let matched = tx
        .sql("UPDATE comment SET body = ?, edited_at = ?, version = ? WHERE id = ? AND version = ?")
        .bind(comment.body.clone())
        .bind(comment.edited_at.map(Timestamp::micros))
        .bind(comment.version)
        .bind(comment.id.uuid())
        .bind(seen)
        .run()
        .await?;
    Ok(matched > 0)
}

/// Removes a comment.
pub async fn delete(tx: &mut Tx, id: CommentId) -> Result<()> {
    tx.sql("DELETE FROM comment WHERE id = ?").bind(id.uuid()).run().await.map(drop)
}

fn cut(rows: Vec<Row>, limit: i64) -> Paged<Comment> {
    let comments = rows.into_iter().map(Comment::from).collect();
    Paged::cut(comments, limit, |comment| {
        format!("{}.{}", comment.created_at.micros(), comment.id.uuid().simple())
    })
}

fn position(cursor: &str) -> Option<(i64, CommentId)> {
    let (at, id) = cursor.split_once('.')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}
