//! Sessions: who acts through a cookie or a token, how long, and how it ends.

use crate::{
    Actor, Services, access,
    audit::{self, Act},
    authorize,
    ports::bus::Event,
    secrets,
};
use domain::{
    Error, Result,
    ids::{SessionId, TokenId, UserId},
    permission::Permission,
    session::{ABSOLUTE_SECONDS, IDLE_SECONDS, Session},
    time::Timestamp,
    token::Token,
};
use serde::{Deserialize, Serialize};
use store::sessions::{FoundToken, Moment, NewRow};

/// A session is written as used at most this often.
const TOUCH_SECONDS: i64 = 60;
/// How long after a sign-in its session may be written for the first time.
const OPENING_SECONDS: i64 = 60;
/// How long failed tries and answers for repeated requests are kept.
const DAY_SECONDS: i64 = 24 * 60 * 60;

/// A session as the cookie's store carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSession {
    /// Names it in the list of sessions; stays when the cookie's id is renewed.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// The browser, as it called itself.
    pub user_agent: String,
    /// The address that it signed in from.
    pub address: String,
    /// When it was signed in.
    pub created_at: Timestamp,
    /// SHA-256 of the stored password hash that let the person in; `None` for a session that is there already.
    pub proof: Option<[u8; 32]>,
}

/// From where a request comes.
#[derive(Clone, Debug, Default)]
pub struct RequestContext {
    /// Its address; empty if unknown.
    pub address: String,
    /// Its id, for the audit log.
    pub request_id: String,
}

/// Who acts in a request.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// They.
    pub actor: Actor,
    /// The change counter, for entity tags.
    pub change: i64,
    /// What the person's permissions are remembered by, likewise.
    pub access: i64,
    /// The session; `None` for an API token.
    pub session: Option<NewSession>,
    /// Whether the cookie's id is to be renewed with this answer, because the person's role was changed.
    pub renew_due: bool,
}

