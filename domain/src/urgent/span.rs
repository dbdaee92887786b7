//! Spans of time as people write and read them: “90 s”, “2 min”, “1 h”.

/// Seconds in words, in the largest unit that says it exactly.
pub fn span_text(seconds: i64) -> String {
    match seconds {
        0 => "0 min".into(),
        hours if hours % 3_600 == 0 => format!("{} h", hours / 3_600),
        minutes if minutes % 60 == 0 => format!("{} min", minutes / 60),
        seconds => format!("{seconds} s"),
    }
}

/// The seconds that a text says; a number alone is minutes.
pub fn parse_span(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number: i64 = text[..digits].parse().ok()?;
    let unit = match text[digits..].trim().to_ascii_lowercase().as_str() {
        "s" | "sec" | "second" | "seconds" => 1,
        "" | "m" | "min" | "minute" | "minutes" => 60,
        "h" | "hour" | "hours" => 3_600,
        _ => return None,
    };
    number.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_span_is_read_as_people_write_it() {
        for (text, seconds) in
            [("90 s", 90), ("2", 120), (" 5min ", 300), ("1 h", 3_600), ("0", 0), ("30 Seconds", 30)]
        {
            assert_eq!(parse_span(text), Some(seconds), "{text}");
        }
        for wrong in ["", "s", "-1", "1.5 h", "2 days", "99999999999999999999 s", "9223372036854775807 h"] {
            assert_eq!(parse_span(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(seconds in 0_i64..1_000_000) {
            prop_assert_eq!(parse_span(&span_text(seconds)), Some(seconds));
        }
    }
}
