//! Maintenance: while an operator works on the installation, people wait.

use crate::{
    Actor, Services,
    audit::{self, Act},
    authorize,
};
use domain::{Error, Result, Timestamp, limits, permission::Permission, validate};
use serde::{Deserialize, Serialize};

/// The setting that is there while maintenance is.
const SETTING: &str = "maintenance";

/// What people are told who come meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maintenance {
    /// Since when.
    pub since: Timestamp,
    /// The operator's own words; may be empty.
    pub message: String,
}

/// Whether there is maintenance. For every instance on the database, from within a second.
///
/// # Errors
/// What the database says.
pub async fn state(services: &Services) -> Result<Option<Maintenance>> {
    let mut tx = services.db.peek().await?;
    let Some(text) = store::settings::find(&mut tx, SETTING).await? else { return Ok(None) };
    // What another version wrote is maintenance all the same.
    let unread = Maintenance { since: services.now(), message: String::new() };
    Ok(Some(serde_json::from_str(&text).unwrap_or(unread)))
}

/// Begins maintenance, or says something else about it. Whoever may change the workspace's settings still gets in.
///
/// # Errors
/// [`Error::Forbidden`] without `workspace.manage`; [`Error::Invalid`] for a long message.
pub async fn begin(services: &Services, actor: &Actor, message: &str) -> Result<Maintenance> {
    authorize::in_workspace(actor, Permission::WorkspaceManage)?;
    let message = validate::text(message.trim(), limits::REASON)
        .map_err(|problem| Error::field("message", problem.code, problem.message))?;
    let since = state(services).await?.map_or_else(|| services.now(), |before| before.since);
    let it = Maintenance { since, message };
    let mut tx = services.db.write_aside().await?;
    store::settings::put(&mut tx, SETTING, serde_json::to_string(&it).unwrap_or_default()).await?;
    audit::note(&mut tx, services, actor, Act::everywhere("maintenance.begun", "workspace")).await?;
    tx.commit().await?;
    Ok(it)
}

/// Ends maintenance; `false` if there was none.
///
/// # Errors
/// [`Error::Forbidden`] without `workspace.manage`.
pub async fn end(services: &Services, actor: &Actor) -> Result<bool> {
    authorize::in_workspace(actor, Permission::WorkspaceManage)?;
    if state(services).await?.is_none() {
        return Ok(false);
    }
    let mut tx = services.db.write_aside().await?;
    store::settings::remove(&mut tx, SETTING).await?;
    audit::note(&mut tx, services, actor, Act::everywhere("maintenance.ended", "workspace")).await?;
    tx.commit().await?;
    Ok(true)
}
