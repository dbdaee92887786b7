//! The files that the binary carries: the page's script, module and style under names with a hash, and public files.

use super::Problem;
use axum::{
    Router,
    body::Body,
    extract::{Path, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest as _, Sha256};
use std::{borrow::Cow, fmt::Write as _, sync::LazyLock};

#[derive(RustEmbed)]
#[folder = "$PMS_SITE"]
struct Site;

/// A name with a hash is always the same file.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");
/// Asked after each time; mostly answered by 304.
const ASK_FIRST: HeaderValue = HeaderValue::from_static("no-cache");
/// A worker lives under the policy of its own file. It shows notifications, which have an icon.
const SCRIPT_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'");

/// The folder of the script that rings.
const ALERTS: &str = "alerts/";

/// One word for all public scripts.
static SCRIPTS: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for name in Site::iter().filter(|name| !name.starts_with("pkg/") && name.ends_with(".js")) {
        hash.update(Site::get(&name).map(|file| file.metadata.sha256_hash()).unwrap_or_default());
    }
    hex(&hash.finalize()[..6])
});

#[derive(serde::Deserialize, Default)]
struct Manifest {
    js: String,
    wasm: String,
    parts: Vec<String>,
    css: String,
}

/// Where the page finds what this build carries.
pub fn of_this_build() -> app::ssr::Assets {
    let file = Site::get("site.json");
    let Manifest { js, wasm, parts, css } =
        file.and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default();
    app::ssr::Assets { js, wasm, parts, css, scripts: SCRIPTS.clone() }
}

/// A route for everything under `/pkg`, one for the script that rings, and one for each other public file.
pub fn routes() -> Router {
    let routes = Router::new()
        .route("/pkg/{*file}", get(serve))
        .route(&format!("/{ALERTS}{{version}}/{{file}}"), get(serve_alerts));
    Site::iter()
        .filter(|name| !name.starts_with("pkg/") && !name.starts_with(ALERTS))
        .filter(|name| *name != "site.json" && !is_copy(name))
        .fold(routes, |router, name| router.route(&format!("/{name}"), get(serve)))
}

/// A page of the build before this one still gets its script, which is then this one's.
async fn serve_alerts(Path((version, file)): Path<(String, String)>, request: Request) -> Response {
    let kept = if version == *SCRIPTS { FOREVER } else { ASK_FIRST };
    serve_file(&format!("{ALERTS}{file}"), kept, request.headers())
}

/// `name.br` beside `name`.
fn is_copy(name: &str) -> bool {
    name.strip_suffix(".br")
        .or_else(|| name.strip_suffix(".gz"))
        .is_some_and(|name| Site::get(name).is_some())
}

async fn serve(request: Request) -> Response {
    let name = request.uri().path().trim_start_matches('/');
    serve_file(name, kept(name), request.headers())
}

/// How long browsers may keep it without asking.
fn kept(name: &str) -> HeaderValue {
    match name {
        _ if name.starts_with("pkg/") => FOREVER,
        // A worker that is out of date would go on acting for pages that are not.
        "sw.js" => ASK_FIRST,
        _ => AN_HOUR,
    }
}

fn serve_file(name: &str, kept: HeaderValue, asked: &HeaderMap) -> Response {
    if is_copy(name) {
        return Problem::no_such_address().into_response();
    }
    let Some((file, encoding)) = best(name, asked) else {
        return Problem::no_such_address().into_response();
    };
    let mut response = answer(name, file, encoding, asked);
    response.headers_mut().insert(header::CACHE_CONTROL, kept);
    response
}

/// The smallest form that the browser takes.
fn best(name: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    for (encoding, extension) in [("br", "br"), ("gzip", "gz")] {
        if accepts(accepted, encoding)
            && let Some(file) = Site::get(&format!("{name}.{extension}"))
        {
            return Some((file, Some(encoding)));
        }
    }
    Site::get(name).map(|file| (file, None))
}

fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        let named = words.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        named && !words.any(|word| matches!(word, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

fn answer(name: &str, file: EmbeddedFile, encoding: Option<&'static str>, asked: &HeaderMap) -> Response {
    let tag = tag(&file);
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = if known.is_some_and(|known| known.contains(&tag)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let content = match file.data {
            Cow::Borrowed(bytes) => Body::from(bytes),
            Cow::Owned(bytes) => Body::from(bytes),
        };
        Response::new(content)
    };
    let headers = response.headers_mut();
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
    let kind = kind_of(name);
    if kind.starts_with("text/javascript") {
        headers.insert(header::CONTENT_SECURITY_POLICY, SCRIPT_POLICY);
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Each form of a file has its own: the hash is of what is sent.
fn tag(file: &EmbeddedFile) -> String {
    format!("\"{}\"", hex(&file.metadata.sha256_hash()[..12]))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn kind_of(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "webmanifest" => "application/manifest+json",
        _ => match mime_guess::from_path(name).first_raw().unwrap_or("application/octet-stream") {
            "text/css" => "text/css; charset=utf-8",
            "text/javascript" | "application/javascript" => "text/javascript; charset=utf-8",
            "text/plain" => "text/plain; charset=utf-8",
            "text/html" => "text/html; charset=utf-8",
            other => other,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_served_as_one_and_a_script_as_one() {
        assert_eq!(kind_of("pkg/pms.1f.wasm"), "application/wasm");
        assert_eq!(kind_of("pkg/pms.1f.js"), "text/javascript; charset=utf-8");
        assert_eq!(kind_of("manifest.webmanifest"), "application/manifest+json");
        assert_eq!(kind_of("icon.svg"), "image/svg+xml");
    }

    #[test]
    fn browsers_ask_after_a_worker_each_time() {
        assert_eq!(kept("sw.js"), ASK_FIRST);
        assert_eq!(kept("pkg/pms.1f.js"), FOREVER);
        assert_eq!(kept("icon.svg"), AN_HOUR);
    }

    #[test]
    fn an_encoding_of_quality_zero_is_refused() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.5", "br"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("brotli", "br"));
    }
}
