//! Watching a task: being told of its changes.

use super::gate;
use crate::{Actor, Services, authorize};
use domain::{Result, ids::TaskId};

/// Makes the actor watch a task. Not a row of the history: it concerns nobody else.
///
/// # Errors
/// [`domain::Error::NotFound`]; [`domain::Error::Refused`] for a token that may only read.
pub async fn watch(services: &Services, actor: &Actor, id: TaskId) -> Result<()> {
    let user = authorize::own_act(actor)?;
    let mut tx = services.db.write().await?;
    let found = gate::readable(&mut tx, actor, id).await?;
    store::tasks::watch(&mut tx, id, &[user]).await?;
    if found.project.urgent {
        store::urgent::look_again(&mut tx, found.project.id).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Makes the actor stop watching a task.
///
/// # Errors
/// [`domain::Error::NotFound`]; [`domain::Error::Refused`] for a token that may only read.
pub async fn unwatch(services: &Services, actor: &Actor, id: TaskId) -> Result<()> {
    let user = authorize::own_act(actor)?;
    let mut tx = services.db.write_aside().await?;
    gate::readable(&mut tx, actor, id).await?;
    store::tasks::unwatch(&mut tx, id, user).await?;
    tx.commit().await?;
    Ok(())
}
