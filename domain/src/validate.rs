//! What people type: brought into one form, limited, and refused with a sentence that says what to do.
//!
//! Each function returns the text as it is to be stored. The `…_key` functions return the form in which
//! two texts are compared for being the same; keys are stored beside the text, never shown.

mod password;
mod visible;

pub use password::password;
pub use visible::visible_line;

use unicode_normalization::UnicodeNormalization;
use visible::{is_invisible, refuse_hidden};

/// Longest key that [`name_key`] makes, in characters: four bytes each still fit an index of 767 bytes.
pub const NAME_KEY: usize = 190;
/// Longest e-mail address (RFC 5321), in bytes, and longest key of one, in characters.
pub const EMAIL: usize = 254;

/// Why a text can't be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// A stable word for programs: `blank`, `too_long`, `too_short`, `invisible`, `control`, `characters` …
    pub code: &'static str,
    /// A sentence for people that says what to do.
    pub message: String,
}

impl Problem {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

/// A name or title: one line, in NFC, inner white space collapsed, not empty, nothing hidden in it.
pub fn name(text: &str, max_chars: usize) -> Result<String, Problem> {
    let line = optional_line(text, max_chars)?;
    refuse_blank(&line)?;
    Ok(line)
}

/// As [`name`], and may be empty.
pub fn optional_line(text: &str, max_chars: usize) -> Result<String, Problem> {
    let line: String = collapse(text).nfc().collect();
    refuse_hidden(&line)?;
    refuse_long(&line, max_chars)?;
    Ok(line)
}

/// Several lines, such as a description: kept as typed but for line ends, which become `\n`. May be empty.
///
/// Refuses NUL and the characters that turn the direction of text around: they can make a line, and
/// code above all, read as something other than it says.
pub fn text(text: &str, max_chars: usize) -> Result<String, Problem> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if let Some(at) = text.find('\0') {
        return Err(hidden_in_line("control", "a NUL character", &text, at));
    }
    if let Some(at) = text.find(is_direction_control) {
        return Err(hidden_in_line("invisible", "an invisible character that reorders text", &text, at));
    }
    refuse_long(&text, max_chars)?;
    Ok(text)
}

/// As [`text`], and may not be blank.
pub fn required_text(input: &str, max_chars: usize) -> Result<String, Problem> {
    let input = text(input, max_chars)?;
    refuse_blank(&input)?;
    Ok(input)
}

/// A name to sign in with and to be mentioned by: 2 to 32 of ASCII letters, digits, `.`, `_` and `-`.
///
/// It begins with a letter or digit and does not end with `.` or `-`, which belong to the sentence
/// when a mention ends it.
pub fn username(text: &str) -> Result<String, Problem> {
    let name = text.trim();
    refuse_blank(name)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if !name.chars().all(allowed)
        || !name.starts_with(|c: char| c.is_ascii_alphanumeric())
        || name.ends_with(['.', '-'])
    {
        return Err(Problem::new(
            "characters",
            "Use only letters a–z, digits, “.”, “_” and “-”. Begin with a letter or digit, and do not end with “.” or “-”.",
        ));
    }
    if name.len() < 2 {
        return Err(Problem::new("too_short", "This is too short. Use at least 2 characters."));
    }
    refuse_long(name, 32)?;
    Ok(name.to_owned())
}

/// The form in which two user names are compared.
pub fn username_key(text: &str) -> String {
    fold(text.trim()).chars().take(NAME_KEY).collect()
}

/// An e-mail address: something before one `@`, and a domain after it. Whether it works, only a message can tell.
pub fn email(text: &str) -> Result<String, Problem> {
    let address = text.trim();
    refuse_blank(address)?;
    if address.len() > EMAIL {
        return Err(Problem::new(
            "too_long",
            format!("This address is too long: the limit is {EMAIL} characters."),
        ));
    }
    let (local, domain) = address
        .split_once('@')
        .filter(|(_, domain)| !domain.contains('@'))
        .ok_or_else(|| Problem::new("email", "Enter an address with one @, such as name@example.org."))?;
    if !is_email_local(local) {
        return Err(Problem::new(
            "email",
            "The part before @ is missing, too long or has characters that an address can't have. Check it for spaces and stray dots.",
        ));
    }
    if !is_email_domain(domain) {
        return Err(Problem::new(
            "email",
            "The part after @ is not a domain. Enter one such as example.org.",
        ));
    }
    Ok(address.to_owned())
}

