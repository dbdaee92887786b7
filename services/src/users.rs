//! People: who belongs to the workspace, and as what.

use crate::{
    Actor, Services, attempts, audit,
    audit::Act,
    authorize,
    journal::{Entry, Journal},
    ports::bus::Event,
    roles,
};
use domain::{
    Error, Result,
    activity::{Action, Change},
    error::Fields,
    ids::{RoleId, UserId},
    limits,
    page::{Page, Paged},
    permission::{Permission, PermissionSet, Scope},
    role::Role,
    user::{EditUser, NewUser, User, UserFilter, UserRef, UserStatus},
    validate,
};
use store::{Tx, sessions};

/// How many people a picker shows.
const OPTIONS: i64 = 20;

/// People by name.
///
/// # Errors
/// [`Error::Forbidden`] without `user.view`; [`Error::Invalid`] for a cursor that no page gave.
pub async fn list(services: &Services, actor: &Actor, filter: UserFilter, page: Page) -> Result<Paged<User>> {
    authorize::in_workspace(actor, Permission::UserView)?;
    page.after(|text| text.parse::<UserId>().ok())?;
    let mut tx = services.db.read().await?;
    Ok(store::users::list(&mut tx, &filter, &page).await?)
}

/// One person. Everyone may look at themselves.
///
/// # Errors
/// [`Error::Forbidden`] without `user.view`; [`Error::NotFound`].
pub async fn find(services: &Services, actor: &Actor, id: UserId) -> Result<User> {
    if actor.user_id != Some(id) {
        authorize::in_workspace(actor, Permission::UserView)?;
    }
    let mut tx = services.db.peek().await?;
    existing(&mut tx, id).await
}

/// The first twenty people who may sign in and whom `search` finds, for pickers.
///
/// # Errors
/// [`Error::Forbidden`] without `user.view`.
pub async fn options(services: &Services, actor: &Actor, search: &str) -> Result<Vec<UserRef>> {
    authorize::in_workspace(actor, Permission::UserView)?;
    let mut tx = services.db.peek().await?;
    Ok(store::users::options(&mut tx, search, OPTIONS).await?)
}

/// Adds a person.
///
/// # Errors
/// [`Error::Forbidden`] without `user.manage`; [`Error::Invalid`] for a wrong or taken value;
/// [`Error::Refused`] with `role_above_own`.
pub async fn create(services: &Services, actor: &Actor, new: NewUser) -> Result<User> {
    authorize::in_workspace(actor, Permission::UserManage)?;
    let mut user = User {
        id: services.id_or_new(new.id),
        username: new.username,
        email: new.email,
        display_name: new.display_name,
        role_id: new.role_id,
        role_name: String::new(),
        status: UserStatus::Active,
        created_at: services.now(),
        version: 1,
    };
    check_new(&mut user, &new.password)?;
    let hash = services.passwords.hash(new.password).await?;
    let mut tx = services.db.write().await?;
    if let Some(existing) = store::users::find(&mut tx, user.id).await? {
        // The same create, sent twice.
        return Ok(existing);
    }
    let role = grantable(&mut tx, actor, user.role_id).await?;
    user.role_name = role.name;
    refuse_taken(&mut tx, &user).await?;
    store::users::insert(&mut tx, &user, hash).await?;
    tx.bump_access();
    audit::note(&mut tx, services, actor, Act::done("user.created", "user", user.id)).await?;
    let mut journal = Journal::new(services, actor);
    journal.add(Entry::new(Action::UserCreated, &user.display_name));
    journal.commit(tx).await?;
    Ok(user)
}

