//! Whether what is in the database is whole and fits together. It reads whole tables, so it takes longest.

use super::{Finding, within};
use services::{Services, dependencies};
use std::time::Duration;
use store::db::Dialect;

/// SQLite reads about a gigabyte in ten seconds from a usual disk.
const PATIENCE: Duration = Duration::from_mins(2);

pub async fn look(services: &Services) -> Vec<Finding> {
    vec![
        within("integrity", PATIENCE, tables(services)).await,
        within("references", PATIENCE, references(services)).await,
        within("counts", PATIENCE, counts(services)).await,
        dependencies_of(services).await,
    ]
}

async fn tables(services: &Services) -> store::db::Result<Finding> {
    let faults = store::doctor::faults(&mut services.db.peek().await?).await?;
    if faults.is_empty() {
        return Ok(Finding::ok("integrity", "the engine keeps every table as it should"));
    }
    let what = match services.db.dialect() {
        Dialect::Sqlite => {
            "The file is damaged: stop the server, keep a copy of it, and restore the last backup"
        }
        Dialect::MySql => "Make a backup and restore it into a database that is made as README.md says",
    };
    Ok(Finding::trouble("integrity", format!("{}. {what}", faults.join("; "))))
}

async fn references(services: &Services) -> store::db::Result<Finding> {
    let dangling = store::doctor::dangling(&mut services.db.peek().await?).await?;
    if dangling.is_empty() {
        return Ok(Finding::ok("references", "no row names another that is not there"));
    }
    let lines: Vec<_> =
        dangling.iter().map(|it| format!("{} rows of {} name no {}", it.rows, it.place, it.parent)).collect();
    Ok(Finding::trouble(
        "references",
        format!(
            "{}. PMS leaves no such rows: see who wrote past it, and restore the last backup without them",
            lines.join("; ")
        ),
    ))
}

async fn counts(services: &Services) -> store::db::Result<Finding> {
    let off = store::doctor::off(&mut services.db.read().await?, 5_000).await?;
    if off.is_empty() {
        return Ok(Finding::ok("counts", "every number that projects, columns and tasks carry is right"));
    }
    let (projects, columns, tasks) = off.counts();
    Ok(Finding::trouble(
        "counts",
        format!(
            "the numbers that {projects} projects, {columns} columns and {tasks} tasks carry are not what counting gives. \
             Put them right with: pms doctor --repair"
        ),
    ))
}

async fn dependencies_of(services: &Services) -> Finding {
    const SUBJECT: &str = "dependencies";
    if !services.features.dependencies {
        return Finding::ok(SUBJECT, "turned off, not looked at");
    }
    let check = match tokio::time::timeout(PATIENCE, dependencies::check(services)).await {
        Ok(Ok(check)) => check,
        Ok(Err(error)) => return Finding::trouble(SUBJECT, error.to_string()),
        Err(_) => {
            return Finding::warning(
                SUBJECT,
                "not done in time and given up. Look again when there is less to do",
            );
        }
    };
    if check.is_fine() {
        return Finding::ok(SUBJECT, "every task carries what follows from them, and none waits for itself");
    }
    let mut parts: Vec<String> = check.differences.iter().map(difference).collect();
    if !parts.is_empty() {
        parts.push("Put them right with: pms doctor --repair".into());
    }
    if !check.looped.is_empty() {
        let keys = check.looped.join(", ");
        parts.push(format!(
            "some tasks wait for each other in a loop, among {keys}. Take one of their links away"
        ));
    }
    Finding::trouble(SUBJECT, parts.join("; "))
}

fn difference(it: &store::dependencies::Difference) -> String {
    format!(
        "{} has {} open blockers and says {}, {} tasks wait for it and it says {}, blocked {} and it says {}",
        it.key, it.blockers.1, it.blockers.0, it.waiting.1, it.waiting.0, it.blocked.1, it.blocked.0
    )
}
