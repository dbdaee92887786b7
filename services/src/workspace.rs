//! The installation as a whole.

use crate::Services;
use domain::{
    Result,
    ids::RoleId,
    role::{self, Role},
};

/// Makes what a new workspace starts with. Called at every start; does nothing where there is anything already.
///
/// # Errors
/// What the database says.
pub async fn prepare(services: &Services) -> Result<()> {
    let mut tx = services.db.write().await?;
    if !store::roles::list(&mut tx).await?.is_empty() {
        return Ok(());
    }
    for (name, description, permissions) in role::starting_roles() {
        let role = Role {
            id: RoleId(services.ids.id()),
            name: name.into(),
            description: description.into(),
            permissions,
            version: 1,
        };
        store::roles::insert(&mut tx, &role).await?;
    }
    tx.bump_access();
    tx.commit().await?;
    Ok(())
}

/// Whether anybody has an account yet.
///
/// # Errors
/// What the database says.
pub async fn has_users(services: &Services) -> Result<bool> {
    let mut tx = services.db.peek().await?;
    Ok(store::users::any(&mut tx).await?)
}

/// Lets an embedded database learn what its tables hold by now; gives 0, because nothing is removed.
///
/// # Errors
/// What the database says.
pub async fn learn(services: &Services) -> Result<u64> {
    let mut tx = services.db.write_aside().await?;
    store::statistics::learn(&mut tx).await?;
    tx.commit().await?;
    Ok(0)
}