/// Changes a person. A new role counts from their next request on, which also renews their session's id; a person
/// who may not sign in any more is signed out everywhere.
///
/// # Errors
/// [`Error::Forbidden`] without `user.manage`; [`Error::NotFound`], [`Error::Invalid`], [`Error::Conflict`];
/// [`Error::Refused`] with `role_above_own` or `last_role_manager`.
pub async fn update(services: &Services, actor: &Actor, id: UserId, edit: EditUser) -> Result<User> {
    authorize::in_workspace(actor, Permission::UserManage)?;
    let mut tx = services.db.write().await?;
    let before = existing(&mut tx, id).await?;
    grantable(&mut tx, actor, before.role_id).await?;
    let mut after = edited(&before, &edit)?;
    after.role_name = grantable(&mut tx, actor, after.role_id).await?.name;
    save(&mut tx, services, actor, (&before, &after, edit.version)).await?;
    // The person is locked before their sessions, as everywhere: so nobody waits in a circle.
    if after.status == UserStatus::Disabled {
        sessions::close_of_user(&mut tx, id, None).await?;
        store::tokens::remove_of_user(&mut tx, id).await?;
        store::devices::remove_of_user(&mut tx, id, None).await?;
    } else if after.role_id != before.role_id {
        sessions::ask_renewal(&mut tx, id).await?;
    }
    roles::keep_a_role_manager(&mut tx).await?;
    finish(tx, services, actor, (&before, &after)).await?;
    Ok(after)
}

/// The person who signs in with that user name or address.
///
/// # Errors
/// [`Error::Forbidden`] without `user.view`; [`Error::NotFound`].
pub async fn by_login(services: &Services, actor: &Actor, login: &str) -> Result<User> {
    authorize::in_workspace(actor, Permission::UserView)?;
    let mut tx = services.db.peek().await?;
    let found = store::users::find_by_login(&mut tx, login.trim()).await?;
    found.map(|found| found.user).ok_or_else(|| Error::not_found("user"))
}

/// Gives a person a new password, signs them out everywhere, ends their API tokens, and forgets the failures of their account:
/// whoever had got hold of it has nothing of it any more.
///
/// # Errors
/// [`Error::Forbidden`] without `user.manage`; [`Error::NotFound`]; [`Error::Invalid`] for a weak password;
/// [`Error::Refused`] with `role_above_own`, or `own_password`: that is changed with the one that one has.
pub async fn set_password(services: &Services, actor: &Actor, id: UserId, password: String) -> Result<()> {
    authorize::in_workspace(actor, Permission::UserManage)?;
    if actor.user_id == Some(id) {
        return Err(Error::refused(
            "own_password",
            "Change your own password on your account page, which asks for the one that you have.",
        ));
    }
    let mut tx = services.db.read().await?;
    let user = existing(&mut tx, id).await?;
    grantable(&mut tx, actor, user.role_id).await?;
    drop(tx);
    let mut fields = Fields::new();
    fields.check("password", check_password(&user, &password));
    fields.finish()?;
    let hash = services.passwords.hash(password).await?;
    let mut tx = services.db.write().await?;
    // Asked again: the person may have got a greater role meanwhile.
    let user = existing(&mut tx, id).await?;
    grantable(&mut tx, actor, user.role_id).await?;
    // Tries come first, as where somebody signs in: so nobody waits in a circle. Those of their address stay.
    let names = [&user.username, &user.email].map(|login| attempts::account(login));
    store::sign_in_attempts::clear(&mut tx, &names).await?;
    store::users::set_password_hash(&mut tx, id, None, hash).await?;
    sessions::close_of_user(&mut tx, id, None).await?;
    store::tokens::remove_of_user(&mut tx, id).await?;
    store::devices::remove_of_user(&mut tx, id, None).await?;
    audit::note(&mut tx, services, actor, Act::done("user.password_set", "user", id)).await?;
    tx.commit().await?;
    services.bus.publish(Event::SignedOut(id));
    Ok(())
}

pub(crate) async fn existing(tx: &mut Tx, id: UserId) -> Result<User> {
    store::users::find(tx, id).await?.ok_or_else(|| Error::not_found("user"))
}

/// Brings a new person's texts into form and checks their first password.
pub(crate) fn check_new(user: &mut User, password: &str) -> Result<()> {
    let mut fields = Fields::new();
    fields.check("password", check_password(user, password));
    check_texts(user, fields)
}

