//! The form in which text is searched: case, accents and punctuation do not count.
//!
//! The same function makes the stored text and the query, so whatever it does to a word, both meet.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Most terms of one query; more words are left out.
pub const TERMS: usize = 8;
/// Longest term, in characters; the rest of a longer word is left out.
pub const TERM: usize = 64;

/// Lower-case words without accents, one space between two.
pub fn normalise(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfkd().flat_map(char::to_lowercase).nfkd().filter(|c| !is_accent(*c)) {
        if !c.is_alphanumeric() && !is_combining_mark(c) {
            gap = true;
            continue;
        }
        if gap && !words.is_empty() {
            words.push(' ');
        }
        gap = false;
        match fold(c) {
            Some(plain) => words.push_str(plain),
            None => words.push(c),
        }
    }
    // Composed again, so that Korean does not take three times the room.
    words.nfc().collect()
}

/// The words to look for, each once: at most [`TERMS`], each at most [`TERM`] characters.
///
/// A term holds letters, digits and marks only, never a wildcard of `LIKE`.
pub fn query_terms(text: &str) -> Vec<String> {
    let mut terms: Vec<String> = Vec::new();
    for word in normalise(text).split(' ').filter(|word| !word.is_empty()) {
        let term: String = word.chars().take(TERM).collect();
        if !terms.contains(&term) {
            terms.push(term);
        }
        if terms.len() == TERMS {
            break;
        }
    }
    terms
}

/// A task's key, if the text is one: `WEB-12`, `web-12` or `#WEB-12` is `("WEB", 12)`.
pub fn task_key(text: &str) -> Option<(String, u32)> {
    let text = text.trim();
    let (key, number) = text.strip_prefix('#').unwrap_or(text).split_once('-')?;
    // `parse` alone would take "+12".
    if key.contains(char::is_whitespace) || !number.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let key = crate::validate::project_key(key).ok()?;
    let number = number.parse().ok().filter(|number| *number > 0)?;
    Some((key, number))
}

/// Marks that people leave out when they search. Vowel signs of Indic scripts are not among them:
/// without them little of a word is left.
const fn is_accent(c: char) -> bool {
    matches!(
        c,
        '\u{0300}'..='\u{036F}'
            | '\u{0591}'..='\u{05BD}'
            | '\u{05BF}'..='\u{05C7}'
            | '\u{0610}'..='\u{061A}'
            | '\u{064B}'..='\u{065F}'
            | '\u{0670}'
            | '\u{1AB0}'..='\u{1AFF}'
            | '\u{1DC0}'..='\u{1DFF}'
            | '\u{20D0}'..='\u{20FF}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FE20}'..='\u{FE2F}'
    )
}

/// Letters that Unicode does not take apart and people type without the stroke.
const fn fold(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_accents_and_punctuation_do_not_count() {
        assert_eq!(normalise("  Crème-brûlée, ﬁnal! (v2.0) "), "creme brulee final v2 0");
        assert_eq!(normalise("STRASSE Łódź SØREN İstanbul"), normalise("Straße łodz soren istanbul"));
        assert_eq!(normalise("ΣΟΦΟΣ"), normalise("σοφός"));
        assert_eq!(normalise("—✅ …"), "");
    }

    #[test]
    fn other_scripts_keep_their_letters() {
        assert_eq!(normalise("한국어 문서"), "한국어 문서");
        assert_eq!(normalise("हिन्दी"), "हिन्दी");
        assert_eq!(normalise("東京タワー"), "東京タワー");
    }

    #[test]
    fn a_query_has_few_short_terms_each_once() {
        assert_eq!(query_terms("Login LOGIN  page%_"), ["login", "page"]);
        assert_eq!(query_terms(" %% "), Vec::<String>::new());
        assert_eq!(query_terms("a b c d e f g h i j").len(), TERMS);
        assert_eq!(query_terms(&"x".repeat(500)), ["x".repeat(TERM)]);
    }

    #[test]
    fn a_task_key_is_a_project_key_a_dash_and_a_number() {
        for right in ["WEB-12", "web-12", " #Web-12 ", "web-012"] {
            assert_eq!(task_key(right), Some(("WEB".into(), 12)), "{right}");
        }
        for wrong in [
            "WEB",
            "WEB-",
            "-12",
            "WEB 12",
            "WEB12",
            "WEB-0",
            "WEB-+1",
            "WEB-1-2",
            "W-1",
            "2B-1",
            "WEB -1",
            "WEB- 1",
            "WEB-99999999999",
            "##WEB-1",
            "see WEB-1",
        ] {
            assert_eq!(task_key(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in any::<String>()) {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once);
        }

        #[test]
        fn every_term_is_found_in_the_text_it_came_from(text in "\\PC{0,60}") {
            let stored = normalise(&text);
            for term in query_terms(&text) {
                prop_assert!(stored.contains(&term));
                prop_assert!(term.chars().all(|c| c != '%' && c != '_' && c != ' '));
            }
        }
    }
}
