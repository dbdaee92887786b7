//! Who is told of a task's changes.

use crate::{
    db::{Result, Tx},
    people::PersonRow,
};
use domain::{
    ids::{ProjectId, TaskId, UserId},
    user::UserRef,
    validate,
};
use uuid::Uuid;

/// A task's watchers by name. Index: `task_watcher_pk`.
pub async fn watchers(tx: &mut Tx, task: TaskId) -> Result<Vec<UserRef>> {
    let rows: Vec<PersonRow> = tx
        .sql(
            "SELECT u.id, u.username, u.display_name
             FROM task_watcher w
             JOIN person u ON u.id = w.user_id
             WHERE w.task_id = ?
             ORDER BY u.display_name, u.id",
        )
        .bind(task.uuid())
        .all()
        .await?;
    Ok(rows.into_iter().map(UserRef::from).collect())
}

/// Makes people watch a task; those who do already go on.
pub async fn watch(tx: &mut Tx, task: TaskId, users: &[UserId]) -> Result<()> {
    if users.is_empty() {
        return Ok(());
    }
    let sql = tx.compose(tx.dialect().insert_ignore()).push("task_watcher (task_id, user_id) VALUES ").rows(
        users,
        2,
        |sql, user| sql.value(task.uuid()).value(user.uuid()),
    );
    tx.build(sql).run().await.map(drop)
}

/// Makes a person stop watching a task.
pub async fn unwatch(tx: &mut Tx, task: TaskId, user: UserId) -> Result<()> {
    tx.sql("DELETE FROM task_watcher WHERE task_id = ? AND user_id = ?")
        .bind(task.uuid())
        .bind(user.uuid())
        .run()
        .await
        .map(drop)
}

/// The author of a comment, and those of the user names in it whose owners may see the project.
/// Indices: `person_pk`, `person_username_key`.
pub async fn concerned(
    tx: &mut Tx,
    project: ProjectId,
    author: Option<UserId>,
    usernames: &[String],
) -> Result<Vec<UserRef>> {
    if usernames.is_empty() && author.is_none() {
        return Ok(Vec::new());
    }
    let sql = tx
        .compose(
            "SELECT u.id, u.username, u.display_name FROM person u
             WHERE u.status = 'active' AND (u.id = ",
        )
        // A nil id is nobody's.
        .bind("?", author.map_or_else(Uuid::nil, UserId::uuid))
        .push(" OR u.username_key IN ")
        .list(usernames.iter().map(|name| validate::username_key(name)))
        .bind(
            " AND (EXISTS (
                 SELECT 1 FROM project_member m
                 JOIN role_permission rp ON rp.role_id = m.role_id AND rp.permission = 'project.view'
                 WHERE m.project_id = ?",
            project.uuid(),
        )
        .push(
            " AND m.user_id = u.id)
               OR EXISTS (
                 SELECT 1 FROM role_permission everywhere
                 JOIN role_permission rp ON rp.role_id = everywhere.role_id AND rp.permission = 'project.view'
                 WHERE everywhere.role_id = u.role_id AND everywhere.permission = 'project.access_all')))",
        );
    let rows: Vec<PersonRow> = tx.build(sql).all().await?;
    Ok(rows.into_iter().map(UserRef::from).collect())
}
