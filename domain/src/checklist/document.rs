//! A document before its lines are read: characters that may not stay, and front matter.

use super::line::{Line, Shape};
use crate::validate::is_direction_control;

/// Line ends as `\n`, without byte order mark, control characters and those that reorder text.
pub(super) fn clean(text: &str) -> String {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut clean = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                clean.push('\n');
            }
            '\n' | '\t' => clean.push(c),
            _ if c.is_control() || is_direction_control(c) => {}
            _ => clean.push(c),
        }
    }
    clean
}

/// How many lines at the top are front matter (YAML between `---`, TOML between `+++`).
pub(super) fn front_matter(lines: &[&str]) -> usize {
    let fence = lines.first().map_or("", |line| line.trim_end());
    let plausible = match fence {
        // A document may also begin with a rule, and have another one further down.
        "---" => lines.get(1).is_some_and(|line| line.contains(':') || line.starts_with('#')),
        "+++" => true,
        _ => false,
    };
    if !plausible {
        return 0;
    }
    for (at, line) in lines.iter().enumerate().skip(1) {
        let end = line.trim_end();
        if end == fence || fence == "---" && end == "..." {
            return at + 1;
        }
        if matches!(Line::new(line).shape(), Shape::Item { .. }) {
            return 0;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_become_one_and_control_characters_go() {
        assert_eq!(clean("\u{FEFF}a\r\nb\rc\0\u{1B}\td\u{202E}\u{85}"), "a\nb\nc\td");
    }

    #[test]
    fn front_matter_is_skipped_and_a_rule_is_not_taken_for_it() {
        assert_eq!(front_matter(&["---", "title: Plan", "# note", "---", "# Plan"]), 4);
        assert_eq!(front_matter(&["+++", "title = \"Plan\"", "+++"]), 3);
        assert_eq!(front_matter(&["---", "title: Plan", "..."]), 3);
        assert_eq!(front_matter(&["---", "", "text", "---"]), 0);
        assert_eq!(front_matter(&["---", "a: b", "- [ ] item", "---"]), 0);
        assert_eq!(front_matter(&["---", "a: b"]), 0);
        assert_eq!(front_matter(&[]), 0);
    }
}
