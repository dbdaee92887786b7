//! What server functions and the first rendering find in their context. The server puts it there for each request.

use crate::{error::AppError, refused::Refused};
use domain::{Error, session::Me};
use http::StatusCode;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use services::{Actor, Services, sessions::NewSession, sign_in::SignInContext};
use std::{future::Future, pin::Pin, sync::Arc};

/// A future that the cookie's keeper gives back.
pub type Kept<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;

/// Keeps the session cookie; the server's session layer is behind it.
pub trait SessionCookie: Send + Sync {
    /// Signs in: a new session, a new cookie.
    fn open(&self, session: NewSession) -> Kept<'_>;
    /// Gives the session a new secret, after a change of password.
    fn renew(&self) -> Kept<'_>;
    /// Signs out: the session ends, the cookie goes.
    fn close(&self) -> Kept<'_>;
}

/// What the server knows about the request at hand.
#[derive(Clone)]
pub struct Request {
    /// Who acts, if anybody is signed in.
    pub actor: Option<Actor>,
    /// The same as pages need it; only for page requests.
    pub me: Option<Me>,
    /// Address and browser, for a sign-in.
    pub sign_in: SignInContext,
    /// The cookie's keeper.
    pub cookie: Arc<dyn SessionCookie>,
    /// The form without script that was refused, if this page is its answer.
    pub refused: Option<Refused>,
    /// How far the history was told when this page was asked for; only for pages of people who are signed in.
    pub live: Option<String>,
    /// The theme that the browser asked to remember: `light`, `dark`, or empty for the system's.
    pub theme: String,
}

/// Where the browser finds the page's script, module and style; empty where the build has none.
#[derive(Clone, Default, Debug)]
pub struct Assets {
    /// `/pkg/<hash>/pms.js`
    pub js: String,
    /// `/pkg/<hash>/pms.wasm`
    pub wasm: String,
    /// The module's further parts, `/pkg/<hash>/….wasm`; see `pages::later`.
    pub parts: Vec<String>,
    /// `/pkg/pms.<hash>.css`
    pub css: String,
    /// A word that is another for other public scripts: `?v=` of most, the folder of those that ring.
    pub scripts: String,
}

/// The use cases' handle.
///
/// # Errors
/// Outside a request.
pub fn services() -> Result<Services, AppError> {
    use_context::<Services>().ok_or_else(outside)
}

/// The request at hand.
///
/// # Errors
/// Outside a request.
pub fn request() -> Result<Request, AppError> {
    use_context::<Request>().ok_or_else(outside)
}

/// Who acts.
///
/// # Errors
/// If nobody is signed in.
pub fn actor() -> Result<Actor, AppError> {
    request()?.actor.ok_or_else(|| Error::Unauthenticated.into())
}

/// Sets the status of the page that is being rendered, from a blocking resource.
pub fn set_status(status: StatusCode) {
    if let Some(options) = use_context::<ResponseOptions>() {
        options.set_status(status);
    }
}

/// Gives a server function's answer the status that fits its error.
pub fn answer_status(error: &Error) {
    answer(status_of(error));
}

/// Gives a server function's answer this status. A form without script is about to be sent back to its page with 302, which
/// must stay.
pub fn answer(status: StatusCode) {
    let Some(parts) = use_context::<http::request::Parts>() else { return };
    let wants_page = parts
        .headers
        .get(http::header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if parts.uri.path().starts_with("/fn/") && !wants_page {
        set_status(status);
    }
}

/// The HTTP status of an error: one table for the page and for REST.
pub const fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::Unauthenticated => StatusCode::UNAUTHORIZED,
        Error::Forbidden { .. } => StatusCode::FORBIDDEN,
        Error::NotFound { .. } => StatusCode::NOT_FOUND,
        Error::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Conflict { .. } | Error::Refused { .. } | Error::Cycle { .. } | Error::Blocked { .. } => {
            StatusCode::CONFLICT
        }
        Error::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        Error::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn outside() -> AppError {
    AppError::Service(Error::Unavailable { message: "This needs a request.".into() })
}
