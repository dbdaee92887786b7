//! The table of contents: who answers what.

use super::{Shared, assets, health, layers, pages, unsubscribe, vitals};
use crate::rest;
use axum::Router;

/// Everything that PMS answers.
///
/// | address | answered by |
/// |---|---|
/// | `/pkg/…`, `/icon.svg` … | [`assets`]: files of this build |
/// | `/api/health` … | [`health`] |
/// | `/api/v1/…`, `/api/auth/…`, `/api/projects` | [`rest`] |
/// | `/api/docs`, `/api/openapi.json` | [`rest`]: what the API is |
/// | `/fn/…` | [`pages`]: server functions |
/// | `/unsubscribe` | [`unsubscribe`]: links in e-mails |
/// | `/vitals` | [`vitals`]: what browsers noticed of a page |
/// | everything else | [`pages`] |
pub fn router(state: Shared) -> Router {
    let files = layers::around_files(assets::routes(), &state);
    let pages = layers::around_people(pages::routes(&state).merge(unsubscribe::routes(&state)), &state);
    let reports = layers::around_reports(vitals::routes(&state), &state);
    let api = layers::around_api(rest::routes(&state), &state);
    layers::around_all(health::routes(&state).merge(files).merge(reports).merge(pages).merge(api), &state)
}
