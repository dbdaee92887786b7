//! What browsers noticed of a page: `public/vitals.js` says it, Prometheus reads it, and errors are in the log. Whoever can
//! reach the server can send anything here, so it is counted and nothing else is made of it.

use super::{Problem, Shared};
use axum::{Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use domain::Error;
use serde::Deserialize;

/// Bytes: five errors and three numbers.
const MOST: u64 = 8 * 1024;
const MOST_ERRORS: usize = 5;
/// Characters of a text in the log.
const LONGEST: usize = 300;
/// Milliseconds: a page that took longer was asleep.
const AN_HOUR: f64 = 3_600_000.0;

/// What one page says, since it said something the last time. Times in milliseconds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    /// From the request to the largest thing that was drawn.
    lcp: Option<f64>,
    /// The slowest answer to a click or key, to the next picture.
    inp: Option<f64>,
    /// How much moved by itself: the part of the window, times how far.
    cls: Option<f64>,
    #[serde(default)]
    errors: Vec<Fault>,
}

/// What went wrong in a page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    message: String,
    /// File and line.
    #[serde(rename = "where")]
    place: String,
}

/// `POST /vitals`
pub fn routes(state: &Shared) -> Router {
    Router::new().route("/vitals", post(take)).with_state(state.clone())
}

async fn take(State(state): State<Shared>, body: Bytes) -> Result<StatusCode, Problem> {
    if u64::try_from(body.len()).unwrap_or(u64::MAX) > MOST {
        return Err(Error::TooLarge { limit: MOST }.into());
    }
    let report: Report = serde_json::from_slice(&body).map_err(|_| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unreadable_body", "This is no report of a page.")
    })?;
    let seconds =
        |time: Option<f64>| time.filter(|time| (0.0..AN_HOUR).contains(time)).map(|time| time / 1000.0);
    let cls = report.cls.filter(|moved| (0.0..1000.0).contains(moved));
    state.metrics.note_vitals(seconds(report.lcp), seconds(report.inp), cls);
    for Fault { message, place } in report.errors.iter().take(MOST_ERRORS) {
        state.metrics.note_browser_error();
        // Debug: whoever writes into the log writes one line of it.
        tracing::warn!(message = ?shortened(message), at = ?shortened(place), "a page says that something went wrong in it");
    }
    Ok(StatusCode::NO_CONTENT)
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}