/// The form in which two e-mail addresses are compared.
pub fn email_key(text: &str) -> String {
    fold(text.trim()).chars().take(EMAIL).collect()
}

/// The form in which two names are compared for being the same: case, width, white space and hidden
/// characters do not count, accents do. At most [`NAME_KEY`] characters.
pub fn name_key(text: &str) -> String {
    let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    collapse(&fold(&visible)).chars().take(NAME_KEY).collect()
}

/// A project's key, in capitals: 2 to 10 of A–Z and digits, the first a letter.
pub fn project_key(text: &str) -> Result<String, Problem> {
    let key = text.trim().to_ascii_uppercase();
    refuse_blank(&key)?;
    let letters = key.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    if !letters || !key.starts_with(|c: char| c.is_ascii_uppercase()) {
        return Err(Problem::new(
            "characters",
            "Use only letters A–Z and digits, and begin with a letter, such as WEB or OPS2.",
        ));
    }
    if key.len() < 2 {
        return Err(Problem::new("too_short", "This is too short. Use 2 to 10 characters."));
    }
    refuse_long(&key, 10)?;
    Ok(key)
}

fn refuse_blank(text: &str) -> Result<(), Problem> {
    if text.trim().is_empty() {
        return Err(Problem::new("blank", "This can't be empty. Fill it in."));
    }
    Ok(())
}

fn refuse_long(text: &str, max_chars: usize) -> Result<(), Problem> {
    let length = text.chars().count();
    if length > max_chars {
        return Err(Problem::new(
            "too_long",
            format!(
                "This is {length} characters long and the limit is {max_chars}. Shorten it by {}.",
                length - max_chars
            ),
        ));
    }
    Ok(())
}

fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lower-casing can leave what NFKC would compose, so NFKC comes last once more.
fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

/// Embeddings, overrides and isolates. A plain direction mark (U+200E, U+200F) only affects its neighbours.
pub(crate) const fn is_direction_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn hidden_in_line(code: &'static str, what: &str, text: &str, at: usize) -> Problem {
    let line = text[..at].matches('\n').count() + 1;
    let number = text[at..].chars().next().map_or(0, u32::from);
    Problem::new(
        code,
        format!(
            "Line {line} contains {what} (U+{number:04X}). Delete it, or type that line again instead of pasting it."
        ),
    )
}

fn is_email_local(local: &str) -> bool {
    let allowed = |c: char| {
        c.is_alphanumeric()
            || c.is_ascii_punctuation()
                && !matches!(c, '"' | '(' | ')' | ',' | ':' | ';' | '<' | '>' | '[' | '\\' | ']')
    };
    (1..=64).contains(&local.len())
        && local.chars().all(allowed)
        && local.split('.').all(|part| !part.is_empty())
}

