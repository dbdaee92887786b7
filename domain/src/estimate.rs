//! Estimates as people write them: `2h 30m`, `1.5h`, `90m`, `1d`, or plain minutes.

use crate::{limits, validate::Problem};

/// Hours of a day's work.
pub const DAY_HOURS: i64 = 8;

const HOUR: i64 = 60;
const DAY: i64 = DAY_HOURS * HOUR;

/// Most digits of one number: more is a slip of the hand, and fewer can't overflow.
const DIGITS: usize = 7;

/// The minutes that a text means; none for a blank one.
///
/// A number without a unit means minutes. A day has [`DAY_HOURS`] hours.
///
/// # Errors
/// `unreadable` for other words, `out_of_range` for less than a minute and more than [`limits::ESTIMATE`].
pub fn parse(text: &str) -> Result<Option<i64>, Problem> {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return Ok(None);
    }
    let mut rest = text.as_str();
    let mut minutes = 0;
    while !rest.is_empty() {
        let (part, after) = part(rest).ok_or_else(unreadable)?;
        minutes += part;
        rest = after;
    }
    if (1..=limits::ESTIMATE).contains(&minutes) { Ok(Some(minutes)) } else { Err(out_of_range()) }
}

/// Minutes in words: `2h 30m`, `1d`, `1d 45m`. [`parse`] reads it back.
pub fn format(minutes: i64) -> String {
    let parts = [(minutes / DAY, 'd'), (minutes % DAY / HOUR, 'h'), (minutes % HOUR, 'm')];
    let words: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count}{unit}")).collect();
    if words.is_empty() { "0m".into() } else { words.join(" ") }
}

/// The first number with its unit, in minutes, and what follows it.
fn part(text: &str) -> Option<(i64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let rest = rest.trim_start();
    let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
    let (unit, rest) = rest.split_at(end);
    Some((times(number, size(unit)?)?, rest.trim_start()))
}

fn size(unit: &str) -> Option<i64> {
    match unit {
        "" | "m" | "min" | "mins" | "minute" | "minutes" => Some(1),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(HOUR),
        "d" | "day" | "days" => Some(DAY),
        _ => None,
    }
}

/// A number with or without a fraction, times the size of its unit, to the nearest minute.
fn times(number: &str, size: i64) -> Option<i64> {
    let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, ""));
    let digits = [whole, fraction].concat();
    if digits.is_empty() || digits.len() > DIGITS || fraction.contains(['.', ',']) {
        return None;
    }
    let scale = 10_i64.pow(u32::try_from(fraction.len()).ok()?);
    let value: i64 = digits.parse().ok()?;
    Some((value * size + scale / 2) / scale)
}

fn unreadable() -> Problem {
    Problem {
        code: "unreadable",
        message: format!("Write an estimate like 2h 30m, 1.5h, 90m or 1d, which is {DAY_HOURS} hours."),
    }
}

fn out_of_range() -> Problem {
    let longest = format(limits::ESTIMATE);
    Problem {
        code: "out_of_range",
        message: format!("An estimate is between 1m and {longest}. Enter one of these, or leave it empty."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_is_read_as_people_write_it() {
        for (text, minutes) in [
            ("90", 90),
            ("90m", 90),
            ("90 min", 90),
            ("2h", 120),
            ("2h 30m", 150),
            ("2h30", 150),
            ("2 hours 30 minutes", 150),
            ("1.5h", 90),
            ("1,5 H", 90),
            (".5h", 30),
            ("1d", 480),
            ("1d 2h", 600),
            (" 2 days ", 960),
            ("0.25h", 15),
            ("0h 5m", 5),
        ] {
            assert_eq!(parse(text), Ok(Some(minutes)), "{text}");
        }
    }

    #[test]
    fn a_blank_estimate_is_none() {
        assert_eq!(parse(""), Ok(None));
        assert_eq!(parse("  "), Ok(None));
    }

    #[test]
    fn other_words_are_refused_with_an_example() {
        for text in ["soon", "h", "2x", "-1h", "1:30", "1.2.3h", "1h,", "2 h 30 m!", "99999999", "١h", "."] {
            let problem = parse(text).expect_err(text);
            assert_eq!(problem.code, "unreadable", "{text}");
            assert!(problem.message.contains("2h 30m"));
        }
    }

    #[test]
    fn too_little_and_too_much_are_refused() {
        for text in ["0", "0h", "250001", "9999d", "999999d 999999d 999999d"] {
            assert_eq!(parse(text).expect_err(text).code, "out_of_range", "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        assert_eq!(format(150), "2h 30m");
        assert_eq!(format(480), "1d");
        assert_eq!(format(525), "1d 45m");
        assert_eq!(format(0), "0m");
        for minutes in 1..=limits::ESTIMATE {
            assert_eq!(parse(&format(minutes)), Ok(Some(minutes)));
        }
    }
}
