//! Use cases measured in this process, on an embedded database and, with `--mariadb`, on the server that
//! `scripts/mariadb with` starts.

use crate::{latencies::Sorted, machine::Machine, results_file};
use anyhow::Result;
use std::fmt::Write as _;
use store::{Db, db::Options};

/// What was measured, how long it took, and its limit.
pub type Found = Vec<(String, Sorted, &'static str)>;

/// Measures on each engine, and prints. `what` names it in the title and on the command line; `more` is said of the numbers.
pub async fn run(
    (what, command, more): (&str, &str, &str),
    (mariadb, write): (bool, bool),
    measure: impl AsyncFn(&'static str, &Db) -> Result<Found>,
) -> Result<()> {
    let arguments = if mariadb { format!("{command} --mariadb") } else { command.to_owned() };
    let mut block = format!(
        "{} Use cases are called in the process of the benchmark, one after the other{more}\n\n\
         | engine | what | times | p50 | p95 | limit |\n|---|---|--:|--:|--:|---|\n",
        Machine::look().heading(what, &arguments),
    );
    let folder = tempfile::tempdir()?;
    let mut urls = vec![("SQLite", format!("sqlite:{}", folder.path().join("pms.db").display()))];
    if mariadb {
        urls.push(("MariaDB", testkit::engines::empty_database().await));
    }
    for (engine, url) in urls {
        let db = Db::open(&Options::new(url)).await?;
        store::schema::up(&db, 0).await?;
        for (what, found, limit) in measure(engine, &db).await? {
            writeln!(
                block,
                "| {engine} | {what} | {} | {:.2} ms | {:.2} ms | {limit} |",
                found.len(),
                found.milliseconds(50),
                found.milliseconds(95)
            )?;
        }
        db.close().await;
    }
    results_file::print(&block, write)
}
