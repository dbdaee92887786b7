//! What migrations would do, before they do it.

use super::{Migrations, State, filling, made_tables, states};
use crate::db::{Db, Dialect, Result, Tx};
use std::collections::BTreeMap;

/// A migration that is not done yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Planned {
    /// Number and name, as its file is called.
    pub name: String,
    /// How far it is.
    pub state: State,
    /// Whether it takes something away or renames it, which an older program that still runs may use ("contract"); one
    /// that only adds ("expand") does not disturb it.
    pub contracts: bool,
    /// Tables with rows that it changes or reads through, and about how many rows they have: what it takes grows with
    /// them.
    pub rows: BTreeMap<String, i64>,
}

/// What [`super::up`] would do, by number.
///
/// # Errors
/// What the database says.
pub async fn plan(db: &Db) -> Result<Vec<Planned>> {
    let mut tx = db.peek().await?;
    filling::refuse(&mut tx).await?;
    let migrations = Migrations::of_program(db.dialect());
    let tables = tables(&mut tx).await?;
    let states = states(&mut tx, &migrations).await?;
    let mut planned = Vec::new();
    for step in migrations.steps() {
        let state = states.iter().find(|it| it.version == step.version).map(|it| it.state);
        let Some(state) = state.filter(|state| *state != State::Applied) else { continue };
        let mut rows = BTreeMap::new();
        for table in step.up.iter().filter_map(|statement| works_through(statement)) {
            if let Some(count) = tables.get(table).filter(|count| **count > 0) {
                rows.insert(table.to_owned(), *count);
            }
        }
        let contracts = step.up.iter().any(|statement| takes_away(statement));
        planned.push(Planned { name: step.full_name(), state, contracts, rows });
    }
    Ok(planned)
}

/// Bytes of the database: of its file, or of its tables and their indices.
///
/// # Errors
/// What the database says.
pub async fn size(db: &Db) -> Result<u64> {
    let mut tx = db.peek().await?;
    look_afresh(&mut tx).await?;
    let (bytes,): (i64,) = tx
        .sql(match db.dialect() {
            Dialect::Sqlite => {
                "SELECT c.page_count * s.page_size FROM pragma_page_count c JOIN pragma_page_size s ON 1 = 1"
            }
            Dialect::MySql => {
                "SELECT CAST(COALESCE(SUM(data_length + index_length), 0) AS SIGNED)
                 FROM information_schema.tables
                 WHERE table_schema = DATABASE()"
            }
        })
        .one()
        .await?;
    Ok(u64::try_from(bytes).unwrap_or(0))
}

/// MySQL says for a day of each table's size what it said first. MariaDB does not, and passes over words for MySQL 8.
async fn look_afresh(tx: &mut Tx) -> Result<()> {
    if tx.dialect() == Dialect::MySql {
        tx.sql("SET @afresh = 1 /*!80000 , SESSION information_schema_stats_expiry = 0 */").run().await?;
    }
    Ok(())
}

/// Every table, and about how many rows it has: counting them would take as long as what is to be foretold.
async fn tables(tx: &mut Tx) -> Result<BTreeMap<String, i64>> {
    if tx.dialect() == Dialect::MySql {
        look_afresh(tx).await?;
        let rows: Vec<(String, i64)> = tx
            .sql(
                "SELECT table_name, CAST(COALESCE(table_rows, 0) AS SIGNED)
                 FROM information_schema.tables
                 WHERE table_schema = DATABASE()",
            )
            .all()
            .await?;
        return Ok(rows.into_iter().collect());
    }
    let names: Vec<(String,)> = tx.sql("SELECT name FROM sqlite_master WHERE type = 'table'").all().await?;
    let ours = made_tables(Dialect::Sqlite);
    let mut counts = BTreeMap::new();
    for (name,) in names.into_iter().filter(|(name,)| ours.contains(name)) {
        let sql = tx.compose("SELECT COALESCE(MAX(rowid), 0) FROM ").names([&name]);
        let (rows,): (i64,) = tx.build(sql).one().await?;
        counts.insert(name, rows);
    }
    Ok(counts)
}

/// The table that a statement changes, or reads for a new index.
fn works_through(statement: &str) -> Option<&str> {
    let mut words = statement.split([' ', '\n', '(']).filter(|word| !word.is_empty());
    match words.next()? {
        "ALTER" | "DELETE" => words.nth(1),
        "CREATE" if statement.contains(" INDEX ") => words.skip_while(|word| *word != "ON").nth(1),
        "UPDATE" => words.next(),
        "INSERT" => words.skip_while(|word| *word != "FROM").nth(1),
        _ => None,
    }
}

fn takes_away(statement: &str) -> bool {
    ["DROP TABLE", "DROP COLUMN", "RENAME ", "DELETE FROM"].iter().any(|words| statement.contains(words))
        && !statement.starts_with("CREATE TRIGGER")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_statement_means_for_those_who_work_meanwhile() {
        for (statement, table, contracts) in [
            ("CREATE TABLE milestone (\n  id BINARY(16)\n)", None, false),
            ("CREATE INDEX task_by_due ON task (due_on, id)", Some("task"), false),
            ("CREATE FULLTEXT INDEX task_text ON task (title)", Some("task"), false),
            ("ALTER TABLE task ADD COLUMN held_rank VARCHAR(64)", Some("task"), false),
            ("ALTER TABLE task DROP COLUMN held_rank", Some("task"), true),
            ("UPDATE counter SET value = value + 1", Some("counter"), false),
            ("INSERT INTO role_permission (a)\nSELECT a FROM role", Some("role"), false),
            ("INSERT INTO counter (name, value) VALUES ('a', 0)", None, false),
            ("DROP TABLE label", None, true),
            ("CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  DELETE FROM a;\nEND", None, false),
        ] {
            assert_eq!((works_through(statement), takes_away(statement)), (table, contracts), "{statement}");
        }
    }
}
