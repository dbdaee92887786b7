//! Migrations: numbered files of `migrations/`, portable, with an overlay for one engine where unavoidable.
//!
//! `files` reads them, `migrator` runs them, one program at a time, `plan` says beforehand what they would do, `filling`
//! keeps everybody from tables that are not whole yet. The reasons are in `docs/adr/0015-migrations.md`.

mod files;
pub mod filling;
mod migrator;
mod plan;

pub use files::Migrations;
pub use migrator::Migrator;
pub use plan::{Planned, plan, size};

use crate::db::{Db, Dialect, Error, Result, Tx};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// How long whoever is not asked waits for another program that changes the schema.
pub const PATIENCE: Duration = Duration::from_mins(10);

/// How far a migration is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Not begun.
    Pending,
    /// Cut off after some of its statements (MySQL only); `up` goes on from there.
    Half,
    /// Cut off while it was taken back (MySQL only); `down` goes on from there.
    HalfBack,
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
    states(&mut db.peek().await?, &Migrations::of_program(db.dialect())).await
}

async fn states(tx: &mut Tx, migrations: &Migrations) -> Result<Vec<Migration>> {
    let mut all: BTreeMap<i64, Migration> = migrations
        .steps()
        .iter()
        .map(|step| {
            let state = State::Pending;
            (step.version, Migration { version: step.version, name: step.name.clone(), state })
        })
        .collect();
    for row in recorded(tx).await?.into_iter().filter(|row| row.version != filling::VERSION) {
        let known = all.contains_key(&row.version);
        let state = match (known, row.finished) {
            (false, _) => State::Unknown,
            (true, true) => State::Applied,
            (true, false) if row.statements < 0 => State::HalfBack,
            (true, false) => State::Half,
        };
        all.insert(row.version, Migration { version: row.version, name: row.name, state });
    }
    Ok(all.into_values().collect())
}

/// As [`status`], of a database that is whole and not newer than this program.
async fn whole(db: &Db) -> Result<Vec<Migration>> {
    let mut tx = db.peek().await?;
    filling::refuse(&mut tx).await?;
    let all = states(&mut tx, &Migrations::of_program(db.dialect())).await?;
    refuse_newer(&all)?;
    Ok(all)
}

/// Says whether this program can work with the database as it is.
///
/// # Errors
/// [`Error::Schema`] with a sentence that says what to do.
pub async fn check(db: &Db) -> Result<()> {
    let all = whole(db).await?;
    if let Some(back) = all.iter().find(|migration| migration.state == State::HalfBack) {
        return Err(taken_back_half(back.version, &back.name));
    }
    let open = all.iter().filter(|migration| migration.state != State::Applied).count();
    if open > 0 {
        let half = all.iter().any(|migration| migration.state == State::Half);
        // Of what is in between no backup can be made.
        return Err(Error::Schema(format!(
            "The database needs {open} migration{}{}: pms migrate up",
            if open == 1 { "" } else { "s" },
            if half {
                ", one of which was cut off half-way and will go on where it stopped. Run"
            } else {
                ". Make a backup and run"
            },
        )));
    }
    Ok(())
}

/// Says whether each of its migrations is done or not begun, so that a backup of the tables can be brought back.
///
/// # Errors
/// [`Error::Schema`] with a sentence that says what to do.
pub async fn check_whole(db: &Db) -> Result<()> {
    let all = whole(db).await?;
    match all.iter().find(|migration| matches!(migration.state, State::Half | State::HalfBack)) {
        Some(half) => Err(Error::Schema(format!(
            "Migration {:04} {} was cut off half-way, and what is in between can't be brought back. Go on first with: \
             pms migrate up",
            half.version, half.name
        ))),
        None => Ok(()),
    }
}

fn refuse_newer(all: &[Migration]) -> Result<()> {
    match all.iter().find(|migration| migration.state == State::Unknown) {
        Some(newer) => Err(Error::Schema(format!(
            "This database was made by a newer version of PMS (it has migration {:04} {}). \
             Start that version, or restore a backup made before the upgrade.",
            newer.version, newer.name
        ))),
        None => Ok(()),
    }
}

fn taken_back_half(version: i64, name: &str) -> Error {
    Error::Schema(format!(
        "Migration {version:04} {name} was being taken back when that was cut off. Go on with: pms migrate down --yes"
    ))
}

/// Applies what is pending; gives the names of what was applied. `now`: microseconds since 1970.
///
/// # Errors
/// As [`Migrator::begin`] and [`Migrator::up`].
pub async fn up(db: &Db, now: i64) -> Result<Vec<String>> {
    up_to(db, i64::MAX, now).await
}

/// As [`up`], but nothing newer than the migration with the number `newest`.
///
/// # Errors
/// As [`up`].
pub async fn up_to(db: &Db, newest: i64, now: i64) -> Result<Vec<String>> {
    alone(db).await?.up(newest, now).await
}

/// Takes back the newest `count` migrations with all the data in their tables; gives their names.
///
/// # Errors
/// As [`Migrator::begin`] and [`Migrator::down`].
pub async fn down(db: &Db, count: usize) -> Result<Vec<String>> {
    alone(db).await?.down(count).await
}

async fn alone(db: &Db) -> Result<Migrator> {
    Migrator::begin(db, Migrations::of_program(db.dialect()), PATIENCE, || {}).await
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
    lines_of(dialect, |line| line.strip_prefix("CREATE TABLE ")?.split([' ', '(']).next())
}

/// The names of the foreign keys that they make.
pub(crate) fn made_foreign_keys(dialect: Dialect) -> BTreeSet<String> {
    lines_of(dialect, |line| {
        line.trim_start().strip_prefix("CONSTRAINT ")?.split_once(" FOREIGN KEY ").map(|(name, _)| name)
    })
}

fn lines_of(dialect: Dialect, find: impl Fn(&str) -> Option<&str>) -> BTreeSet<String> {
    let migrations = Migrations::of_program(dialect);
    let lines = migrations.steps().iter().flat_map(|step| &step.up).flat_map(|statement| statement.lines());
    lines.filter_map(find).map(str::to_owned).collect()
}

#[derive(sqlx::FromRow)]
struct Recorded {
    version: i64,
    name: String,
    statements: i64,
    finished: bool,
}

async fn ensure_table(tx: &mut Tx) -> Result<()> {
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
    .await
    .map(drop)
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
