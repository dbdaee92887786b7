//! How a database finds what a statement asks for, and whether it reads whole tables for it.

use sqlx::{AssertSqlSafe, SqlitePool};
use store::Db;

/// Tables that grow as long as people work, unlike those of people, roles, projects and their settings.
const GROWING: [&str; 18] = [
    "activity",
    "alert",
    "audit",
    "comment",
    "delivery",
    "dependency",
    "episode",
    "idempotency",
    "notification",
    "outbox",
    "session",
    "sign_in_attempt",
    "task",
    "task_assignee",
    "task_label",
    "task_text",
    "task_watcher",
    "token",
];

/// Where SQLite would read a growing table from end to end, in its own words; nothing where it does not.
///
/// # Panics
/// If the database is another or does not understand the statement.
pub async fn whole_reads(db: &Db, statement: &str) -> Vec<String> {
    let Db::Sqlite { read, .. } = db else { panic!("MariaDB tells what it did: MariaDb::ran") };
    // An index that is followed from its end is left where the page is full. How far that is, MariaDB's count of rows says.
    let limited = statement.contains("LIMIT");
    let mut found = plan(read, statement).await;
    found.retain(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let read = match words[..] {
            // A filter is made of all rows.
            ["SCAN", name] | ["BLOOM", "FILTER", "ON", name, ..] => Some(name),
            ["SCAN", name, "USING", ..] if !limited => Some(name),
            _ => None,
        };
        read.is_some_and(|name| GROWING.contains(&table(statement, name)))
    });
    found
}

async fn plan(read: &SqlitePool, statement: &str) -> Vec<String> {
    let explain = format!("EXPLAIN QUERY PLAN {statement}");
    let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(AssertSqlSafe(explain))
        .fetch_all(read)
        .await
        .unwrap_or_else(|error| panic!("{error}: {statement}"));
    rows.into_iter().map(|(.., line)| line).collect()
}

/// The table that a statement calls by this name.
fn table<'s>(statement: &'s str, name: &'s str) -> &'s str {
    let word = |text: &'s str| text.trim_matches(|c: char| !(c.is_alphanumeric() || c == '_'));
    let words: Vec<&str> = statement.split_whitespace().map(word).filter(|word| *word != "AS").collect();
    let named = words.windows(3).find(|three| matches!(three[0], "FROM" | "JOIN") && three[2] == name);
    named.map_or(name, |three| three[1])
}

/// A statement of MariaDB's log of slow ones.
#[derive(Debug)]
pub struct Ran {
    /// Rows that it gave.
    pub sent: u64,
    /// Rows that it looked at for them.
    pub examined: u64,
    /// What it did, a line for each table, and the statement.
    pub text: String,
}

/// Reads a log of slow statements.
pub(crate) fn ran(log: &str) -> Vec<Ran> {
    log.split("# User@Host: ")
        .skip(1)
        .filter_map(|entry| {
            let number = |name: &str| {
                let rest = entry.split_once(name)?.1;
                rest.split_whitespace().next()?.parse().ok()
            };
            let shown = entry.lines().skip(1).filter(|line| {
                line.starts_with("# explain: ")
                    || !(line.starts_with('#') || line.starts_with("SET timestamp"))
            });
            Some(Ran {
                sent: number("Rows_sent: ")?,
                examined: number("Rows_examined: ")?,
                text: shown.collect::<Vec<_>>().join("\n"),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_reads_a_whole_table_is_found() {
        crate::both(|db| async move {
            let Db::Sqlite { .. } = db else { return };
            let wrong = async |statement| whole_reads(&db, statement).await.len();
            assert_eq!(wrong("SELECT t.id FROM task AS t WHERE t.title = ?").await, 1);
            assert_eq!(wrong("SELECT id FROM task ORDER BY id LIMIT 50").await, 0);
            assert_eq!(wrong("SELECT COUNT(*) FROM task").await, 1);
            assert_eq!(wrong("SELECT t.id FROM task t WHERE t.parent_id = ?").await, 0);
            assert_eq!(wrong("SELECT r.id FROM role r").await, 0);
        });
    }

    #[test]
    fn a_log_of_slow_statements_tells_what_each_read() {
        let log = "# Time: 261130  2:54:21
# User@Host: root[root] @  [127.0.0.1]
# Query_time: 0.000112  Lock_time: 0.000018  Rows_sent: 9  Rows_examined: 90
# explain: 1\tSIMPLE\tt\tALL
SET timestamp=1;
SELECT 1;
";
        let all = ran(log);
        assert_eq!((all.len(), all[0].sent, all[0].examined), (1, 9, 90));
        assert_eq!(all[0].text, "# explain: 1\tSIMPLE\tt\tALL\nSELECT 1;");
    }
}
