//! The session's cookie.

use super::{Problem, Shared, actor::Caller, cookies};
use crate::{adapters::session_store::DatabaseSessions, config::Secret};
use app::ssr::{Kept, SessionCookie};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, header::SET_COOKIE, request::Parts},
    middleware::Next,
    response::Response,
};
use domain::Error;
use services::sessions::NewSession;
use sha2::{Digest as _, Sha512};
use tower_sessions::{Session, SessionManagerLayer, cookie::Key, service::SignedCookie};

/// What the session's record holds, under this name.
pub const RECORD: &str = "session";

/// The key that signs the cookie: one that was not signed by us costs no statement.
pub fn cookie_key(secret: &Secret) -> Key {
    let mut hash = Sha512::new_with_prefix(b"pms session cookie\0");
    hash.update(secret.bytes());
    Key::from(&hash.finalize())
}

/// Gives each request its [`Session`], which touches the database only when it is changed.
pub fn layer(state: &Shared) -> SessionManagerLayer<DatabaseSessions, SignedCookie> {
    let store = DatabaseSessions::new(state.services.clone());
    cookies::sessions(store, state.https, state.cookie_key.clone())
}

/// Takes the session's cookie away as browsers want it.
pub async fn removal(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if state.https && response.headers().contains_key(SET_COOKIE) {
        let set: Vec<HeaderValue> =
            response.headers().get_all(SET_COOKIE).iter().map(cookies::stricter).collect();
        response.headers_mut().remove(SET_COOKIE);
        for cookie in set {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
    response
}

/// The cookie of the request at hand.
#[derive(Clone)]
pub struct Cookie {
    session: Session,
    current: Option<NewSession>,
}

impl Cookie {
    /// Of a request that passed the session and actor layers.
    pub fn of(request: &axum::http::Extensions) -> Option<Self> {
        let session = request.get::<Session>()?.clone();
        let current = request.get::<Caller>().and_then(Caller::session).cloned();
        Some(Self { session, current })
    }

    /// Whether the request came with a cookie whose session is open.
    pub fn is_open(&self) -> bool {
        self.current.is_some()
    }

    /// Opens a session under a new id; one that was open before under this cookie ends.
    ///
    /// # Errors
    /// What the database says.
    pub async fn sign_in(&self, new: NewSession) -> Result<(), Error> {
        if self.session.id().is_some() {
            self.session.cycle_id().await.map_err(|error| fault(&error))?;
        }
        self.write(&new).await
    }

    /// Gives the open session a new id.
    ///
    /// # Errors
    /// What the database says.
    pub async fn cycle(&self) -> Result<(), Error> {
        let Some(current) = &self.current else { return Ok(()) };
        self.session.cycle_id().await.map_err(|error| fault(&error))?;
        self.write(current).await
    }

    /// Ends the session and takes the cookie away.
    ///
    /// # Errors
    /// What the database says.
    pub async fn sign_out(&self) -> Result<(), Error> {
        if self.session.id().is_none() {
            return Ok(());
        }
        self.session.flush().await.map_err(|error| fault(&error))
    }

    async fn write(&self, new: &NewSession) -> Result<(), Error> {
        self.session.insert(RECORD, new).await.map_err(|error| fault(&error))?;
        // Now, not when the answer leaves: what follows in the request may refer to the row.
        self.session.save().await.map_err(|error| fault(&error))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Cookie {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let missing = || Error::Unavailable { message: "This needs the session layer.".into() };
        Self::of(&parts.extensions).ok_or_else(|| missing().into())
    }
}

impl SessionCookie for Cookie {
    fn open(&self, session: NewSession) -> Kept<'_> {
        Box::pin(self.sign_in(session))
    }

    fn renew(&self) -> Kept<'_> {
        Box::pin(self.cycle())
    }

    fn close(&self) -> Kept<'_> {
        Box::pin(self.sign_out())
    }
}

fn fault(error: &tower_sessions::session::Error) -> Error {
    tracing::error!(%error, "the session could not be kept");
    Error::Unavailable { message: "Your session could not be kept. Try again in a moment.".into() }
}
