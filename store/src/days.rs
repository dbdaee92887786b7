//! Days as stored: one that is not set is far away, so that an index sorts it last.

use domain::Day;

const NOT_SET: &str = "9999-12-31";

/// From what is stored.
pub(crate) fn read(text: &str) -> Option<Day> {
    if text == NOT_SET { None } else { text.parse().ok() }
}

/// As it is stored.
pub(crate) fn write(day: Option<Day>) -> String {
    day.map_or_else(|| NOT_SET.into(), |day| day.to_string())
}
