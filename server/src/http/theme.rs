//! The theme that a browser asks to remember. It is the browser's, not the person's, so it needs no sign-in, and a plain
//! form sets it without script.

use super::Problem;
use axum::{
    Form,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Deserialize;

const COOKIE: &str = "pms_theme";
const YEAR: u32 = 365 * 24 * 60 * 60;

/// The form.
#[derive(Deserialize)]
pub struct Choice {
    theme: String,
    #[serde(default)]
    next: String,
}

/// `POST /theme`
pub async fn choose(Form(choice): Form<Choice>) -> Response {
    let cookie = match choice.theme.as_str() {
        theme @ ("light" | "dark") => format!("{COOKIE}={theme}; Path=/; Max-Age={YEAR}; SameSite=Lax"),
        "system" => format!("{COOKIE}=; Path=/; Max-Age=0; SameSite=Lax"),
        _ => {
            let message = "A theme is light, dark or system.";
            return Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_theme", message).into_response();
        }
    };
    let mut response = Redirect::to(local(&choice.next)).into_response();
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// The remembered theme: `light`, `dark`, or empty.
pub fn remembered(headers: &HeaderMap) -> String {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
        .find(|theme| matches!(*theme, "light" | "dark"))
        .unwrap_or_default()
        .to_owned()
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