/// What `edit` makes of a person.
pub(crate) fn edited(before: &User, edit: &EditUser) -> Result<User> {
    let mut after = before.clone();
    if let Some(username) = &edit.username {
        after.username.clone_from(username);
    }
    if let Some(email) = &edit.email {
        after.email.clone_from(email);
    }
    if let Some(display_name) = &edit.display_name {
        after.display_name.clone_from(display_name);
    }
    after.role_id = edit.role_id.unwrap_or(before.role_id);
    after.status = edit.status.unwrap_or(before.status);
    after.version = before.version + 1;
    check_texts(&mut after, Fields::new())?;
    Ok(after)
}

/// Writes (before, after, the version that the editor saw).
pub(crate) async fn save(
    tx: &mut Tx,
    services: &Services,
    actor: &Actor,
    (before, after, seen): (&User, &User, i64),
) -> Result<()> {
    refuse_taken(tx, after).await?;
    if !store::users::update(tx, after, seen, services.now()).await? {
        let current = serde_json::to_string(before).unwrap_or_default();
        return Err(Error::conflict("user", current));
    }
    tx.bump_access();
    audit::note(tx, services, actor, Act::done("user.updated", "user", after.id)).await
}

/// Journals (before, after) and commits.
pub(crate) async fn finish(
    tx: Tx,
    services: &Services,
    actor: &Actor,
    (before, after): (&User, &User),
) -> Result<()> {
    let mut journal = Journal::new(services, actor);
    journal.add(Entry::new(Action::UserUpdated, &after.display_name).changes(differences(before, after)));
    journal.commit(tx).await
}

/// The password, if it is a good one for this person.
pub(crate) fn check_password(user: &User, password: &str) -> Result<String, validate::Problem> {
    validate::password(password, &[&user.username, &user.email, &user.display_name])
}

/// A role that does not let its owner do more than the actor may: nobody makes themselves or a helper greater, nor
/// takes over the account of somebody greater.
pub(crate) async fn grantable(tx: &mut Tx, actor: &Actor, id: RoleId) -> Result<Role> {
    let role = store::roles::find(tx, id).await?.ok_or_else(|| {
        Error::field("role_id", "unknown", "This role is not there any more. Choose another.")
    })?;
    let effective = effective(role.permissions);
    let own = actor.access.workspace.union(actor.access.everywhere);
    match effective.iter().find(|permission| !own.contains(*permission)) {
        None => Ok(role),
        Some(missing) => Err(Error::refused(
            "role_above_own",
            format!(
                "“{}” allows more than you may yourself, for one “{missing}”. \
                 Ask someone who may do that.",
                role.name
            ),
        )),
    }
}

/// What a role allows as a workspace role.
fn effective(permissions: PermissionSet) -> PermissionSet {
    if permissions.contains(Permission::ProjectAccessAll) {
        permissions
    } else {
        permissions.of_scope(Scope::Workspace)
    }
}

fn check_texts(user: &mut User, mut fields: Fields) -> Result<()> {
    user.username = fields.check("username", validate::username(&user.username));
    user.email = fields.check("email", validate::email(&user.email));
    if user.display_name.trim().is_empty() {
        user.display_name.clone_from(&user.username);
    } else {
        let name = validate::name(&user.display_name, limits::DISPLAY_NAME);
        user.display_name = fields.check("display_name", name);
    }
    fields.finish()
}

async fn refuse_taken(tx: &mut Tx, user: &User) -> Result<()> {
    match store::users::taken_field(tx, user).await? {
        None => Ok(()),
        Some("username") => {
            Err(Error::field("username", "taken", "Someone has this user name. Choose another."))
        }
        Some(field) => {
            Err(Error::field(field, "taken", "Someone has an account with this address. Use another."))
        }
    }
}

fn differences(before: &User, after: &User) -> Vec<Change> {
    let some = |text: &str| Some(text.to_owned());
    [
        Change::of("username", some(&before.username), some(&after.username)),
        Change::of("email", some(&before.email), some(&after.email)),
        Change::of("display_name", some(&before.display_name), some(&after.display_name)),
        Change::of("role", some(&before.role_name), some(&after.role_name)),
        Change::of("status", some(before.status.as_str()), some(after.status.as_str())),
    ]
    .into_iter()
    .flatten()
    .collect()
}
