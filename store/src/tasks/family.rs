//! A task and its sub-tasks.

use super::{faces, list, read, row::Found};
use crate::db::{Result, Tx};
use domain::task::TaskSummary;
use std::iter::once;

/// The task of that project key (in capitals) and number, and its active sub-tasks by number, at most `limit`. The
/// people and labels of all of them are read at once. Indices: `task_number`, `task_by_parent`.
pub async fn family(
    tx: &mut Tx,
    (key, number): (&str, i64),
    limit: i64,
) -> Result<Option<(Found, Vec<TaskSummary>)>> {
    let sql = read::of_key(tx, key, number);
    let Some(mut found) = read::bare(tx, sql).await?.pop() else { return Ok(None) };
    let parent = &mut found.task.summary;
    let mut children = match parent.child_count {
        0 => Vec::new(),
        _ => list::bare_children(tx, parent.id, limit).await?,
    };
    faces::fill(tx, once(parent).chain(&mut children)).await?;
    Ok(Some((found, children)))
}
