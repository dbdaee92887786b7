//! The first account of a new workspace, made through a one-time link that the server prints.

use crate::{
    Actor, Services,
    audit::{self, Act},
    journal::{Entry, Journal},
    secrets,
    sign_in::{self, SignInContext, SignedIn},
    users,
};
use domain::{
    Error, Result,
    activity::Action,
    ids::{RoleId, UserId},
    permission::Permission,
    role::{FIRST_USER_ROLE, Role},
    session::SetUp,
    user::{User, UserStatus},
};
use store::{Tx, settings};

/// The setting that holds the SHA-256 of the link's secret and when it ends.
const LINK: &str = "set_up_link";
const VALID_SECONDS: i64 = 24 * 60 * 60;

/// The secret of a new link, valid for 24 hours; an earlier one ends. `None` when there are people already.
///
/// # Errors
/// What the database says.
pub async fn link_token(services: &Services) -> Result<Option<String>> {
    let secret = secrets::text(services.ids.secret());
    let ends = services.now().plus_seconds(VALID_SECONDS);
    let mut tx = services.db.write().await?;
    if store::users::any(&mut tx).await? {
        return Ok(None);
    }
    let value = format!("{}:{}", stored(&secret), ends.micros());
    settings::put(&mut tx, LINK, value).await?;
    tx.commit().await?;
    Ok(Some(secret))
}

/// Makes the first account, which may do everything, and signs it in.
///
/// # Errors
/// [`Error::Refused`] with `set_up_link` for a wrong or ended link, and once anybody has an account;
/// [`Error::Invalid`] for a wrong value.
pub async fn complete(services: &Services, form: SetUp, context: SignInContext) -> Result<SignedIn> {
    let mut tx = services.db.read().await?;
    check_link(&mut tx, services, &form.token).await?;
    drop(tx);
    let mut user = User {
        id: UserId(services.ids.id()),
        username: form.username,
        email: form.email,
        display_name: form.display_name,
        role_id: RoleId(services.ids.id()),
        role_name: String::new(),
        status: UserStatus::Active,
        created_at: services.now(),
        version: 1,
    };
    users::check_new(&mut user, &form.password)?;
    let hash = services.passwords.hash(form.password).await?;
    write_first(services, &form.token, &mut user, (hash.clone(), &context)).await?;
    Ok(SignedIn { session: sign_in::new_session(services, (user.id, &hash), context), user })
}

async fn write_first(
    services: &Services,
    secret: &str,
    user: &mut User,
    (hash, context): (String, &SignInContext),
) -> Result<()> {
    let mut tx = services.db.write().await?;
    // Asked again in the transaction: of two who use the link at once, one is the first.
    check_link(&mut tx, services, secret).await?;
    let role = first_role(&mut tx).await?;
    (user.role_id, user.role_name) = (role.id, role.name);
    store::users::insert(&mut tx, user, hash).await?;
    settings::remove(&mut tx, LINK).await?;
    tx.bump_access();
    let act = Act::done("workspace.set_up", "user", user.id);
    audit::note(&mut tx, services, context.origin(Some(user.id)), act).await?;
    let actor = Actor { user_id: Some(user.id), ..Actor::system() };
    let mut journal = Journal::new(services, &actor);
    journal.add(Entry::new(Action::UserCreated, &user.display_name));
    journal.commit(tx).await
}

async fn check_link(tx: &mut Tx, services: &Services, secret: &str) -> Result<()> {
    let value = settings::find(tx, LINK).await?.unwrap_or_default();
    let valid = value.split_once(':').is_some_and(|(hash, ends)| {
        hash == stored(secret) && ends.parse().is_ok_and(|ends: i64| ends > services.now().micros())
    });
    if valid && !store::users::any(tx).await? {
        return Ok(());
    }
    Err(Error::refused(
        "set_up_link",
        "This link has been used or has ended. If nobody has an account yet, restart the server: it prints a new one.",
    ))
}

/// The role that the first person gets: by its name, or whichever may manage roles.
async fn first_role(tx: &mut Tx) -> Result<Role> {
    let roles = store::roles::list(tx).await?;
    let named = roles.iter().find(|role| role.name == FIRST_USER_ROLE);
    named
        .or_else(|| roles.iter().find(|role| role.permissions.contains(Permission::RoleManage)))
        .cloned()
        .ok_or_else(|| Error::not_found("role"))
}

fn stored(secret: &str) -> String {
    use std::fmt::Write as _;
    secrets::sha256(secret).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