fn is_email_domain(domain: &str) -> bool {
    let label = |part: &str| {
        (1..=63).contains(&part.len())
            && part.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    let known = domain.contains('.') || domain.eq_ignore_ascii_case("localhost");
    known && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code<T: std::fmt::Debug>(result: Result<T, Problem>) -> &'static str {
        result.expect_err("it has to be refused").code
    }

    #[test]
    fn a_name_is_trimmed_collapsed_and_composed() {
        assert_eq!(name("  Caf\u{65}\u{301}\t\n  au\u{a0}lait ", 20).expect("fine"), "Café au lait");
    }

    #[test]
    fn a_name_that_is_too_long_is_told_by_how_much() {
        let problem = name("abcdef", 4).expect_err("too long");
        assert_eq!(problem.code, "too_long");
        assert_eq!(problem.message, "This is 6 characters long and the limit is 4. Shorten it by 2.");
        assert_eq!(name("åäöü", 4).expect("characters count, not bytes"), "åäöü");
    }

    #[test]
    fn a_blank_name_is_refused_and_an_optional_line_is_not() {
        assert_eq!(code(name(" \n\u{3000} ", 10)), "blank");
        assert_eq!(optional_line(" \n ", 10).expect("may be empty"), "");
    }

    #[test]
    fn a_text_keeps_what_was_typed_but_for_line_ends() {
        assert_eq!(text("a \r\n\tb\rc\u{200B}\n", 50).expect("fine"), "a \n\tb\nc\u{200B}\n");
        assert_eq!(text("", 50).expect("may be empty"), "");
        assert_eq!(code(required_text(" \n", 50)), "blank");
        assert_eq!(code(text("abc", 2)), "too_long");
    }

    #[test]
    fn a_text_that_would_read_as_something_else_is_refused_with_its_line() {
        let problem = text("one\ntwo \u{202E}three", 50).expect_err("reorders");
        assert_eq!(problem.code, "invisible");
        assert!(problem.message.starts_with("Line 2 contains"), "{}", problem.message);
        assert!(problem.message.contains("U+202E"), "{}", problem.message);
        assert_eq!(code(text("a\0b", 50)), "control");
    }

    #[test]
    fn a_user_name_is_kept_as_typed_and_compared_without_case() {
        assert_eq!(username(" Ada.Lovelace_1 ").expect("fine"), "Ada.Lovelace_1");
        assert_eq!(username_key("Ada.Lovelace_1"), username_key(" ada.LOVELACE_1"));
        assert_eq!(username_key("ａｄａ"), "ada");
        for wrong in ["-ada", ".ada", "_ada", "ada.", "ada-", "ada lovelace", "adá", "a@b"] {
            assert_eq!(code(username(wrong)), "characters", "{wrong}");
        }
        assert_eq!(code(username("a")), "too_short");
        assert_eq!(code(username(&"a".repeat(33))), "too_long");
        assert_eq!(code(username("  ")), "blank");
    }

    #[test]
    fn every_user_name_can_be_mentioned() {
        for name in ["ada", "ada.l", "a-b_", "a1"] {
            let name = username(name).expect("fine");
            assert_eq!(crate::comment::mentions(&format!("Ask @{name}.")), [name]);
        }
    }

    #[test]
    fn an_address_has_one_at_sign_and_a_domain() {
        for right in ["a@b.co", "first.last+tag@sub.example.org", "root@localhost", "jo@müller.de"] {
            assert_eq!(email(&format!(" {right} ")).expect("fine"), right);
        }
        for wrong in [
            "plain",
            "@b.co",
            "a@",
            "a@b",
            "a@@b.co",
            "a@b@c.co",
            "a b@c.co",
            "a@b c.co",
            "a@.co",
            "a@b..co",
            "a@-b.co",
            ".a@b.co",
            "a.@b.co",
            "a..b@c.co",
            "<a@b.co>",
            "a\u{200B}@b.co",
        ] {
            assert_eq!(code(email(wrong)), "email", "{wrong}");
        }
        assert_eq!(code(email(&format!("{}@b.co", "a".repeat(65)))), "email");
        assert_eq!(code(email(&format!("a@{}co", "b.".repeat(130)))), "too_long");
        assert_eq!(email_key(" Ada@Example.ORG "), "ada@example.org");
    }

    #[test]
    fn names_that_look_the_same_have_the_same_key() {
        assert_eq!(name_key("Web  Shop"), name_key(" web shop "));
        assert_eq!(name_key("Ｗｅｂ"), name_key("WEB"));
        assert_eq!(name_key("we\u{200B}b\u{AD}"), name_key("web"));
        assert_ne!(name_key("resume"), name_key("résumé"));
        assert!(name_key(&"\u{FDFA}".repeat(80)).chars().count() <= NAME_KEY);
    }

    #[test]
    fn a_project_key_comes_out_in_capitals() {
        assert_eq!(project_key(" web2 ").expect("fine"), "WEB2");
        for wrong in ["2web", "we-b", "wéb", "we b"] {
            assert_eq!(code(project_key(wrong)), "characters", "{wrong}");
        }
        assert_eq!(code(project_key("w")), "too_short");
        assert_eq!(code(project_key("ABCDEFGHIJK")), "too_long");
    }

    proptest! {
        #[test]
        fn what_was_taken_once_is_taken_unchanged_again(input in "\\PC{0,40}|.{0,40}") {
            if let Ok(line) = name(&input, 100) {
                prop_assert_eq!(name(&line, 100), Ok(line.clone()));
                prop_assert_eq!(name_key(&line), name_key(&name_key(&line)));
            }
            if let Ok(kept) = text(&input, 100) {
                prop_assert_eq!(text(&kept, 100), Ok(kept.clone()));
            }
        }

        #[test]
        fn case_never_makes_two_user_names_of_one(input in "[A-Za-z0-9][A-Za-z0-9._-]{0,30}[A-Za-z0-9]") {
            let kept = username(&input).expect("made of allowed characters");
            prop_assert_eq!(username_key(&kept), username_key(&kept.to_ascii_uppercase()));
        }
    }
}
