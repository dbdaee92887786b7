//! Whether a database is as it should be: what `pms doctor` asks it. These statements read whole tables.

mod counts;
mod references;

pub use counts::{Off, off, recount};
pub use references::{Dangling, dangling};

use crate::{
    db::{Dialect, Result, Tx},
    schema,
};
use std::collections::BTreeSet;

/// The engine's own version, as it writes it: `3.50.2`, `10.11.6-MariaDB-0+deb12u1`.
pub async fn version(tx: &mut Tx) -> Result<String> {
    let text = match tx.dialect() {
        Dialect::Sqlite => "SELECT sqlite_version()",
        Dialect::MySql => "SELECT VERSION()",
    };
    let (version,): (String,) = tx.sql(text).one().await?;
    Ok(version)
}

/// The time of a database server's clock, in microseconds since 1970. An embedded database has none of its own.
pub async fn clock(tx: &mut Tx) -> Result<Option<i64>> {
    if tx.dialect() == Dialect::Sqlite {
        return Ok(None);
    }
    // The driver has connections speak of UTC, which has no hour twice.
    let (now,): (i64,) = tx.sql("SELECT CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)").one().await?;
    Ok(Some(now))
}

/// When the last change was made, by the clock of the program that made it: microseconds since 1970.
pub async fn last_change(tx: &mut Tx) -> Result<Option<i64>> {
    let row: Option<(i64,)> = tx.sql("SELECT at FROM activity ORDER BY seq DESC LIMIT 1").optional().await?;
    Ok(row.map(|(at,)| at))
}

/// What is wrong with how the engine keeps the tables, in words: damaged pages of a file; tables of a server that know no
/// transactions or not all letters, and foreign keys that are not there. Nothing where all is well.
pub async fn faults(tx: &mut Tx) -> Result<Vec<String>> {
    if tx.dialect() == Dialect::Sqlite {
        let rows: Vec<(String,)> = tx.sql("PRAGMA quick_check(20)").all().await?;
        return Ok(rows.into_iter().map(|(text,)| text).filter(|text| text != "ok").collect());
    }
    let mut faults = Vec::new();
    let tables: Vec<(String, String, String)> = tx
        .sql(
            "SELECT table_name, COALESCE(engine, 'none'), COALESCE(table_collation, 'none')
             FROM information_schema.tables
             WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'
               AND (engine IS NULL OR engine <> 'InnoDB' OR table_collation NOT LIKE 'utf8mb4%')",
        )
        .all()
        .await?;
    let ours = schema::made_tables(Dialect::MySql);
    for (table, engine, collation) in tables.into_iter().filter(|(table, ..)| ours.contains(table)) {
        faults.push(format!("{table} is kept by {engine} with {collation}, not by InnoDB with utf8mb4"));
    }
    let there: Vec<(String,)> = tx
        .sql(
            "SELECT constraint_name FROM information_schema.referential_constraints
             WHERE constraint_schema = DATABASE()",
        )
        .all()
        .await?;
    let there: BTreeSet<String> = there.into_iter().map(|(name,)| name).collect();
    let missing = schema::made_foreign_keys(Dialect::MySql).into_iter().filter(|name| !there.contains(name));
    faults.extend(missing.map(|name| format!("the foreign key {name} is not there")));
    Ok(faults)
}
