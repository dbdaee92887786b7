//! What browsers noticed of a page: `public/vitals.js` says it, Prometheus reads it, and errors are in the log. Whoever can
//! reach the server can send anything here, so it is counted, a few lines of it are logged, and nothing else is made of it.

use super::{Problem, Shared};
use axum::{Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use domain::Error;
use serde_json::{Map, Value};
use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU32, Ordering},
};

/// Bytes: more than five errors and three numbers take.
const MOST: u64 = 8 * 1024;
const MOST_ERRORS: usize = 5;
/// Characters of a text in the log.
const LONGEST: usize = 300;
/// Lines of the log in a minute: what is wrong in every page says so often enough, and nobody fills a disk with it.
const LINES: u32 = 60;
const MINUTE: i64 = 60_000_000;
/// Milliseconds and shares of the window: what is beyond did not happen before somebody's eyes.
const LONGEST_WAIT: f64 = 120_000.0;
const MOST_MOVED: f64 = 100.0;

/// `POST /vitals`: a JSON object with `lcp` and `inp` in milliseconds, `cls`, and `errors`, a list of objects with `message` and
/// `where`. All may be left out, and what is not understood is: the page may be of another version than the server.
pub fn routes(state: &Shared) -> Router {
    Router::new().route("/vitals", post(take)).with_state((state.clone(), Arc::new(Lines::default())))
}

async fn take(
    State((state, lines)): State<(Shared, Arc<Lines>)>,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    if u64::try_from(body.len()).unwrap_or(u64::MAX) > MOST {
        return Err(Error::TooLarge { limit: MOST }.into());
    }
    let report: Map<String, Value> = serde_json::from_slice(&body).map_err(|_| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unreadable_body", "This is no report of a page.")
    })?;
    let number = |name: &str, most: f64| {
        report.get(name).and_then(Value::as_f64).filter(|number| (0.0..most).contains(number))
    };
    let seconds = |name| number(name, LONGEST_WAIT).map(|time| time / 1000.0);
    state.metrics.note_vitals(seconds("lcp"), seconds("inp"), number("cls", MOST_MOVED));
    let errors = report.get("errors").and_then(Value::as_array);
    for error in errors.into_iter().flatten().take(MOST_ERRORS) {
        state.metrics.note_browser_error();
        let text = |name: &str| quoted(error.get(name).and_then(Value::as_str).unwrap_or_default());
        match lines.next(state.services.now().micros() / MINUTE) {
            0..LINES => {
                tracing::warn!(said = %text("message"), at = %text("where"), "something went wrong in a page");
            }
            LINES => tracing::warn!("more went wrong in pages: in this minute it is only counted"),
            _ => {}
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

/// In one line, whatever is in it.
fn quoted(text: &str) -> String {
    format!("{text:?}").chars().take(LONGEST).collect()
}

/// How many lines were written in a minute.
#[derive(Default)]
struct Lines {
    minute: AtomicI64,
    written: AtomicU32,
}

impl Lines {
    /// How many there are in this minute already.
    fn next(&self, minute: i64) -> u32 {
        if self.minute.swap(minute, Ordering::Relaxed) != minute {
            self.written.store(0, Ordering::Relaxed);
        }
        self.written.fetch_add(1, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_short_line() {
        assert_eq!(quoted("a \"page\"\n\u{1b}[31mred"), r#""a \"page\"\n\u{1b}[31mred""#);
        assert_eq!(quoted(&"\u{10ffff}".repeat(500)).chars().count(), LONGEST);
    }

    #[test]
    fn lines_are_counted_by_the_minute() {
        let lines = Lines::default();
        assert_eq!([lines.next(7), lines.next(7), lines.next(8), lines.next(8)], [0, 1, 0, 1]);
    }
}
