//! What must hold for every text that people can send, whatever is in it. `make fuzz` looks for one for which it does
//! not; `tests/corpus.rs` reads those that were found, or were likely, each time.

mod cookies;
mod filters;

pub use cookies::cookies;
pub use filters::filters;

use domain::{
    Day, checklist, comment, dependency_csv, estimate,
    ids::TaskId,
    rank::{self, Rank},
    search_text,
    task::{Priority, TaskSort},
    urgent::{parse_span, span_text},
    validate,
};
use services::markdown;

/// A name of a target, and what it does with a text.
pub type Target = (&'static str, fn(&str));

/// All of them.
pub const TARGETS: [Target; 6] = [
    ("checklist", checklist),
    ("cookies", cookies),
    ("dependencies", dependencies),
    ("filters", filters),
    ("markdown", markdown),
    ("words", words),
];

/// A Markdown document that becomes tasks.
///
/// # Panics
/// If what was read does not hold together.
pub fn checklist(text: &str) {
    let Ok(list) = checklist::parse(text) else { return };
    for (at, node) in list.nodes.iter().enumerate() {
        assert!(node.parent.is_none_or(|parent| parent < at), "a parent comes first");
        assert!(!node.title.trim().is_empty(), "nothing without a title");
        assert!(node.after.len() <= checklist::MAX_AFTER);
    }
    // The same document is the same tasks, or a second import would double them.
    let again = checklist::parse(text).expect("as before");
    let keys = |list: &checklist::Checklist| -> Vec<String> {
        list.nodes.iter().map(|node| node.source_key.clone()).collect()
    };
    let mut all = keys(&list);
    assert_eq!(all, keys(&again));
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), list.nodes.len(), "each has a key of its own");
}

/// A table of which task waits for which.
///
/// # Panics
/// If a row is out of order.
pub fn dependencies(text: &str) {
    let Ok(rows) = dependency_csv::parse(text) else { return };
    assert!(rows.len() <= dependency_csv::MAX_ROWS);
    assert!(rows.windows(2).all(|two| two[0].line < two[1].line), "{rows:?}");
}

/// A description or comment that others see as HTML.
///
/// # Panics
/// If there is more in it than what is allowed.
pub fn markdown(text: &str) {
    let html = markdown::to_html(text);
    // What is text is escaped, so each of these begins an element.
    for element in html.split('<').skip(1) {
        let (tag, _) = element.split_once('>').expect("an end");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        assert!(markdown::ELEMENTS.contains(&name), "{name} in {html}");
        assert_sound(tag, &html);
    }
}

/// No attribute that does something, and no address that is a program.
fn assert_sound(tag: &str, html: &str) {
    // Values are in quotes, and a quote in one is escaped: every second piece is a value.
    let mut pieces = tag.split('"');
    while let Some(before) = pieces.next() {
        let name = before.trim_end_matches('=').rsplit(' ').next().unwrap_or_default();
        assert!(!name.starts_with("on") && name != "style" && name != "src", "{name} in {html}");
        let Some(value) = pieces.next() else { break };
        if name == "href"
            && let Some(scheme) = scheme(value)
        {
            assert!(["http", "https", "mailto"].contains(&scheme.as_str()), "{value} in {html}");
        }
    }
}

/// What a browser takes for the scheme of an address, if for any.
fn scheme(address: &str) -> Option<String> {
    let seen: String = address.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let (scheme, _) = seen.trim_start_matches(|c: char| c <= ' ').split_once(':')?;
    let letters = scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    (scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && letters).then(|| scheme.to_ascii_lowercase())
}

/// What is typed into fields and addresses.
///
/// # Panics
/// If what was read reads differently once it is written.
pub fn words(text: &str) {
    if let Ok(Some(minutes)) = estimate::parse(text) {
        assert_eq!(estimate::parse(&estimate::format(minutes)), Ok(Some(minutes)));
    }
    if let Some(seconds) = parse_span(text) {
        assert_eq!(parse_span(&span_text(seconds)), Some(seconds));
    }
    if let Ok(rank) = Rank::parse(text) {
        assert_eq!(rank.as_str(), text);
        match Rank::between(Some(&rank), None) {
            Ok(below) => assert!(rank < below),
            Err(error) => assert!(text.len() == rank::MAX_LEN, "{error}"),
        }
    }
    if let Ok(day) = text.parse::<Day>() {
        assert_eq!(day.to_string().parse(), Ok(day));
    }
    if let Ok(id) = text.parse::<TaskId>() {
        assert_eq!(id.to_string().parse(), Ok(id));
    }
    if let Some((project, number)) = search_text::task_key(text) {
        assert_eq!(search_text::task_key(&format!("{project}-{number}")), Some((project, number)));
    }
    if let Ok(name) = validate::username(text) {
        assert_eq!(validate::username(&name).as_ref(), Ok(&name));
    }
    if let Ok(mail) = validate::email(text) {
        assert_eq!(validate::email(&mail).as_ref(), Ok(&mail));
    }
    if let Ok(name) = validate::name(text, 80) {
        assert_eq!(validate::name(&name, 80).as_ref(), Ok(&name));
    }
    let plain = search_text::normalise(text);
    assert_eq!(search_text::normalise(&plain), plain, "what was made plain is plain");
    assert!(search_text::query_terms(text).len() <= search_text::TERMS);
    let _ = (Priority::parse(text), TaskSort::parse(text), comment::mentions(text));
}
