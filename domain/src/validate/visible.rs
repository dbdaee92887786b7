//! Characters that are there and can't be seen. In a name they make two that look the same differ.

use super::{Problem, collapse};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// One line of which everything was taken out that [`super::name`] would refuse, for texts that are
/// imported and have nobody to ask.
pub fn visible_line(text: &str) -> String {
    let composed: Vec<char> = collapse(text).nfc().collect();
    let mut kept = Vec::with_capacity(composed.len());
    for (at, &c) in composed.iter().enumerate() {
        let next = composed.get(at + 1).copied();
        if !c.is_control() && (!is_invisible(c) || is_joined(kept.last().copied(), c, next)) {
            kept.push(c);
        }
    }
    // What was taken out may have stood between two spaces, or between a letter and its accent.
    collapse(&kept.iter().collect::<String>()).nfc().collect()
}

/// Refuses control characters, and invisible ones where no script and no emoji needs them.
pub(super) fn refuse_hidden(line: &str) -> Result<(), Problem> {
    let mut previous = None;
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c.is_control() {
            return Err(hidden("control", "a control character", line, at));
        }
        let next = chars.peek().map(|(_, next)| *next);
        if is_invisible(c) && !is_joined(previous, c, next) {
            return Err(hidden("invisible", "an invisible character", line, at));
        }
        previous = Some(c);
    }
    Ok(())
}

fn hidden(code: &'static str, what: &str, line: &str, at: usize) -> Problem {
    let number = line[at..].chars().next().map_or(0, u32::from);
    let before: Vec<char> = line[..at].chars().rev().take(12).collect();
    let place = if before.is_empty() {
        "at the beginning".to_owned()
    } else {
        format!("after “{}”", before.into_iter().rev().collect::<String>())
    };
    Problem::new(
        code,
        format!(
            "This contains {what} (U+{number:04X}) {place}. Delete it, or type the text again instead of pasting it."
        ),
    )
}

/// Characters without a shape of their own. After Unicode's `Default_Ignorable_Code_Point`, with the
/// interlinear marks and the empty Braille cell, which show nothing either.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}'
            | '\u{034F}'
            | '\u{061C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

const JOINER: char = '\u{200D}';
const NON_JOINER: char = '\u{200C}';
const EMOJI_STYLE: char = '\u{FE0F}';
const KEYCAP: char = '\u{20E3}';

/// Whether an invisible character does something here that can be seen.
fn is_joined(previous: Option<char>, c: char, next: Option<char>) -> bool {
    let Some(previous) = previous else {
        return false;
    };
    match c {
        EMOJI_STYLE => {
            is_symbol(previous) || matches!(previous, '0'..='9' | '#' | '*') && next == Some(KEYCAP)
        }
        JOINER | NON_JOINER => next.is_some_and(|next| {
            let emoji = c == JOINER && (is_symbol(previous) || previous == EMOJI_STYLE);
            emoji && is_symbol(next) || is_joining_script(previous) && is_joining_script(next)
        }),
        _ => false,
    }
}

fn is_symbol(c: char) -> bool {
    // Some emoji (ℹ, Ⓜ, 🅰) count as letters in Unicode, so their blocks are named.
    matches!(c, '\u{2100}'..='\u{27BF}' | '\u{1F000}'..='\u{1FAFF}')
        || !(c.is_ascii()
            || c.is_alphanumeric()
            || c.is_whitespace()
            || c.is_control()
            || is_invisible(c)
            || is_combining_mark(c))
}

/// Arabic, Indic and neighbouring scripts, whose spelling needs the joiners.
fn is_joining_script(c: char) -> bool {
    matches!(c, '\u{0600}'..='\u{0DFF}' | '\u{0F00}'..='\u{109F}' | '\u{1780}'..='\u{18AF}')
        && (c.is_alphabetic() || is_combining_mark(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::name;
    use proptest::prelude::*;

    #[test]
    fn hidden_characters_are_refused_with_their_place() {
        for hidden in [
            '\u{200B}',
            '\u{200C}',
            '\u{200D}',
            '\u{200F}',
            '\u{202E}',
            '\u{2060}',
            '\u{2066}',
            '\u{FEFF}',
            '\u{AD}',
            '\u{E0041}',
            '\u{FE0F}',
            '\u{3164}',
            '\u{2800}',
        ] {
            let problem = name(&format!("pay{hidden}roll"), 50).expect_err("hidden");
            assert_eq!(problem.code, "invisible", "{hidden:?}");
            assert!(problem.message.contains("after “pay”"), "{}", problem.message);
        }
        let problem = name("\u{200B}payroll", 50).expect_err("hidden");
        assert!(problem.message.contains("at the beginning"), "{}", problem.message);
        assert_eq!(name("a\u{7}b", 50).expect_err("control").code, "control");
    }

    #[test]
    fn emoji_and_scripts_that_need_joiners_are_taken() {
        for right in [
            "Launch 🚀",
            "Family 👨\u{200D}👩\u{200D}👧",
            "Love ❤\u{FE0F}\u{200D}🔥",
            "Waving 👋🏽",
            "Info ℹ\u{FE0F}",
            "Step 1\u{FE0F}\u{20E3}",
            "می\u{200C}خواهم",
            "ක්\u{200D}ෂ",
        ] {
            assert_eq!(name(right, 50).as_deref(), Ok(right));
        }
    }

    #[test]
    fn a_joiner_at_the_end_or_a_doubled_style_is_refused() {
        for wrong in ["👨\u{200D}", "👨\u{200D}x", "❤\u{FE0F}\u{FE0F}", "خ\u{200C}", "1\u{FE0F}"] {
            assert_eq!(name(wrong, 50).map_err(|p| p.code), Err("invisible"), "{wrong:?}");
        }
    }

    #[test]
    fn an_imported_line_loses_what_is_hidden_and_nothing_else() {
        assert_eq!(visible_line("\u{FEFF} pay\u{200B}  \u{7} roll ❤\u{FE0F} "), "pay roll ❤\u{FE0F}");
    }

    proptest! {
        #[test]
        fn a_cleaned_line_is_a_name_or_empty(
            input in prop::collection::vec(
                prop_oneof![
                    any::<char>(),
                    prop::sample::select(vec![
                        '\u{200B}', '\u{200C}', '\u{200D}', '\u{FE0F}', '\u{20E3}', '1', '❤', 'خ',
                        ' ', '\n', '\u{301}', 'e', '\u{7}', '👨', '\u{E0020}', '\u{2000}',
                    ]),
                ],
                0..30,
            )
        ) {
            let line = visible_line(&input.into_iter().collect::<String>());
            if !line.is_empty() {
                prop_assert_eq!(name(&line, 1_000), Ok(line));
            }
        }
    }
}
