//! One's own account.

use crate::{
    Actor, Services,
    attempts::Attempt,
    audit::{self, Act},
    authorize,
    ports::bus::Event,
    secrets, users,
};
use domain::{
    Error, Result,
    error::Fields,
    ids::UserId,
    permission::Permission,
    session::Me,
    user::{EditUser, User},
};

/// Who is signed in.
///
/// # Errors
/// [`Error::Unauthenticated`] for the program itself.
pub async fn me(services: &Services, actor: &Actor) -> Result<Me> {
    let id = authorize::person(actor)?;
    let mut tx = services.db.peek().await?;
    let found = store::users::find_with_unread(&mut tx, id, actor.visible()).await?;
    let (user, unread) = found.ok_or_else(|| Error::not_found("user"))?;
    Ok(Me {
        user,
        permissions: actor.permissions_in(crate::Place::Workspace),
        dependencies: services.features.dependencies,
        unread,
    })
}

/// Changes one's own password and ends all other sessions. Whoever calls renews the cookie's id.
///
/// # Errors
/// [`Error::Invalid`] for `current` if it is not the password, for `new` if it is a weak one;
/// [`Error::TooMany`] after five wrong ones; [`Error::Refused`] through an API token.
pub async fn change_password(services: &Services, actor: &Actor, current: String, new: String) -> Result<()> {
    let id = authorize::own_key(actor)?;
    let mut tx = services.db.read().await?;
    let user = users::existing(&mut tx, id).await?;
    let old = store::users::password_hash(&mut tx, id).await?.unwrap_or_default();
    drop(tx);
    let mut fields = Fields::new();
    fields.check("new", users::check_password(&user, &new));
    fields.finish()?;
    let attempt = check_current(services, id, old.clone(), current).await?;
    let hash = services.passwords.hash(new).await?;
    let mut tx = services.db.write_aside().await?;
    if !store::users::set_password_hash(&mut tx, id, Some(old), hash).await? {
        return Err(Error::refused(
            "password_changed",
            "Your password was changed a moment ago. Sign in with that one.",
        ));
    }
    attempt.succeeded(&mut tx, &[]).await?;
    store::sessions::close_of_user(&mut tx, id, actor.session_id).await?;
    store::devices::remove_of_user(&mut tx, id, actor.session_id).await?;
    audit::note(&mut tx, services, actor, Act::done("user.password_changed", "user", id)).await?;
    tx.commit().await?;
    services.bus.publish(Event::SignedOut(id));
    Ok(())
}

/// Changes one's own name, user name or address.
///
/// # Errors
/// [`Error::Invalid`], [`Error::Conflict`]; [`Error::Forbidden`] for one's own role or status.
pub async fn update_profile(services: &Services, actor: &Actor, edit: EditUser) -> Result<User> {
    let id = authorize::own_act(actor)?;
    if edit.role_id.is_some() || edit.status.is_some() {
        return Err(Error::Forbidden { permission: Permission::UserManage.as_str().into() });
    }
    let mut tx = services.db.write().await?;
    let before = users::existing(&mut tx, id).await?;
    let after = users::edited(&before, &edit)?;
    users::save(&mut tx, services, actor, (&before, &after, edit.version)).await?;
    users::finish(tx, services, actor, (&before, &after)).await?;
    Ok(after)
}

/// Whoever finds an open browser shall not guess the password in it: tries are counted here, too.
async fn check_current(services: &Services, id: UserId, hash: String, current: String) -> Result<Attempt> {
    let subject = secrets::sha256(format!("password {id}"));
    let attempt = Attempt::begin(services, subject, "").await?;
    match services.passwords.verify(hash, current).await {
        Ok(verdict) if verdict.matches => Ok(attempt),
        Ok(_) => Err(Error::field("current", "wrong", "This is not your current password. Type it again.")),
        Err(error) => {
            attempt.withdraw(services).await?;
            Err(error)
        }
    }
}
