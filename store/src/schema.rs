//! Migrations: numbered files of `migrations/`, portable, with an overlay for one engine where unavoidable.
//!
//! On SQLite a migration is one transaction. MySQL commits each schema statement by itself, so there the number
//! of statements done is kept, and a migration that was cut off goes on where it stopped.

use crate::db::{Db, Dialect, Error, Result, Sql, Tx};
use std::collections::{BTreeMap, BTreeSet};

#[derive(rust_embed::RustEmbed)]
#[folder = "../migrations"]
struct Files;

/// How far a migration is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Not begun.
    Pending,
    /// Cut off after some of its statements (MySQL only); `up` goes on from there.
    Half,
    /// Done.
    Applied,
    /// Done by a newer program; this one does not know it.
    Unknown,
}

/// A migration and how far it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Migration {
    /// Its number.
    pub version: i64,
    /// Its file's name after the number.
    pub name: String,
    /// How far it is.
    pub state: State,
}

impl Migration {
    /// Number and name, as its file is called.
    pub fn full_name(&self) -> String {
        format!("{:04}_{}", self.version, self.name)
    }
}

/// Every migration that this program or the database knows, by number.
pub async fn status(db: &Db) -> Result<Vec<Migration>> {
    let mut tx = db.peek().await?;
    let recorded = recorded(&mut tx).await?;
    let mut all: BTreeMap<i64, Migration> = steps(db.dialect())
        .into_iter()
        .map(|step| {
            let state = State::Pending;
            (step.version, Migration { version: step.version, name: step.name, state })
        })
        .collect();
    for row in recorded {
        let known = all.contains_key(&row.version);
        let state = match (known, row.finished) {
            (false, _) => State::Unknown,
            (true, true) => State::Applied,
            (true, false) => State::Half,
        };
        all.insert(row.version, Migration { version: row.version, name: row.name, state });
    }
    Ok(all.into_values().collect())
}

/// Says whether this program can work with the database as it is.
///
/// # Errors
/// [`Error::Schema`] with a sentence that says what to do.
pub async fn check(db: &Db) -> Result<()> {
    let all = status(db).await?;
    if let Some(newer) = all.iter().find(|migration| migration.state == State::Unknown) {
        return Err(Error::Schema(format!(
            "This database was made by a newer version of PMS (it has migration {:04} {}). \
             Start that version, or restore a backup made before the upgrade.",
            newer.version, newer.name
        )));
    }
    let open = all.iter().filter(|migration| migration.state != State::Applied).count();
    if open > 0 {
        let half = all.iter().any(|migration| migration.state == State::Half);
        return Err(Error::Schema(format!(
            "The database needs {open} migration{}{}. Make a backup and run: pms migrate up",
            if open == 1 { "" } else { "s" },
            if half { ", one of which was cut off half-way and will go on where it stopped" } else { "" },
        )));
    }
    Ok(())
}

/// Applies what is pending; gives the names of what was applied. `now`: microseconds since 1970.
///
/// # Errors
/// [`Error::Schema`] if the database is newer than the program.
pub async fn up(db: &Db, now: i64) -> Result<Vec<String>> {
    up_to(db, i64::MAX, now).await
}

/// As [`up`], but nothing newer than the migration with the number `newest`.
///
/// # Errors
/// As [`up`].
pub async fn up_to(db: &Db, newest: i64, now: i64) -> Result<Vec<String>> {
    ensure_table(db).await?;
    if let Err(Error::Schema(text)) = check(db).await
        && text.contains("newer version")
    {
        return Err(Error::Schema(text));
    }
    let mut tx = db.peek().await?;
    let done: BTreeMap<i64, Recorded> =
        recorded(&mut tx).await?.into_iter().map(|row| (row.version, row)).collect();
    drop(tx);
    let mut applied = Vec::new();
    for step in steps(db.dialect()).into_iter().take_while(|step| step.version <= newest) {
        let from = match done.get(&step.version) {
            Some(row) if row.finished => continue,
            Some(row) => row.statements,
            None => 0,
        };
        apply(db, &step, from, now).await?;
        applied.push(format!("{:04} {}", step.version, step.name));
    }
    Ok(applied)
}

