//! How projects ring that have a policy of their own.

use super::episodes::{read_policy, write_policy};
use crate::db::{Result, Tx};
use domain::{ids::ProjectId, urgent::Policy};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A project's own policy with its version.
pub async fn find(tx: &mut Tx, project: ProjectId) -> Result<Option<(Policy, i64)>> {
    let row: Option<(String, i64)> = tx
        .sql("SELECT policy, version FROM urgent_policy WHERE project_id = ?")
        .bind(project.uuid())
        .optional()
        .await?;
    Ok(row.map(|(policy, version)| (read_policy(&policy), version)))
}

/// The policies of those projects that have one of their own.
pub async fn find_many(tx: &mut Tx, projects: &[ProjectId]) -> Result<BTreeMap<ProjectId, Policy>> {
    if projects.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sql = tx
        .compose("SELECT project_id, policy FROM urgent_policy WHERE project_id IN ")
        .list(projects.iter().map(|project| project.uuid()));
    let rows: Vec<(Uuid, String)> = tx.build(sql).all().await?;
    Ok(rows.into_iter().map(|(project, policy)| (ProjectId(project), read_policy(&policy))).collect())
}

/// Gives a project a policy of its own.
///
/// # Errors
/// [`crate::Error::Taken`] if it has one.
pub async fn insert(tx: &mut Tx, project: ProjectId, policy: &Policy) -> Result<()> {
    tx.sql("INSERT INTO urgent_policy (project_id, policy, version) VALUES (?, ?, 1)")
        .bind(project.uuid())
        .bind(write_policy(policy))
        .run()
        .await
        .map(drop)
}

/// Writes a changed policy over version `seen`; `false` if it has another version by now.
pub async fn update(tx: &mut Tx, project: ProjectId, policy: &Policy, seen: i64) -> Result<bool> {
    let matched = tx
        .sql(
            "UPDATE urgent_policy SET policy = ?, version = version + 1 WHERE project_id = ? AND version = ?",
        )
        .bind(write_policy(policy))
        .bind(project.uuid())
        .bind(seen)
        .run()
        .await?;
    Ok(matched > 0)
}

/// Takes a project's own policy away; `false` if it has another version by now.
pub async fn remove(tx: &mut Tx, project: ProjectId, seen: i64) -> Result<bool> {
    let matched = tx
        .sql("DELETE FROM urgent_policy WHERE project_id = ? AND version = ?")
        .bind(project.uuid())
        .bind(seen)
        .run()
        .await?;
    Ok(matched > 0)
}
