//! Roles: the rows of the roles × permissions matrix.

use crate::{
    Actor, Services,
    audit::{self, Act},
    authorize,
    journal::{Entry, Journal},
};
use domain::{
    Error, Result,
    activity::{Action, Change},
    error::Fields,
    ids::RoleId,
    limits,
    permission::{Permission, PermissionSet},
    role::{EditRole, NewRole, Role},
    validate,
};
use store::{Tx, users};

/// Every role. Anyone who is signed in may read them: they explain what oneself and others may do.
///
/// # Errors
/// What the database says.
pub async fn list(services: &Services, _actor: &Actor) -> Result<Vec<Role>> {
    let mut tx = services.db.read().await?;
    Ok(store::roles::list(&mut tx).await?)
}

/// The role of that id, for anyone who is signed in.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(services: &Services, _actor: &Actor, id: RoleId) -> Result<Role> {
    let mut tx = services.db.peek().await?;
    existing(&mut tx, id).await
}

/// Adds a role.
///
/// # Errors
/// [`Error::Forbidden`] without `role.manage`; [`Error::Invalid`] for a blank, long or taken name.
pub async fn create(services: &Services, actor: &Actor, new: NewRole) -> Result<Role> {
    authorize::in_workspace(actor, Permission::RoleManage)?;
    let (name, description) = check_texts(&new.name, &new.description)?;
    let role =
        Role { id: services.id_or_new(new.id), name, description, permissions: new.permissions, version: 1 };
    let mut tx = services.db.write().await?;
    if let Some(existing) = store::roles::find(&mut tx, role.id).await? {
        // The same create, sent twice.
        return Ok(existing);
    }
    store::roles::insert(&mut tx, &role).await.map_err(taken)?;
    tx.bump_access();
    audit::note(&mut tx, services, actor, Act::done("role.created", "role", role.id)).await?;
    let mut journal = Journal::new(services, actor);
    journal.add(Entry::new(Action::RoleCreated, &role.name));
    journal.commit(tx).await?;
    Ok(role)
}

/// Changes a role; it counts from everyone's next request on.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], [`Error::Conflict`];
/// [`Error::Refused`] with `last_role_manager` if nobody could manage roles any more.
pub async fn update(services: &Services, actor: &Actor, id: RoleId, edit: EditRole) -> Result<Role> {
    authorize::in_workspace(actor, Permission::RoleManage)?;
    let mut tx = services.db.write().await?;
    let before = existing(&mut tx, id).await?;
    let (name, description) = check_texts(
        edit.name.as_deref().unwrap_or(&before.name),
        edit.description.as_deref().unwrap_or(&before.description),
    )?;
    let after = Role {
        id,
        name,
        description,
        permissions: edit.permissions.unwrap_or(before.permissions),
        version: before.version + 1,
    };
    if !store::roles::update(&mut tx, &after, edit.version).await.map_err(taken)? {
        return Err(stale(&before));
    }
    tx.bump_access();
    keep_a_role_manager(&mut tx).await?;
    audit::note(&mut tx, services, actor, Act::done("role.updated", "role", id)).await?;
    let mut journal = Journal::new(services, actor);
    journal.add(Entry::new(Action::RoleUpdated, &after.name).changes(differences(&before, &after)));
    journal.commit(tx).await?;
    Ok(after)
}

/// Removes a role that nobody has.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] with `role_in_use` while somebody has it.
pub async fn delete(services: &Services, actor: &Actor, id: RoleId) -> Result<()> {
    authorize::in_workspace(actor, Permission::RoleManage)?;
    let mut tx = services.db.write().await?;
    let role = existing(&mut tx, id).await?;
    let (people, places) = store::roles::usage(&mut tx).await?.remove(&id).unwrap_or_default();
    if people + places > 0 {
        return Err(Error::refused(
            "role_in_use",
            format!(
                "“{}” is the role of {people} people and {places} project members. \
                 Give them another role first.",
                role.name
            ),
        ));
    }
    store::roles::delete(&mut tx, id).await?;
    tx.bump_access();
    audit::note(&mut tx, services, actor, Act::done("role.deleted", "role", id)).await?;
    let mut journal = Journal::new(services, actor);
    journal.add(Entry::new(Action::RoleDeleted, &role.name));
    journal.commit(tx).await
}

/// Refuses to go on if, as the transaction now stands, no active person may manage roles.
///
/// # Errors
/// [`Error::Refused`] with `last_role_manager`.
pub(crate) async fn keep_a_role_manager(tx: &mut Tx) -> Result<()> {
    if users::count_with_permission(tx, Permission::RoleManage).await? > 0 {
        return Ok(());
    }
    Err(Error::refused(
        "last_role_manager",
        "After this nobody could manage roles any more. Give that permission to someone else first.",
    ))
}

async fn existing(tx: &mut Tx, id: RoleId) -> Result<Role> {
    store::roles::find(tx, id).await?.ok_or_else(|| Error::not_found("role"))
}

fn check_texts(name: &str, description: &str) -> Result<(String, String)> {
    let mut fields = Fields::new();
    let name = fields.check("name", validate::name(name, limits::NAME));
    let description = fields.check("description", validate::text(description, limits::SUMMARY));
    fields.finish()?;
    Ok((name, description))
}

fn differences(before: &Role, after: &Role) -> Vec<Change> {
    let some = |text: &str| Some(text.to_owned());
    [
        Change::of("name", some(&before.name), some(&after.name)),
        Change::of("description", some(&before.description), some(&after.description)),
        Change::of("permissions", names(before.permissions), names(after.permissions)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn names(permissions: PermissionSet) -> Option<String> {
    let names: Vec<_> = permissions.iter().map(Permission::as_str).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn taken(error: store::Error) -> Error {
    match error {
        store::Error::Taken(_) => {
            Error::field("name", "taken", "There is a role with this name. Choose another.")
        }
        other => other.into(),
    }
}

fn stale(current: &Role) -> Error {
    Error::conflict("role", serde_json::to_string(current).unwrap_or_default())
}
