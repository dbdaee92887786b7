//! What browsers send as cookies, and whoever takes their place.

// From its file: the crate around it takes minutes to compile.
#[path = "../../server/src/http/cookies.rs"]
mod set;

use async_trait::async_trait;
use futures::FutureExt as _;
use http::{HeaderMap, HeaderValue, Request, Response, header::COOKIE, uri::PathAndQuery};
use std::convert::Infallible;
use tower::{Layer as _, ServiceExt as _, service_fn};
use tower_sessions::{
    Session, SessionStore,
    cookie::{Cookie, CookieJar, Key},
    session::{Id, Record},
    session_store,
};

/// `Cookie` headers, one a line.
///
/// # Panics
/// If something is read out of them that was not put there, or what was put there is not.
pub fn cookies(text: &str) {
    let lines: Option<Vec<HeaderValue>> =
        text.split('\n').map(|line| HeaderValue::from_str(line).ok()).collect();
    // Others don't arrive.
    let Some(lines) = lines else { return };
    assert_themes(&lines);
    assert_pages(&lines, text);
    for https in [false, true] {
        assert_sessions(&lines, https);
    }
    for cookie in &lines {
        let stricter = set::stricter(cookie);
        let guarded = cookie.to_str().is_ok_and(|text| text.starts_with("__Host-pms_session"));
        assert!(!guarded || stricter.to_str().is_ok_and(|text| text.contains("Secure")), "{stricter:?}");
        assert!(guarded || stricter == cookie, "{stricter:?}");
    }
}

fn assert_themes(lines: &[HeaderValue]) {
    assert!(["", "light", "dark"].contains(&set::theme(&sent(lines))));
    for theme in ["light", "dark"] {
        let ours = pair(&set::set_theme(theme).expect("a theme"));
        let (before, after) = around(lines, &ours);
        assert_eq!(set::theme(&before), theme, "what is set holds");
        assert!(!set::theme(&after).is_empty(), "and is there");
    }
}

fn assert_pages(lines: &[HeaderValue], text: &str) {
    if let Some(page) = set::form_page(&sent(lines)) {
        assert!(page.starts_with('/') && !page.starts_with("/fn/") && page.is_ascii(), "{page}");
    }
    // What it is asked to keep is where a page was asked for.
    let Ok(page) = text.parse::<PathAndQuery>() else { return };
    let Some(cookie) = set::set_form_page(page.as_str()) else { return };
    let words = cookie.to_str().expect("it can be read");
    let (_, strict) = words.split_once(';').expect("attributes");
    assert_eq!(strict, " Path=/fn/; HttpOnly; SameSite=Lax", "the address adds nothing to them");
    assert!(words.len() < 4096, "browsers keep it");
    let (before, _) = around(lines, &pair(&cookie));
    if page.as_str().starts_with('/') && !page.as_str().starts_with("/fn/") {
        let kept = set::form_page(&before).expect("it is there");
        let escaped = page.as_str().replace(';', "%3B").replace(',', "%2C").replace('"', "%22");
        assert_eq!(kept, escaped);
    }
}

/// Nobody has a session but by the cookie that we have signed.
fn assert_sessions(lines: &[HeaderValue], https: bool) {
    let (key, id) = (Key::from(&[7; 64]), Id(0x5eed));
    assert_eq!(session_of(sent(lines), &key, https), None);
    let mut jar = CookieJar::new();
    jar.signed_mut(&key).add(Cookie::new(set::session_name(https), id.to_string()));
    let ours = jar.delta().next().expect("it was added").encoded().to_string();
    let ours = HeaderValue::from_str(&ours).expect("it can be sent");
    let (before, after) = around(lines, &ours);
    assert_eq!(session_of(after, &key, https), Some(id));
    assert!(matches!(session_of(before, &key, https), None | Some(Id(0x5eed))), "or somebody else's");
    let other = Key::from(&[8; 64]);
    let (_, after) = around(lines, &ours);
    assert_eq!(session_of(after, &other, https), None, "it was signed by another");
}

/// The session of a request with these headers.
fn session_of(headers: HeaderMap, key: &Key, https: bool) -> Option<Id> {
    let answer = service_fn(async |request: Request<()>| {
        let session = request.extensions().get::<Session>().expect("it passed the layer");
        let mut answer = Response::new(());
        answer.extensions_mut().insert(session.id());
        Ok::<_, Infallible>(answer)
    });
    let mut request = Request::new(());
    *request.headers_mut() = headers;
    let service = set::sessions(NoSessions, https, key.clone()).layer(answer);
    let answer = service.oneshot(request).now_or_never().expect("nothing is waited for");
    let Ok(answer) = answer;
    *answer.extensions().get::<Option<Id>>().expect("it was put there")
}

fn sent(lines: &[HeaderValue]) -> HeaderMap {
    lines.iter().map(|line| (COOKIE, line.clone())).collect()
}

/// The lines with a cookie before and with it after them.
fn around(lines: &[HeaderValue], cookie: &HeaderValue) -> (HeaderMap, HeaderMap) {
    let one = std::slice::from_ref(cookie);
    (sent(&[one, lines].concat()), sent(&[lines, one].concat()))
}

/// What browsers send of a cookie that was set.
fn pair(cookie: &HeaderValue) -> HeaderValue {
    let text = cookie.to_str().expect("text").split(';').next().expect("a pair");
    HeaderValue::from_str(text).expect("it was one")
}

/// Keeps nothing: which session is asked for is all that counts.
#[derive(Debug, Clone)]
struct NoSessions;

#[async_trait]
impl SessionStore for NoSessions {
    async fn save(&self, _: &Record) -> session_store::Result<()> {
        Ok(())
    }

    async fn load(&self, _: &Id) -> session_store::Result<Option<Record>> {
        Ok(None)
    }

    async fn delete(&self, _: &Id) -> session_store::Result<()> {
        Ok(())
    }
}