/// Writes the session of a cookie's id `key`: a new one right after sign-in, or an open one whose id is renewed (also
/// when the old id was closed just before, as tower-sessions does).
///
/// # Errors
/// [`Error::Unauthenticated`] if the session was ended or the password changed meanwhile: an answer on its way brings
/// none back.
pub async fn open(services: &Services, key: [u8; 16], session: NewSession) -> Result<()> {
    let now = services.now();
    let (age, proof) = (now.seconds_since(session.created_at), session.proof);
    let row = NewRow {
        secret_hash: secrets::sha256(key),
        id: session.id,
        user_id: session.user_id,
        user_agent: session.user_agent,
        address: session.address,
        created_at: session.created_at,
        seen_at: now,
        expires_at: end_of(session.created_at, now),
    };
    let mut tx = services.db.write_aside().await?;
    let password = store::users::lock(&mut tx, row.user_id).await?;
    if age >= ABSOLUTE_SECONDS || !store::sessions::renew(&mut tx, &row).await? {
        if age > OPENING_SECONDS || proof.is_none() || proof != password.map(secrets::sha256) {
            return Err(Error::Unauthenticated);
        }
        store::sessions::insert(&mut tx, row).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Who acts through the cookie's id `key`; `None` if it is unknown or its session has ended.
///
/// # Errors
/// What the database says.
pub async fn resolve(
    services: &Services,
    key: [u8; 16],
    context: RequestContext,
) -> Result<Option<Resolved>> {
    let now = services.now();
    let mut tx = services.db.peek().await?;
    let found = store::sessions::resolve(&mut tx, secrets::sha256(key), now).await?;
    drop(tx);
    let Some(found) = found else { return Ok(None) };
    let Moment { counters, own_access } = found.moment;
    let Some(access) = access::of(services, found.user_id, own_access).await? else {
        return Ok(None);
    };
    let session = found.session;
    if now.seconds_since(session.seen_at) >= TOUCH_SECONDS {
        touch(services, Some((session.id, session.created_at)), None).await;
    }
    let actor = Actor {
        session_id: Some(session.id),
        address: context.address,
        request_id: context.request_id,
        seen: Some(counters),
        ..Actor::person(found.user_id, access)
    };
    let session = NewSession {
        id: session.id,
        user_id: found.user_id,
        user_agent: session.user_agent,
        address: session.address,
        created_at: session.created_at,
        proof: None,
    };
    Ok(Some(Resolved {
        actor,
        change: counters.change,
        access: own_access,
        session: Some(session),
        renew_due: found.renew_due,
    }))
}

/// Who acts through a bearer or API token; `None` if it is unknown or has ended.
///
/// # Errors
/// What the database says.
pub async fn resolve_bearer(
    services: &Services,
    token: &str,
    context: RequestContext,
) -> Result<Option<Resolved>> {
    if !token.starts_with(secrets::TOKEN_PREFIX) {
        return Ok(None);
    }
    let now = services.now();
    let mut tx = services.db.peek().await?;
    let found = store::sessions::resolve_token(&mut tx, secrets::sha256(token), now).await?;
    drop(tx);
    let Some(found) = found else { return Ok(None) };
    let Moment { counters, own_access } = found.moment;
    let Some(access) = access::of(services, found.user_id, own_access).await? else {
        return Ok(None);
    };
    touch_token(services, &found).await;
    let actor = Actor {
        session_id: found.session_id,
        token_id: found.session_id.is_none().then_some(found.id),
        read_only: found.read_only,
        address: context.address,
        request_id: context.request_id,
        seen: Some(counters),
        ..Actor::person(found.user_id, access)
    };
    Ok(Some(Resolved { actor, change: counters.change, access: own_access, session: None, renew_due: false }))
}

/// A bearer token for programs that sign in with a password. It ends with the session, which must be open.
///
/// # Errors
/// [`Error::Refused`] if there is no such session.
pub async fn bearer(services: &Services, session: SessionId, user: UserId) -> Result<String> {
    let secret = secrets::token(services.ids.secret());
    let now = services.now();
    let token = Token {
        id: TokenId(services.ids.id()),
        name: String::new(),
        read_only: false,
        created_at: now,
        used_at: None,
        expires_at: now.plus_seconds(ABSOLUTE_SECONDS),
    };
    let mut tx = services.db.write_aside().await?;
    store::users::lock(&mut tx, user).await?;
    let hash = secrets::sha256(&secret);
    store::tokens::insert(&mut tx, (user, Some(session)), &token, hash).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Ends the session of the cookie's id `key`, if there is one: a sign-out.
///
/// # Errors
/// What the database says.
pub async fn close(services: &Services, key: [u8; 16]) -> Result<()> {
    let (hash, now) = (secrets::sha256(key), services.now());
    let mut tx = services.db.write_aside().await?;
    let found = store::sessions::resolve(&mut tx, hash, now).await?;
    store::sessions::close(&mut tx, hash, now).await?;
    tx.commit().await?;
    if let Some(found) = found {
        services.bus.publish(Event::SignedOut(found.user_id));
    }
    Ok(())
}

/// The person's own sessions, last used first.
///
/// # Errors
/// [`Error::Unauthenticated`] for the program itself.
pub async fn list(services: &Services, actor: &Actor) -> Result<Vec<Session>> {
    let user = authorize::person(actor)?;
    let mut tx = services.db.peek().await?;
    let mut sessions = store::sessions::list(&mut tx, user, services.now()).await?;
    for session in &mut sessions {
        session.current = actor.session_id == Some(session.id);
    }
    Ok(sessions)
}

/// Ends one of the person's own sessions.
///
/// # Errors
/// [`Error::NotFound`] if they have none of that id.
pub async fn revoke(services: &Services, actor: &Actor, id: SessionId) -> Result<()> {
    let user = authorize::own_act(actor)?;
    let mut tx = services.db.write_aside().await?;
    store::users::lock(&mut tx, user).await?;
    if !store::sessions::revoke(&mut tx, user, id).await? {
        return Err(Error::not_found("session"));
    }
    // Whoever ends a session of a browser that is lost does not want to be alerted there.
    store::devices::remove_of_session(&mut tx, user, id).await?;
    audit::note(&mut tx, services, actor, Act::done("session.revoked", "session", id)).await?;
    tx.commit().await?;
    services.bus.publish(Event::SignedOut(user));
    Ok(())
}

/// Ends all of the person's own sessions but the one that asks.
///
/// # Errors
/// [`Error::Unauthenticated`] for the program itself.
pub async fn revoke_others(services: &Services, actor: &Actor) -> Result<()> {
    let user = authorize::own_act(actor)?;
    end_all(services, actor, user, actor.session_id).await
}

/// Ends all sessions of a person.
///
/// # Errors
/// [`Error::Forbidden`] without `user.manage`; [`Error::NotFound`]; [`Error::Refused`] with `role_above_own`.
pub async fn revoke_of_user(services: &Services, actor: &Actor, user: UserId) -> Result<()> {
    authorize::in_workspace(actor, Permission::UserManage)?;
    let mut tx = services.db.peek().await?;
    let found = crate::users::existing(&mut tx, user).await?;
    // Else whoever manages people could keep all administrators out.
    crate::users::grantable(&mut tx, actor, found.role_id).await?;
    drop(tx);
    end_all(services, actor, user, None).await
}

/// Ends everybody's sessions. Their devices stay: what is urgent reaches them still. Gives how many ended.
///
/// # Errors
/// [`Error::Forbidden`] without `user.manage` or `role.manage`: this signs administrators out too.
pub async fn end_everybodys(services: &Services, actor: &Actor) -> Result<u64> {
    authorize::in_workspace(actor, Permission::UserManage)?;
    authorize::in_workspace(actor, Permission::RoleManage)?;
    let mut tx = services.db.write().await?;
    let ended = store::sessions::close_all(&mut tx).await?;
    audit::note(&mut tx, services, actor, Act::everywhere("session.all_ended", "session")).await?;
    tx.commit().await?;
    Ok(ended)
}

/// Whether who acts may still, asked again for what stays open longer than a request: them with their permissions of
/// now, and how far everything has come. `None` if their session or token has ended or they may not sign in any more. Counts as a use.
///
/// # Errors
/// What the database says.
pub async fn standing(services: &Services, actor: &Actor) -> Result<Option<(Actor, Moment)>> {
    let (Some(user), now) = (actor.user_id, services.now()) else { return Ok(None) };
    let mut tx = services.db.peek().await?;
    let (session, moment) = match (actor.session_id, actor.token_id) {
        (Some(id), _) => {
            let session = store::sessions::standing(&mut tx, id, user, now).await?;
            (session.map(|session| (id, session.times())), session.map(|session| session.moment))
        }
        (None, Some(id)) => (None, store::sessions::standing_of_token(&mut tx, id, user, now).await?),
        (None, None) => (None, None),
    };
    drop(tx);
    let Some(moment) = moment else { return Ok(None) };
    if let Some((id, (created, seen))) = session
        && now.seconds_since(seen) >= TOUCH_SECONDS
    {
        touch(services, Some((id, created)), None).await;
    }
    let Some(access) = access::of(services, user, moment.own_access).await? else { return Ok(None) };
    Ok(Some((Actor { access, seen: Some(moment.counters), ..actor.clone() }, moment)))
}

/// Removes what has ended: sessions, failed tries of more than a day ago, answers kept for repeated requests.
/// Gives how many rows.
///
/// # Errors
/// What the database says.
pub async fn sweep(services: &Services) -> Result<u64> {
    let now = services.now();
    let day_ago = now.plus_seconds(-DAY_SECONDS);
    let mut removed = 0;
    // Each by itself: on MySQL none waits for locks while it holds some.
    let mut tx = services.db.write_aside().await?;
    removed += store::sessions::sweep(&mut tx, now).await?;
    tx.commit().await?;
    let mut tx = services.db.write_aside().await?;
    removed += store::sign_in_attempts::sweep(&mut tx, day_ago).await?;
    tx.commit().await?;
    let mut tx = services.db.write_aside().await?;
    removed += store::idempotency::sweep(&mut tx, day_ago).await?;
    tx.commit().await?;
    Ok(removed)
}

async fn end_all(services: &Services, actor: &Actor, user: UserId, kept: Option<SessionId>) -> Result<()> {
    let mut tx = services.db.write_aside().await?;
    store::users::lock(&mut tx, user).await?;
    store::sessions::close_of_user(&mut tx, user, kept).await?;
    store::devices::remove_of_user(&mut tx, user, kept).await?;
    audit::note(&mut tx, services, actor, Act::done("user.sessions_ended", "user", user)).await?;
    tx.commit().await?;
    services.bus.publish(Event::SignedOut(user));
    Ok(())
}

/// When a session ends that was signed in at `created` and is used `now`.
fn end_of(created: Timestamp, now: Timestamp) -> Timestamp {
    now.plus_seconds(IDLE_SECONDS).min(created.plus_seconds(ABSOLUTE_SECONDS))
}

async fn touch_token(services: &Services, found: &FoundToken) {
    let now = services.now();
    let due = |at: Timestamp| now.seconds_since(at) >= TOUCH_SECONDS;
    let token = found.used_at.is_none_or(due).then_some(found.id);
    let session = match (found.session_id, found.session_times) {
        (Some(id), Some((created, seen))) if due(seen) => Some((id, created)),
        _ => None,
    };
    if token.is_some() || session.is_some() {
        touch(services, session, token).await;
    }
}

/// Notes the use of a session (with when it was signed in) and of a token. A request does not fail for it.
async fn touch(services: &Services, session: Option<(SessionId, Timestamp)>, token: Option<TokenId>) {
    let noted = async {
        let now = services.now();
        let mut tx = services.db.write_aside().await?;
        if let Some((id, created)) = session {
            store::sessions::touch(&mut tx, id, now, end_of(created, now)).await?;
        }
        if let Some(id) = token {
            store::tokens::touch(&mut tx, id, now).await?;
        }
        tx.commit().await
    };
    if let Err(error) = noted.await {
        tracing::warn!(error = error.for_log(), "the use of a session was not noted");
    }
}
