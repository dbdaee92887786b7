//! "3 hours ago", with the exact time on hover.
//!
//! The server writes the day in UTC; the browser turns it into words in the reader's language and zone once the page is
//! alive, because a first render that depends on clock or locale would differ between the two.

use domain::Timestamp;
use leptos::{
    prelude::*,
    wasm_bindgen::JsValue,
    web_sys::js_sys::{self, Date, Intl, Object, Reflect},
};
use std::time::Duration;

const REFRESH: Duration = Duration::from_secs(30);

/// Counts up while the page is open, so that "2 minutes ago" grows older.
#[derive(Clone, Copy)]
pub struct Ticker(RwSignal<u32>);

/// Starts the one timer of the page. Call it in the shell; without it times stand still.
pub fn provide_ticker() {
    let ticks = RwSignal::new(0);
    provide_context(Ticker(ticks));
    Effect::new(move |_| {
        if let Ok(timer) = set_interval_with_handle(move || ticks.update(|n| *n += 1), REFRESH) {
            on_cleanup(move || timer.clear());
        }
    });
}

/// An instant.
#[component]
pub fn RelativeTime(#[prop(into)] at: Signal<Timestamp>) -> impl IntoView {
    let ticker = use_context::<Ticker>();
    let words = RwSignal::new(None::<(String, String)>);
    Effect::new(move |_| {
        if let Some(Ticker(ticks)) = ticker {
            ticks.track();
        }
        words.set(Some((relative(at.get()), exact(at.get()))));
    });
    view! {
        <time
            class="time"
            datetime=move || at.get().to_string()
            title=move || words.get().map_or_else(|| at.get().to_string(), |(_, exact)| exact)
        >
            {move || words.get().map_or_else(|| at.get().day().to_string(), |(relative, _)| relative)}
        </time>
    }
}

/// The coarsest unit that is not zero.
fn unit(seconds: i64) -> (i64, &'static str) {
    const UNITS: [(i64, &str); 6] = [
        (31_556_952, "year"),
        (2_629_746, "month"),
        (604_800, "week"),
        (86_400, "day"),
        (3_600, "hour"),
        (60, "minute"),
    ];
    UNITS
        .iter()
        .find(|(size, _)| seconds.abs() >= *size)
        .map_or((0, "minute"), |(size, name)| (seconds / size, *name))
}

fn relative(at: Timestamp) -> String {
    let now = Date::now();
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit for millennia")]
    let (value, name) = unit((at.micros() / 1_000 - now as i64) / 1_000);
    let options = Object::new();
    set(&options, "numeric", "auto");
    #[expect(clippy::cast_precision_loss, reason = "a count of units is small")]
    let value = value as f64;
    // Zero minutes: Intl says "this minute", people say "just now".
    if value == 0.0 {
        return "just now".into();
    }
    Intl::RelativeTimeFormat::new(&js_sys::Array::new(), &options).format(value, name).into()
}

fn exact(at: Timestamp) -> String {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds are below 2^53")]
    let date = Date::new(&JsValue::from_f64((at.micros() / 1_000) as f64));
    let options = Object::new();
    set(&options, "dateStyle", "full");
    set(&options, "timeStyle", "short");
    date.to_locale_string("default", &options).into()
}

fn set(options: &Object, key: &str, value: &str) {
    // Setting a property of a fresh object can't fail.
    let _ = Reflect::set(options, &key.into(), &value.into());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_coarsest_unit_that_is_not_zero_is_used() {
        assert_eq!(unit(-30), (0, "minute"));
        assert_eq!(unit(-90), (-1, "minute"));
        assert_eq!(unit(7_200), (2, "hour"));
        assert_eq!(unit(-86_400 * 6), (-6, "day"));
        assert_eq!(unit(-86_400 * 400), (-1, "year"));
    }
}
