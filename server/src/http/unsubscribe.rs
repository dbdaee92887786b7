//! The links in e-mails that end them: a page that asks, and the one click of mail programs (RFC 8058). Neither needs a
//! sign-in, because the link is signed for one person and does nothing else.

use super::{Problem, Shared, assets, csp};
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
    page(
        what,
        text,
        "<form method=\"post\"><button class=\"button\" data-variant=\"primary\" data-size=\"medium\">Unsubscribe</button></form>",
    )
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
    let (title, css) = (what.words(), assets::of_this_build().css);
    let mut response = Html(format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} · PMS</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\"><link rel=\"stylesheet\" href=\"{css}\"></head>\
         <body><main class=\"page page-narrow stack\"><h1>{title}</h1><p>{text}</p>{more}</main></body></html>"
    ))
    .into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_SECURITY_POLICY, csp::SCRIPTLESS);
    response
}