/// Takes back the newest `count` migrations with all the data in their tables; gives their names.
///
/// # Errors
/// [`Error::Schema`] if one of them is not known to this program.
pub async fn down(db: &Db, count: usize) -> Result<Vec<String>> {
    let steps: BTreeMap<i64, Step> =
        steps(db.dialect()).into_iter().map(|step| (step.version, step)).collect();
    let mut tx = db.peek().await?;
    let mut rows = recorded(&mut tx).await?;
    drop(tx);
    rows.reverse();
    let mut undone = Vec::new();
    for row in rows.into_iter().take(count) {
        let step = steps.get(&row.version).ok_or_else(|| {
            Error::Schema(format!(
                "Migration {:04} {} is of a newer version of PMS; take it back with that version.",
                row.version, row.name
            ))
        })?;
        let mut tx = db.write_aside().await?;
        for statement in split(&step.down) {
            tx.run_schema(statement).await?;
        }
        tx.sql("DELETE FROM schema_migration WHERE version = ?").bind(row.version).run().await?;
        tx.commit().await?;
        undone.push(format!("{:04} {}", step.version, step.name));
    }
    Ok(undone)
}

/// The shape of the database, for comparing engines: `table.column nullable` lines, sorted.
pub async fn shape(db: &Db) -> Result<Vec<String>> {
    let mut tx = db.peek().await?;
    let rows: Vec<(String, String, i64)> = match db.dialect() {
        Dialect::Sqlite => {
            tx.sql(
                "SELECT t.name, c.name, CASE WHEN c.\"notnull\" = 1 THEN 0 ELSE 1 END
                 FROM sqlite_master t
                 JOIN pragma_table_info(t.name) c
                 WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE 'task_text%'",
            )
            .all()
            .await?
        }
        Dialect::MySql => {
            tx.sql(
                "SELECT table_name, column_name, CAST(CASE WHEN is_nullable = 'YES' THEN 1 ELSE 0 END AS SIGNED)
                 FROM information_schema.columns
                 WHERE table_schema = DATABASE()",
            )
            .all()
            .await?
        }
    };
    let mut lines: Vec<String> = rows
        .into_iter()
        .map(|(table, column, nullable)| {
            format!("{table}.{column} {}", if nullable == 1 { "null" } else { "not null" })
        })
        .collect();
    lines.sort();
    Ok(lines)
}

/// The tables that the migrations of this program make.
pub(crate) fn made_tables(dialect: Dialect) -> BTreeSet<String> {
    let made = |line: &str| line.strip_prefix("CREATE TABLE ")?.split([' ', '(']).next().map(str::to_owned);
    steps(dialect).iter().flat_map(|step| step.up.lines().filter_map(made)).collect()
}

struct Step {
    version: i64,
    name: String,
    up: String,
    down: String,
}

#[derive(sqlx::FromRow)]
struct Recorded {
    version: i64,
    name: String,
    statements: i64,
    finished: bool,
}

async fn ensure_table(db: &Db) -> Result<()> {
    let mut tx = db.write_aside().await?;
    tx.sql(
        "CREATE TABLE IF NOT EXISTS schema_migration (
           version BIGINT NOT NULL PRIMARY KEY,
           name VARCHAR(191) NOT NULL,
           statements BIGINT NOT NULL,
           finished BOOLEAN NOT NULL,
           applied_at BIGINT NOT NULL
         )",
    )
    .run()
    .await?;
    tx.commit().await
}

async fn recorded(tx: &mut Tx) -> Result<Vec<Recorded>> {
    let there = match tx.dialect() {
        Dialect::Sqlite => "SELECT COUNT(*) FROM sqlite_master WHERE name = 'schema_migration'",
        Dialect::MySql => {
            "SELECT COUNT(*) FROM information_schema.tables
             WHERE table_schema = DATABASE() AND table_name = 'schema_migration'"
        }
    };
    let (tables,): (i64,) = tx.sql(there).one().await?;
    if tables == 0 {
        return Ok(Vec::new());
    }
    tx.sql("SELECT version, name, statements, finished FROM schema_migration ORDER BY version").all().await
}

