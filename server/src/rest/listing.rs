//! Lists: a page at a time, and not at all if the caller has it already.

use super::{input::Query, list_cache::Key};
use crate::http::{Problem, Shared, actor::SignedIn};
use axum::{
    body::{Body, Bytes},
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Error,
    page::{Page, Paged},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The part of the query that every list takes.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Rows at the most, 1 to 200; 50 unless asked otherwise.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

impl PageQuery {
    /// The page.
    pub fn into_page(self) -> Page {
        Page::new(self.limit, self.cursor)
    }
}

/// A list as it is asked for. Its `ETag` is made of who asks, for what, and the two numbers that grow with every change
/// of anything that they may see (read with the session, in the same statement), so 304 costs nothing more.
pub struct Listing {
    shared: Shared,
    state: (i64, i64),
    key: Key,
    tag: HeaderValue,
    has_it: bool,
    page: Page,
}

impl FromRequestParts<Shared> for Listing {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Problem> {
        let Query(page) = Query::<PageQuery>::from_request_parts(parts, state).await?;
        let caller = SignedIn::from_request_parts(parts, state).await?;
        let key = key(&caller, &parts.uri);
        let tag = format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(key));
        Ok(Self {
            shared: state.clone(),
            state: caller.state(),
            key,
            has_it: has(&parts.headers, &tag),
            tag: HeaderValue::try_from(tag).map_err(|_| Error::Internal { id: "etag".into() })?,
            page: page.into_page(),
        })
    }
}

impl Listing {
    /// Which page.
    pub fn page(&self) -> Page {
        self.page.clone()
    }

    /// The answer without a look at the rows: 304, or the list as it was answered in this state of the workspace.
    pub fn known(&self) -> Option<Response> {
        let known = if self.has_it {
            Some(self.tagged(StatusCode::NOT_MODIFIED.into_response()))
        } else {
            self.shared.lists.get(self.state, &self.key).map(|list| self.answer(list))
        };
        self.shared.lists.note(known.is_some());
        known
    }

    /// The answer with these rows.
    ///
    /// # Errors
    /// If they can't be written as JSON, which would be a fault of ours.
    pub fn fresh<T: Serialize>(&self, rows: &Paged<T>) -> Result<Response, Problem> {
        let list = serde_json::to_vec(rows).map(Bytes::from).map_err(|error| {
            tracing::error!(%error, "a list could not be written");
            Error::Internal { id: "list".into() }
        })?;
        self.shared.lists.put(self.state, self.key, &list);
        Ok(self.answer(list))
    }

    fn answer(&self, list: Bytes) -> Response {
        let mut response = Response::new(Body::from(list));
        let kind = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        self.tagged(response)
    }

    fn tagged(&self, mut response: Response) -> Response {
        response.headers_mut().insert(header::ETAG, self.tag.clone());
        response
    }
}

fn key(caller: &SignedIn, uri: &axum::http::Uri) -> Key {
    let mut hash = Sha256::new();
    let (change, access) = caller.counters();
    hash.update(change.to_le_bytes());
    hash.update(access.to_le_bytes());
    hash.update(caller.user_id.map(|id| id.uuid().into_bytes()).unwrap_or_default());
    hash.update([u8::from(caller.read_only)]);
    // Another version of the program may write the same rows in another way.
    hash.update(env!("CARGO_PKG_VERSION"));
    hash.update(uri.path_and_query().map_or("", |wanted| wanted.as_str()));
    let mut key = Key::default();
    key.copy_from_slice(&hash.finalize()[..16]);
    key
}

fn has(headers: &HeaderMap, tag: &str) -> bool {
    let strong = tag.trim_start_matches("W/");
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .any(|known| known.trim().trim_start_matches("W/") == strong)
}
