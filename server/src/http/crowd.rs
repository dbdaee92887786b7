//! Too many requests at once: those that find no room are told so at once, instead of queueing until all of them time out.

use super::{Problem, Shared};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::Error;

/// Lets in as many requests as there is room for.
pub async fn limit(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let Ok(_place) = state.room.try_acquire() else {
        let message = "The server has too much to do at this moment. Try again in a second.";
        return Problem::from(Error::Unavailable { message: message.into() }).into_response();
    };
    next.run(request).await
}