async fn apply(db: &Db, step: &Step, from: i64, now: i64) -> Result<()> {
    let mut tx = db.write_aside().await?;
    if from == 0 {
        tx.sql("DELETE FROM schema_migration WHERE version = ?").bind(step.version).run().await?;
        tx.sql(
            "INSERT INTO schema_migration (version, name, statements, finished, applied_at)
             VALUES (?, ?, 0, ?, ?)",
        )
        .bind(step.version)
        .bind(step.name.clone())
        .bind(false)
        .bind(now)
        .run()
        .await?;
    }
    let skip = usize::try_from(from).unwrap_or(0);
    for (done, statement) in split(&step.up).into_iter().enumerate().skip(skip) {
        tx.run_schema(statement).await?;
        tx.sql("UPDATE schema_migration SET statements = ? WHERE version = ?")
            .bind(i64::try_from(done + 1).unwrap_or(i64::MAX))
            .bind(step.version)
            .run()
            .await?;
        if db.dialect() == Dialect::MySql {
            // The schema statement is committed already; its number must be, too.
            tx.commit().await?;
            tx = db.write_aside().await?;
        }
    }
    tx.sql("UPDATE schema_migration SET finished = ? WHERE version = ?")
        .bind(true)
        .bind(step.version)
        .run()
        .await?;
    tx.commit().await
}

impl Tx {
    /// Runs a statement of a migration file, with what the engine needs at the end of a `CREATE TABLE`.
    async fn run_schema(&mut self, mut statement: String) -> Result<()> {
        if statement.starts_with("CREATE TABLE") {
            statement.push_str(self.dialect().table_suffix());
        }
        let sql = Sql::of_migration(self.dialect(), statement);
        self.build(sql).run_raw().await
    }
}

/// The migrations of one engine, by number.
fn steps(dialect: Dialect) -> Vec<Step> {
    let mut steps: BTreeMap<i64, Step> = BTreeMap::new();
    let mut names: Vec<_> = Files::iter().collect();
    names.sort();
    for file in names {
        let Some((stem, down, engine)) = parse_file_name(&file) else { continue };
        if engine.is_some_and(|engine| engine != dialect.as_str()) {
            continue;
        }
        let Some((number, name)) = stem.split_once('_') else { continue };
        let Ok(version) = number.parse() else { continue };
        let text = Files::get(&file)
            .map(|content| String::from_utf8_lossy(&content.data).into_owned())
            .unwrap_or_default();
        let all = steps.entry(version).or_insert_with(|| Step {
            version,
            name: name.into(),
            up: String::new(),
            down: String::new(),
        });
        if down { all.down = text + &all.down } else { all.up.push_str(&text) }
    }
    steps.into_values().collect()
}

/// `0003_search.mysql.down.sql` → stem `0003_search`, down, for MySQL only.
fn parse_file_name(file: &str) -> Option<(&str, bool, Option<&str>)> {
    let stem = file.strip_suffix(".sql")?;
    let (stem, down) = stem.strip_suffix(".down").map_or((stem, false), |stem| (stem, true));
    Some(match stem.split_once('.') {
        Some((stem, engine)) => (stem, down, Some(engine)),
        None => (stem, down, None),
    })
}

/// The statements of a file: each ends with `;` at the end of a line, a trigger with a line `END;`.
fn split(text: &str) -> Vec<String> {
    let mut statements = Vec::new();
    let mut current = String::new();
    for line in text.lines() {
        let line = line.trim_end();
        if line.trim_start().starts_with("--") || (current.is_empty() && line.is_empty()) {
            continue;
        }
        if !current.is_empty() {
            current.push('\n');
        }
        current.push_str(line);
        let trigger = current.starts_with("CREATE TRIGGER");
        if (trigger && line == "END;") || (!trigger && line.ends_with(';')) {
            current.pop();
            statements.push(std::mem::take(&mut current));
        }
    }
    statements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_split_at_statement_ends_and_triggers_stay_whole() {
        let text = "-- why\nCREATE TABLE a (\n  b BIGINT -- no\n);\n\nCREATE TRIGGER t AFTER INSERT ON a BEGIN\n  \
                    DELETE FROM a;\nEND;\nDROP TABLE a;\n";
        let statements = split(text);
        assert_eq!(statements.len(), 3);
        assert!(statements[1].ends_with("END"));
    }

    #[test]
    fn every_migration_can_be_taken_back_on_both_engines() {
        for dialect in [Dialect::Sqlite, Dialect::MySql] {
            for step in steps(dialect) {
                assert!(!split(&step.up).is_empty(), "{:04} goes up", step.version);
                assert!(!split(&step.down).is_empty(), "{:04} comes down", step.version);
            }
        }
    }
}
