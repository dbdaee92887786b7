//! Dependencies from a table: one row for each, what blocks and what is blocked. All rows are made or none.

use super::{
    batch::{Batch, Fate},
    rule::sees,
    turned_on,
};
use crate::{Actor, Services, authorize, journal::Journal};
use domain::{
    Error, Result,
    dependency_csv::{self, Row, TaskKey},
    error::Fields,
    import::{DependencyReport, ImportDependencies, ImportedLink, LinkOutcome},
    permission::Permission,
};
use std::collections::{BTreeSet, HashMap};
use store::{Tx, dependencies::Node};

/// Makes the dependencies of a table, or tells what would become of each.
///
/// # Errors
/// [`Error::Invalid`] for what is no table; and, unless it is a dry run, with every refused line: then nothing was made.
/// [`Error::Refused`] with `turned_off` or `read_only_token`.
pub async fn csv(
    services: &Services,
    actor: &Actor,
    request: ImportDependencies,
) -> Result<DependencyReport> {
    turned_on(services)?;
    authorize::writing(actor)?;
    let rows = dependency_csv::parse(&request.csv)
        .map_err(|error| Error::field("csv", "unreadable", error.to_string()))?;
    if rows.is_empty() {
        let message = "There is no row in this table. A row is two keys, as WEB-1,WEB-2.";
        return Err(Error::field("csv", "no_rows", message));
    }
    let mut tx = if request.dry_run { services.db.read().await? } else { services.db.write().await? };
    let (lines, batch) = look(&mut tx, actor, &rows).await?;
    let report = report(lines, request.dry_run);
    if request.dry_run {
        return Ok(report);
    }
    refuse(&report)?;
    if report.created > 0 {
        let mut journal = Journal::new(services, actor);
        batch.write(&mut tx, &mut journal).await?;
        journal.commit(tx).await?;
    }
    Ok(report)
}

async fn look(tx: &mut Tx, actor: &Actor, rows: &[Row]) -> Result<(Vec<ImportedLink>, Batch)> {
    let keys: BTreeSet<&TaskKey> =
        rows.iter().filter_map(|row| row.cells.as_ref().ok()).flat_map(|(a, b)| [a, b]).collect();
    let keys: Vec<_> = keys.into_iter().map(|key| (key.project.clone(), key.number)).collect();
    let nodes = store::dependencies::nodes_by_key(tx, &keys).await?;
    let tasks: HashMap<String, Node> = nodes.into_iter().map(|node| (node.key.clone(), node)).collect();
    let ids: Vec<_> = tasks.values().map(|node| node.id).collect();
    let mut batch = Batch::begin(tx, &ids).await?;
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let (blocker, blocked, fate) = match &row.cells {
            Err(problem) => {
                (String::new(), String::new(), Fate::Refused(problem.code, problem.message.clone()))
            }
            Ok((blocker, blocked)) => {
                let (blocker, blocked) = (blocker.to_string(), blocked.to_string());
                let fate = match pair(actor, &tasks, (&blocker, &blocked)) {
                    Ok(pair) => batch.wish(tx, actor, pair, &HashMap::new()).await?,
                    Err((code, message)) => Fate::Refused(code, message),
                };
                (blocker, blocked, fate)
            }
        };
        let line = i64::try_from(row.line).unwrap_or(i64::MAX);
        lines.push(ImportedLink { line, blocker, blocked, outcome: outcome(fate) });
    }
    Ok((lines, batch))
}

/// The two tasks, if the actor may make one wait for the other.
fn pair(
    actor: &Actor,
    tasks: &HashMap<String, Node>,
    (blocker, blocked): (&String, &String),
) -> Result<(domain::ids::TaskId, domain::ids::TaskId), (&'static str, String)> {
    let find = |key: &String| {
        let node = tasks.get(key).filter(|node| sees(actor, node.project_id, node.lifecycles));
        let node =
            node.ok_or(("unknown", format!("There is no task {key}, or you do not have access to it.")))?;
        if node.in_use {
            Ok(node)
        } else {
            Err(("put_away", format!("{key} or its project is archived or deleted. Take it back first.")))
        }
    };
    let (blocker, blocked) = (find(blocker)?, find(blocked)?);
    if !actor.allows(Permission::TaskLink, blocked.project_id) {
        let message = format!(
            "You may not say what {} waits for: it needs the permission “{}”.",
            blocked.key,
            Permission::TaskLink
        );
        return Err(("forbidden", message));
    }
    Ok((blocker.id, blocked.id))
}

fn outcome(fate: Fate) -> LinkOutcome {
    match fate {
        Fate::Create => LinkOutcome::Create,
        Fate::Keep => LinkOutcome::Keep,
        Fate::Refused(code, message) => LinkOutcome::Refused { code: code.into(), message },
    }
}

fn report(lines: Vec<ImportedLink>, dry_run: bool) -> DependencyReport {
    let mut report = DependencyReport { dry_run, created: 0, kept: 0, refused: 0, lines };
    for line in &report.lines {
        match line.outcome {
            LinkOutcome::Create => report.created += 1,
            LinkOutcome::Keep => report.kept += 1,
            LinkOutcome::Refused { .. } => report.refused += 1,
        }
    }
    report
}

/// Refuses what a check would not let through: every refused line, so that all can be put right at once.
///
/// # Errors
/// [`Error::Invalid`].
pub fn refuse(report: &DependencyReport) -> Result<()> {
    let mut fields = Fields::new();
    for line in &report.lines {
        if let LinkOutcome::Refused { code, message } = &line.outcome {
            fields.add("csv", code, format!("Line {}: {message}", line.line));
        }
    }
    fields.finish()
}
