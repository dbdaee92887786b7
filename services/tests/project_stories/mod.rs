//! What several files of stories about projects need.
#![allow(dead_code, reason = "each file of stories uses its part")]

use domain::{
    Error,
    activity::{Activity, ActivityFilter},
    board::Column,
    ids::{TaskId, UserId},
    page::Page,
    project::{Lifecycle, Project},
};
use services::{Actor, activity};
use store::Db;
use testkit::Workspace;

/// The wrong fields, each with its code.
pub fn fields(error: &Error) -> Vec<(&str, &str)> {
    match error {
        Error::Invalid { fields } => {
            fields.iter().map(|field| (field.field.as_str(), field.code.as_str())).collect()
        }
        other => panic!("fields were to be refused, not {other:?}"),
    }
}

/// The rule that refused.
pub fn code(error: &Error) -> &str {
    match error {
        Error::Refused { code, .. } => code,
        other => panic!("a rule was to refuse, not {other:?}"),
    }
}

/// That it does not exist for them.
pub fn is_hidden<T: std::fmt::Debug>(answer: domain::Result<T>) -> bool {
    matches!(answer, Err(Error::NotFound { .. }))
}

/// That they see it and may not do this.
pub fn is_forbidden<T: std::fmt::Debug>(answer: domain::Result<T>) -> bool {
    matches!(answer, Err(Error::Forbidden { .. }))
}

/// That someone else was faster.
pub fn is_stale<T: std::fmt::Debug>(answer: domain::Result<T>) -> bool {
    matches!(answer, Err(Error::Conflict { .. }))
}

/// Whoever an actor is.
pub fn id(actor: &Actor) -> UserId {
    actor.user_id.expect("a person")
}

/// The history of a project, newest first, as the administrator sees it.
pub async fn history(w: &Workspace, project: &Project) -> Vec<Activity> {
    let filter = ActivityFilter { project_id: Some(project.id), ..ActivityFilter::default() };
    activity::list(&w.services, &w.admin, filter, Page::default()).await.expect("the history").items
}

/// A task as a row, counted nowhere.
pub async fn task_row(w: &Workspace, column: &Column, number: i64, parent: Option<TaskId>) -> TaskId {
    let id = w.services.ids.id();
    let mut tx = w.services.db.write().await.expect("a transaction");
    tx.sql(
        "INSERT INTO task (id, search_id, project_id, number, title, description, column_id, category, card_rank,
           priority, start_on, due_on, parent_id, child_count, child_done_count, comment_count, lifecycle,
           created_at, updated_at, version)
         VALUES (?, ?, ?, ?, ?, '', ?, ?, ?, 0, '9999-12-31', '9999-12-31', ?, 0, 0, 0, 0, 0, 0, 1)",
    )
    .bind(id)
    .bind(i64::try_from(id.as_u128() & 0xffff_ffff).expect("a small number"))
    .bind(column.project_id.uuid())
    .bind(number)
    .bind(format!("Task {number}"))
    .bind(column.id.uuid())
    .bind(column.category.as_str())
    .bind(format!("a{number}"))
    .bind(parent.map(TaskId::uuid))
    .run()
    .await
    .expect("a task");
    tx.commit().await.expect("a commit");
    TaskId(id)
}

/// Archives or deletes a task as a row.
pub async fn put_away(db: &Db, task: TaskId, lifecycle: Lifecycle, at: i64) {
    let mut tx = db.write().await.expect("a transaction");
    tx.sql("UPDATE task SET lifecycle = ?, deleted_at = ? WHERE id = ?")
        .bind(lifecycle.code())
        .bind(at)
        .bind(task.uuid())
        .run()
        .await
        .expect("put away");
    tx.commit().await.expect("a commit");
}

/// Assigns someone to a task, as a row, and lets them watch it.
pub async fn assign(db: &Db, task: TaskId, user: UserId) {
    let mut tx = db.write().await.expect("a transaction");
    for text in [
        "INSERT INTO task_assignee (task_id, user_id) VALUES (?, ?)",
        "INSERT INTO task_watcher (task_id, user_id) VALUES (?, ?)",
    ] {
        tx.sql(text).bind(task.uuid()).bind(user.uuid()).run().await.expect("a row");
    }
    tx.commit().await.expect("a commit");
}

/// How many assignees and watchers a task has, and its version.
pub async fn hands_on(db: &Db, task: TaskId) -> (i64, i64, i64) {
    let mut tx = db.peek().await.expect("a connection");
    tx.sql(
        "SELECT (SELECT COUNT(*) FROM task_assignee a WHERE a.task_id = t.id),
           (SELECT COUNT(*) FROM task_watcher w WHERE w.task_id = t.id), t.version
         FROM task t
         WHERE t.id = ?",
    )
    .bind(task.uuid())
    .one()
    .await
    .expect("a task")
}
