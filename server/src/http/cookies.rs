//! The cookies that PMS sets: their names, how strict they are, and how they are read from what browsers send.

use http::{HeaderMap, HeaderValue, header::COOKIE};
use tower_sessions::{
    Expiry, SessionManagerLayer, SessionStore,
    cookie::{Key, SameSite},
    service::SignedCookie,
};

const SESSION: &str = "pms_session";
/// Browsers accept this name only by TLS, for the whole host and from the host itself.
const GUARDED_SESSION: &str = "__Host-pms_session";
const THEME: &str = "pms_theme";
/// The address of the page that was answered last with a refused form.
const FORM_PAGE: &str = "pms-form-page";

const YEAR: u32 = 365 * 24 * 60 * 60;
/// What browsers keep of a cookie.
const LONGEST: usize = 3_500;

/// The name of the session's cookie.
pub const fn session_name(https: bool) -> &'static str {
    if https { GUARDED_SESSION } else { SESSION }
}

/// Reads and sets the session's cookie, which `key` signs.
pub fn sessions<S: SessionStore>(store: S, https: bool, key: Key) -> SessionManagerLayer<S, SignedCookie> {
    SessionManagerLayer::new(store)
        .with_name(session_name(https))
        .with_secure(https)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        // The end of the browser's session; the server's own ends (idle, absolute) are in the row.
        .with_expiry(Expiry::OnSessionEnd)
        .with_signed(key)
}

/// A cookie named `__Host-` is taken away only by an answer that is as strict as the one that set it.
pub fn stricter(cookie: &HeaderValue) -> HeaderValue {
    match cookie.to_str() {
        Ok(text) if text.starts_with(GUARDED_SESSION) && !text.contains("Secure") => {
            HeaderValue::try_from(format!("{text}; Secure; HttpOnly; SameSite=Lax"))
                .unwrap_or_else(|_| cookie.clone())
        }
        _ => cookie.clone(),
    }
}

/// Has the browser remember a theme: `light`, `dark`, or by `system` none. Nothing for a theme that is not one.
pub fn set_theme(theme: &str) -> Option<HeaderValue> {
    let cookie = match theme {
        "light" | "dark" => format!("{THEME}={theme}; Path=/; Max-Age={YEAR}; SameSite=Lax"),
        "system" => format!("{THEME}=; Path=/; Max-Age=0; SameSite=Lax"),
        _ => return None,
    };
    HeaderValue::try_from(cookie).ok()
}

/// The remembered theme: `light`, `dark`, or empty.
pub fn theme(headers: &HeaderMap) -> &str {
    values(headers, THEME).find(|theme| matches!(*theme, "light" | "dark")).unwrap_or_default()
}

/// Has the browser keep the address of a page for the server functions, if it keeps as much.
pub fn set_form_page(page: &str) -> Option<HeaderValue> {
    // A cookie with other letters could not be read when it comes back. Browsers escape them in addresses.
    if !page.is_ascii() {
        return None;
    }
    // What an address may hold and a cookie may not.
    let page = page.replace(';', "%3B").replace(',', "%2C").replace('"', "%22");
    let cookie = format!("{FORM_PAGE}={page}; Path=/fn/; HttpOnly; SameSite=Lax");
    HeaderValue::try_from(cookie).ok().filter(|_| page.len() <= LONGEST)
}

/// The address that was kept, if it is a page's.
pub fn form_page(headers: &HeaderMap) -> Option<&str> {
    values(headers, FORM_PAGE).next().filter(|page| page.starts_with('/') && !page.starts_with("/fn/"))
}

/// The values of that name, in the order in which they were sent.
fn values<'h>(headers: &'h HeaderMap, name: &'static str) -> impl Iterator<Item = &'h str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(move |pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}
