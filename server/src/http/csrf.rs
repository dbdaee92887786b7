//! Requests that another site makes a browser send: they carry the cookie, so they must not change anything.
//!
//! Browsers say where a request comes from, in `Sec-Fetch-Site` and in `Origin`; page script can forge neither. A request
//! with neither does not come from a browser, so there is no cookie in it that its sender did not mean to send.

use super::{Problem, Shared, cors::Invited};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

/// Refuses what changes something and comes from another site.
pub async fn check(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let is_harmless = request.method().is_safe()
        // It carries no cookie any more.
        || request.extensions().get::<Invited>().is_some();
    if is_harmless || is_ours(request.headers(), state.origin.as_deref()) {
        return next.run(request).await;
    }
    Problem::cross_site().into_response()
}

/// Whether a page of PMS sends it, or nothing that keeps cookies of it.
pub fn is_ours(headers: &HeaderMap, public: Option<&str>) -> bool {
    let text =
        |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        // `none`: the person's own doing, as from a bookmark.
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(header::ORIGIN) else { return true };
    if let Some(public) = public {
        return origin == public;
    }
    let host = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    host.is_some() && host == text(header::HOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn other_sites_are_not_ours() {
        let ours = |pairs: &[_], public| is_ours(&headers(pairs), public);
        assert!(ours(&[], None), "no browser");
        assert!(ours(&[("sec-fetch-site", "same-origin")], None));
        assert!(ours(&[("sec-fetch-site", "none")], None));
        assert!(!ours(&[("sec-fetch-site", "same-site")], None), "a neighbour under the same domain");
        assert!(!ours(&[("sec-fetch-site", "cross-site"), ("origin", "http://a"), ("host", "a")], None));
        assert!(ours(&[("origin", "http://a:3000"), ("host", "a:3000")], None), "an old browser");
        assert!(!ours(&[("origin", "http://a:3001"), ("host", "a:3000")], None));
        assert!(!ours(&[("origin", "null"), ("host", "a")], None), "a sandboxed frame");
        assert!(ours(
            &[("origin", "https://pms.example.org"), ("host", "inside:3000")],
            Some("https://pms.example.org")
        ));
        assert!(!ours(
            &[("origin", "http://inside:3000"), ("host", "inside:3000")],
            Some("https://pms.example.org")
        ));
    }
}
