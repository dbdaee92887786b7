//! The full text search of tasks, in each engine's words.

use crate::db::{Dialect, Sql};
use domain::search_text;

/// A word to look for.
struct Term {
    /// As typed.
    typed: String,
    /// Without case and accents.
    plain: String,
}

/// Adds the condition that title or description have words beginning with each word of `text`; nothing where there
/// is no word in it.
pub(super) fn matching(mut sql: Sql, dialect: Dialect, text: &str) -> Sql {
    let terms = terms(text);
    if terms.is_empty() {
        return sql;
    }
    let (indexed, rest): (Vec<_>, Vec<_>) =
        terms.into_iter().partition(|term| is_indexed(dialect, &term.plain));
    if !indexed.is_empty() {
        sql = match dialect {
            // Index: task_text.
            Dialect::Sqlite => sql.bind(
                " AND t.search_id IN (SELECT rowid FROM task_text WHERE task_text MATCH ?)",
                sqlite_query(&indexed),
            ),
            Dialect::MySql => sql.bind(
                " AND MATCH (t.title, t.description) AGAINST (? IN BOOLEAN MODE)",
                mysql_query(&indexed),
            ),
        };
    }
    for term in rest {
        let pattern = format!("%{}%", term.typed);
        sql = sql.bind(" AND (t.title LIKE ?", pattern.clone()).bind(" OR t.description LIKE ?)", pattern);
    }
    sql
}

/// The first word, as a pattern for titles that have it anywhere.
pub(super) fn title_pattern(text: &str) -> String {
    terms(text).into_iter().next().map_or_else(String::new, |term| format!("%{}%", term.typed))
}

/// Letters, digits and marks only: nothing that a query language or `LIKE` would take for its own.
fn terms(text: &str) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    for word in text.split(|c: char| search_text::normalise(c.encode_utf8(&mut [0; 4])).is_empty()) {
        let typed: String = word.chars().take(search_text::TERM).flat_map(char::to_lowercase).collect();
        let Some(plain) = search_text::query_terms(word).into_iter().next() else {
            continue;
        };
        if terms.len() < search_text::TERMS && !terms.iter().any(|term| term.typed == typed) {
            terms.push(Term { typed, plain });
        }
    }
    terms
}

/// Words that the engine's index does not hold, or holds only as part of a whole sentence.
fn is_indexed(dialect: Dialect, word: &str) -> bool {
    let unspaced = word.chars().any(|c| {
        // Thai to Khmer, kana, Chinese, Korean: written without spaces, indexed as one long word.
        matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
            | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}'
            | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
    });
    match dialect {
        Dialect::Sqlite => !unspaced,
        Dialect::MySql => !unspaced && word.chars().count() >= 3 && !STOPWORDS.contains(&word),
    }
}

/// The database's own list (`INNODB_FT_DEFAULT_STOPWORD`), those with three letters or more.
const STOPWORDS: [&str; 16] = [
    "about", "are", "com", "for", "from", "how", "that", "the", "this", "und", "was", "what", "when",
    "where", "who", "will",
];

fn sqlite_query(terms: &[Term]) -> String {
    let each = terms.iter().map(|Term { typed, plain }| {
        if typed == plain { format!("\"{typed}\"*") } else { format!("(\"{typed}\"* OR \"{plain}\"*)") }
    });
    each.collect::<Vec<_>>().join(" AND ")
}

fn mysql_query(terms: &[Term]) -> String {
    let each =
        terms.iter().map(
            |Term { typed, plain }| {
                if typed == plain { format!("+{typed}*") } else { format!("+({typed}* {plain}*)") }
            },
        );
    each.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_becomes_a_query_without_operators() {
        let query = |text| (sqlite_query(&terms(text)), mysql_query(&terms(text)));
        assert_eq!(query("Deploy*  -\"OR)"), ("\"deploy\"* AND \"or\"*".into(), "+deploy* +or*".into()));
        assert_eq!(query("Über"), ("(\"über\"* OR \"uber\"*)".into(), "+(über* uber*)".into()));
        assert!(terms("!? %_").is_empty());
        assert_eq!(terms("a b c d e f g h i j").len(), search_text::TERMS);
    }

    #[test]
    fn short_and_unspaced_words_are_looked_for_without_the_index() {
        assert!(!is_indexed(Dialect::MySql, "db") && is_indexed(Dialect::Sqlite, "db"));
        assert!(!is_indexed(Dialect::MySql, "the") && !is_indexed(Dialect::Sqlite, "東京"));
    }
}
