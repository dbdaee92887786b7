//! Single tasks, and a few known by id.

use super::{
    faces, padded,
    row::{FROM, FROM_REST, Found, REST, SUMMARY, WholeRow},
};
use crate::db::{Result, Sql, Tx};
use domain::ids::TaskId;

/// The task of that id, whatever its lifecycle.
pub async fn find(tx: &mut Tx, id: TaskId) -> Result<Option<Found>> {
    let sql = select(tx.compose("")).bind(" WHERE t.id = ?", id.uuid());
    one(tx, sql).await
}

/// The task of that project key (in capitals) and number. Index: `task_number`.
pub async fn find_by_key(tx: &mut Tx, key: &str, number: i64) -> Result<Option<Found>> {
    let sql = of_key(tx, key, number);
    one(tx, sql).await
}

/// As [`find_by_key`], not yet asked.
pub(super) fn of_key(tx: &Tx, key: &str, number: i64) -> Sql {
    select(tx.compose("")).bind(" WHERE p.project_key = ?", key.to_owned()).bind(" AND t.number = ?", number)
}

/// The tasks of those ids, in no order; ids that nothing has are left out.
pub async fn find_many(tx: &mut Tx, ids: &[TaskId]) -> Result<Vec<Found>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    let sql = select(tx.compose("")).push(" WHERE t.id IN ").list(padded(&ids));
    all(tx, sql).await
}

/// Adds the selection of whole tasks to a statement that may have begun with a `WITH`.
pub(super) fn select(sql: Sql) -> Sql {
    sql.push("SELECT ").push(SUMMARY).push(REST).push(FROM).push(FROM_REST)
}

/// The tasks without their people and labels.
pub(super) async fn bare(tx: &mut Tx, sql: Sql) -> Result<Vec<Found>> {
    let rows: Vec<WholeRow> = tx.build(sql).all().await?;
    rows.into_iter().map(WholeRow::into_found).collect()
}

async fn all(tx: &mut Tx, sql: Sql) -> Result<Vec<Found>> {
    let mut found = bare(tx, sql).await?;
    faces::fill(tx, found.iter_mut().map(|found| &mut found.task.summary)).await?;
    Ok(found)
}

async fn one(tx: &mut Tx, sql: Sql) -> Result<Option<Found>> {
    Ok(all(tx, sql).await?.pop())
}
