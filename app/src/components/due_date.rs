//! The day by which a task is to be done, coloured when it is near or past.

use super::icon::Icon;
use domain::Day;
use leptos::{
    prelude::*,
    wasm_bindgen::JsValue,
    web_sys::js_sys::{Date, Object, Reflect},
};

/// A due day. The server writes `2026-01-17`; the browser writes "17 Jan" and compares with its own today.
#[component]
pub fn DueDate(
    day: Day,
    /// Done tasks are never late.
    #[prop(optional, into)]
    done: Signal<bool>,
) -> impl IntoView {
    let iso = day.to_string();
    let datetime = iso.clone();
    let words = RwSignal::new(None::<String>);
    let days_left = RwSignal::new(None::<i64>);
    Effect::new({
        let iso = iso.clone();
        move |_| {
            words.set(Some(short(&iso)));
            days_left.set(Some(days_until(&iso)));
        }
    });
    let state = move || days_left.get().filter(|_| !done.get()).and_then(state);
    let said = move || match state() {
        Some("overdue") => ", overdue",
        Some("today") => ", today",
        _ => "",
    };
    view! {
        <time class="due" datetime=datetime.clone() title=datetime data-due=state>
            <Icon icon=Icon::Calendar/>
            <span>
                {move || words.get().unwrap_or_else(|| iso.clone())}
                <span class="visually-hidden">{said}</span>
            </span>
        </time>
    }
}

fn state(days_left: i64) -> Option<&'static str> {
    match days_left {
        ..0 => Some("overdue"),
        0 => Some("today"),
        1..=3 => Some("soon"),
        _ => None,
    }
}

/// Midnight of that day where the reader is; a bare ISO day would be midnight in Greenwich.
fn local_midnight(iso: &str) -> Date {
    Date::new(&JsValue::from_str(&format!("{iso}T00:00:00")))
}

fn days_until(iso: &str) -> i64 {
    let midnight = Date::new_0();
    midnight.set_hours(0);
    midnight.set_minutes(0);
    midnight.set_seconds(0);
    // Rounded: a day on which the clocks change has 23 or 25 hours, and the milliseconds of now are left.
    let days = ((local_midnight(iso).get_time() - midnight.get_time()) / 86_400_000.0).round();
    #[expect(clippy::cast_possible_truncation, reason = "a count of days")]
    let days = days as i64;
    days
}

fn short(iso: &str) -> String {
    let date = local_midnight(iso);
    let options = Object::new();
    set(&options, "day", "numeric");
    set(&options, "month", "short");
    if date.get_full_year() != Date::new_0().get_full_year() {
        set(&options, "year", "numeric");
    }
    date.to_locale_date_string("default", &options).into()
}

fn set(options: &Object, key: &str, value: &str) {
    // Setting a property of a fresh object can't fail.
    let _ = Reflect::set(options, &key.into(), &value.into());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_overdue_from_the_day_after() {
        assert_eq!(state(-1), Some("overdue"));
        assert_eq!(state(0), Some("today"));
        assert_eq!(state(3), Some("soon"));
        assert_eq!(state(4), None);
    }
}
