//! The links in e-mails that end them: a page that asks, and the one click of mail programs (RFC 8058). Neither needs a
//! sign-in, because the link is signed for one person and does nothing else.

use super::{Problem, Shared};
use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderValue, header},
    response::{Html, IntoResponse as _, Response},
    routing::get,
};
use serde::Deserialize;
use services::notifications::{Unsubscribed, unsubscribe, unsubscribes_from};

/// `/unsubscribe`
pub fn routes(state: &Shared) -> Router {
    Router::new().route("/unsubscribe", get(ask).post(end)).with_state(state.clone())
}

/// What the link carries.
#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    token: String,
}

/// Asks first: programs that look at links in e-mails follow them too.
async fn ask(State(state): State<Shared>, Query(link): Query<Link>) -> Response {
    let Some(what) = unsubscribes_from(&state.services, &link.token) else { return unknown() };
    let text = "E-mails about this end. It still comes to your inbox.";
    page(what, text, "<form method=\"post\"><button>Unsubscribe</button></form>")
}

/// Ends it.
async fn end(State(state): State<Shared>, Query(link): Query<Link>) -> Response {
    match unsubscribe(&state.services, &link.token).await {
        Ok(Some(what)) => {
            let more = "<p><a href=\"/account/notifications\">Choose what you are told</a></p>";
            page(what, "You get no more e-mails about this.", more)
        }
        Ok(None) => unknown(),
        Err(error) => Problem::from(error).into_response(),
    }
}

fn unknown() -> Response {
    Problem::from(domain::Error::not_found("link")).into_response()
}

/// `more` is ours and goes in as it is.
fn page(what: Unsubscribed, text: &str, more: &str) -> Response {
    let title = what.words();
    let mut response = Html(format!(
        "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title} · PMS</title><h1>{title}</h1><p>{text}</p>{more}</html>"
    ))
    .into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // The address holds the token.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
