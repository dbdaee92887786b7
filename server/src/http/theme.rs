//! The theme that a browser asks to remember. It is the browser's, not the person's, so it needs no sign-in, and a plain
//! form sets it without script.

use super::{Problem, cookies};
use axum::{
    Form,
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

/// The form.
#[derive(Deserialize)]
pub struct Choice {
    theme: String,
    #[serde(default)]
    next: String,
}

/// `POST /theme`
pub async fn choose(Form(choice): Form<Choice>) -> Response {
    let Some(cookie) = cookies::set_theme(&choice.theme) else {
        let message = "A theme is light, dark or system.";
        return Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_theme", message).into_response();
    };
    let mut response = Redirect::to(local(&choice.next)).into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response
}

/// An address of ours, whatever was asked for: browsers read `//host` and `/\host` as other sites.
pub fn local(next: &str) -> &str {
    let ours = next.starts_with('/')
        && !next[1..].starts_with(['/', '\\'])
        && next.chars().all(|c| !c.is_control() && c.is_ascii());
    if ours { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert_eq!(local("/projects?status=active"), "/projects?status=active");
        for other in
            ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\nb", "javascript:alert(1)"]
        {
            assert_eq!(local(other), "/", "{other:?}");
        }
    }
}
