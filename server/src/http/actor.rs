//! Who asks: the person behind the cookie or the bearer token, found with one statement.

use super::{Problem, Shared, session::Cookie};
use crate::{adapters::session_store::key, telemetry::request::Watched};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, header::AUTHORIZATION, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::{Error, Result};
use services::{
    Actor,
    live::Position,
    sessions,
    sessions::{NewSession, RequestContext, Resolved},
};
use std::{ops::Deref, sync::Arc};
use tower_sessions::Session;

/// Who asks, if anybody is signed in.
#[derive(Clone, Debug, Default)]
pub struct Caller(Option<Arc<Resolved>>);

impl Caller {
    /// Whether anybody is signed in.
    pub fn is_known(&self) -> bool {
        self.0.is_some()
    }

    /// The person, as services take them.
    pub fn actor(&self) -> Option<&Actor> {
        self.0.as_deref().map(|resolved| &resolved.actor)
    }

    /// How far the history was when they asked.
    pub fn position(&self) -> Option<Position> {
        self.0.as_deref().map(|resolved| Position { change: resolved.change, access: resolved.access })
    }

    /// The session behind the cookie.
    pub fn session(&self) -> Option<&NewSession> {
        self.0.as_deref().and_then(|resolved| resolved.session.as_ref())
    }
}

/// Puts a [`Caller`] into the request. Without cookie and token nothing is asked of the database.
pub async fn find(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let caller = match resolve(&state, &parts).await {
        Ok(resolved) => Caller(resolved.map(Arc::new)),
        Err(error) => return Problem::from(error).into_response(),
    };
    let renew = caller.0.as_deref().is_some_and(|resolved| resolved.renew_due);
    let person = caller.actor().and_then(|actor| actor.user_id);
    if let (Some(person), Some(watched)) = (person, parts.extensions.get::<Watched>()) {
        watched.note_person(person);
    }
    parts.extensions.insert(caller);
    if renew
        && let Some(cookie) = Cookie::of(&parts.extensions)
        && let Err(error) = cookie.cycle().await
    {
        return Problem::from(error).into_response();
    }
    next.run(Request::from_parts(parts, body)).await
}

/// A token, where there is one, speaks alone: who sends it means it.
async fn resolve(state: &Shared, parts: &Parts) -> Result<Option<Resolved>> {
    let context = || parts.extensions.get::<RequestContext>().cloned().unwrap_or_default();
    if let Some(token) = bearer(&parts.headers) {
        return sessions::resolve_bearer(&state.services, token, context()).await;
    }
    match parts.extensions.get::<Session>().and_then(Session::id) {
        Some(id) => sessions::resolve(&state.services, key(id), context()).await,
        None => Ok(None),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The signed-in person of a REST request; without one it answers 401.
pub struct SignedIn(Arc<Resolved>);

impl SignedIn {
    /// The change counter, and what the person's permissions are remembered by: what was answered to them is the same while
    /// both are.
    pub fn counters(&self) -> (i64, i64) {
        (self.0.change, self.0.access)
    }

    /// The change counter and the access counter, which are everybody's.
    pub fn state(&self) -> (i64, i64) {
        self.0.actor.seen.map_or((self.0.change, 0), |seen| (seen.change, seen.access))
    }
}

impl Deref for SignedIn {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.0.actor
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Caller>().and_then(|caller| caller.0.clone());
        caller.map(Self).ok_or_else(|| Error::Unauthenticated.into())
    }
}
