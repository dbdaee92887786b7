//! Signing in. Neither the answer nor the time it takes tells whether there is such an account.

use crate::{
    Services,
    attempts::{self, Attempt},
    audit::{self, Act, Origin},
    passwords::Verdict,
    secrets,
};
use domain::{
    Error, Result,
    ids::{SessionId, UserId},
    session::SignIn,
    user::{User, UserStatus},
};
use store::users::Credentials;

pub use crate::sessions::NewSession;

/// From where somebody signs in.
#[derive(Clone, Debug, Default)]
pub struct SignInContext {
    /// Their address; empty if unknown.
    pub address: String,
    /// The browser, as it calls itself.
    pub user_agent: String,
    /// The request's id, for the audit log.
    pub request_id: String,
}

/// Who signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The person.
    pub user: User,
    /// Their new session, to be written by [`crate::sessions::open`].
    pub session: NewSession,
}

/// Checks a user name or address and a password.
///
/// # Errors
/// [`Error::Refused`] with `bad_credentials`; [`Error::TooMany`] after too many failures;
/// [`Error::Unavailable`] if too many sign in at this moment.
pub async fn sign_in(services: &Services, form: SignIn, context: SignInContext) -> Result<SignedIn> {
    let login = form.username.trim().to_owned();
    let attempt = Attempt::begin(services, attempts::account(&login), &context.address).await?;
    let mut tx = services.db.peek().await?;
    let found = store::users::find_by_login(&mut tx, &login).await?;
    drop(tx);
    let known = found.as_ref().map(|found| found.user.id);
    let checked = match check(services, found, &form.password).await {
        Ok(checked) => checked,
        Err(error) => {
            attempt.withdraw(services).await?;
            return Err(error);
        }
    };
    match checked {
        Some((credentials, verdict)) => {
            let rehashed =
                if verdict.needs_rehash { Some(services.passwords.hash(form.password).await?) } else { None };
            let hash = rehashed.clone().unwrap_or_else(|| credentials.password_hash.clone());
            accept(services, attempt, (&credentials, rehashed), &context).await?;
            let session = new_session(services, (credentials.user.id, &hash), context);
            Ok(SignedIn { session, user: credentials.user })
        }
        None => Err(refuse(services, known, &context).await?),
    }
}

/// A session of this person, let in by the password with this stored hash, from now on.
pub(crate) fn new_session(
    services: &Services,
    (user_id, password_hash): (UserId, &str),
    context: SignInContext,
) -> NewSession {
    NewSession {
        id: SessionId(services.ids.id()),
        user_id,
        user_agent: context.user_agent,
        address: context.address,
        created_at: services.now(),
        proof: Some(secrets::sha256(password_hash)),
    }
}

/// The account, if the password is its and it may sign in. Costs one hash whatever comes out.
async fn check(
    services: &Services,
    found: Option<Credentials>,
    password: &str,
) -> Result<Option<(Credentials, Verdict)>> {
    let Some(credentials) = found else {
        services.passwords.verify_nobody(password.into()).await?;
        return Ok(None);
    };
    let verdict = services.passwords.verify(credentials.password_hash.clone(), password.into()).await?;
    let active = credentials.user.status == UserStatus::Active;
    Ok((verdict.matches && active).then_some((credentials, verdict)))
}

async fn accept(
    services: &Services,
    attempt: Attempt,
    (credentials, rehashed): (&Credentials, Option<String>),
    context: &SignInContext,
) -> Result<()> {
    let user = &credentials.user;
    let mut tx = services.db.write_aside().await?;
    let names = [attempts::account(&user.username), attempts::account(&user.email)];
    attempt.succeeded(&mut tx, &names).await?;
    if let Some(hash) = rehashed {
        // Only over the hash that was checked: the password may have been changed meanwhile.
        let old = Some(credentials.password_hash.clone());
        store::users::set_password_hash(&mut tx, user.id, old, hash).await?;
    }
    let act = Act::done("user.signed_in", "user", user.id);
    audit::note(&mut tx, services, context.origin(Some(user.id)), act).await?;
    tx.commit().await?;
    Ok(())
}

async fn refuse(services: &Services, known: Option<UserId>, context: &SignInContext) -> Result<Error> {
    let mut tx = services.db.write_aside().await?;
    let act = Act::refused("user.signed_in", "user", known.map(UserId::uuid));
    audit::note(&mut tx, services, context.origin(None), act).await?;
    tx.commit().await?;
    Ok(Error::refused("bad_credentials", "The user name or password is not right. Check both and try again."))
}

impl SignInContext {
    pub(crate) fn origin(&self, user_id: Option<UserId>) -> Origin<'_> {
        Origin { user_id, address: &self.address, request_id: &self.request_id }
    }
}
