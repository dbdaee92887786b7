//! Whether all tasks carry what follows from their dependencies, and making it so.

use super::settle::Look;
use crate::{Actor, Services, journal::Journal};
use domain::{Result, ids::TaskId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Tx, dependencies, dependencies::Difference, settings};

/// The setting that says that dependencies were turned off when the program last ran.
const OFF: &str = "dependencies.off";
/// Tasks of one transaction of a repair.
const PIECE: i64 = 5_000;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// Tasks that do not carry what they should: the first hundred.
    pub differences: Vec<Difference>,
    /// Keys of tasks that wait for each other in a loop, in no order: the first hundred.
    pub looped: Vec<String>,
}

impl Check {
    /// Whether everything is as it should be.
    pub fn is_fine(&self) -> bool {
        self.differences.is_empty() && self.looped.is_empty()
    }
}

/// Counts everything anew and compares; changes nothing.
///
/// # Errors
/// What the database says.
pub async fn check(services: &Services) -> Result<Check> {
    let mut tx = services.db.read().await?;
    let differences = dependencies::differences(&mut tx, 100).await?;
    let mut looped: Vec<_> = looped(&mut tx).await?;
    looped.truncate(100);
    let links = store::tasks::links(&mut tx, &looped).await?;
    let looped = links.into_iter().map(|link| link.task.key).collect();
    Ok(Check { differences, looped })
}

/// The tasks of loops, and those on the way from one to another.
async fn looped(tx: &mut Tx) -> Result<Vec<TaskId>> {
    let (edges, parts) = dependencies::all_edges(tx).await?;
    let mut strands: Vec<_> =
        edges.into_iter().map(|edge| (edge.blocker, edge.blocked)).chain(parts).collect();
    let left = left_over(&strands);
    // What only comes after a loop is left so far: from the other end it is taken away too.
    strands.retain(|(from, to)| left.contains(from) && left.contains(to));
    let backwards: Vec<_> = strands.into_iter().map(|(from, to)| (to, from)).collect();
    Ok(left_over(&backwards).into_iter().collect())
}

/// The tasks that are left when again and again those are taken away to which nothing leads.
fn left_over(strands: &[(TaskId, TaskId)]) -> BTreeSet<TaskId> {
    let mut after: HashMap<TaskId, Vec<TaskId>> = HashMap::new();
    let mut before: HashMap<TaskId, usize> = HashMap::new();
    for (from, to) in strands {
        after.entry(*from).or_default().push(*to);
        *before.entry(*to).or_default() += 1;
        before.entry(*from).or_default();
    }
    let mut free: Vec<_> = before.iter().filter(|(_, count)| **count == 0).map(|(task, _)| *task).collect();
    while let Some(task) = free.pop() {
        before.remove(&task);
        for next in after.remove(&task).unwrap_or_default() {
            if let Some(count) = before.get_mut(&next) {
                *count -= 1;
                if *count == 0 {
                    free.push(next);
                }
            }
        }
    }
    before.into_keys().collect()
}

/// Gives all tasks the numbers and states that follow from their dependencies, a piece at a time; gives how many were
/// not right.
///
/// # Errors
/// What the database says.
pub async fn recompute(services: &Services) -> Result<u64> {
    let system = Actor::system();
    let mut repaired = 0;
    loop {
        let mut tx = services.db.write().await?;
        let differences = dependencies::differences(&mut tx, PIECE).await?;
        if differences.is_empty() {
            return Ok(repaired);
        }
        let counts: BTreeMap<_, _> = differences
            .iter()
            .map(|it| (it.id, (it.blockers.1 - it.blockers.0, it.waiting.1 - it.waiting.0)))
            .collect();
        dependencies::add_counts(&mut tx, &counts).await?;
        let mut journal = Journal::new(services, &system);
        Look::over(differences.iter().map(|it| it.id)).at(&mut tx, &mut journal).await?;
        tx.bump_access();
        journal.commit(tx).await?;
        repaired += u64::try_from(differences.len()).unwrap_or(u64::MAX);
    }
}

/// Whether tasks carry what follows from their dependencies: whether the server that ran last had them turned on.
///
/// # Errors
/// What the database says.
pub async fn kept(services: &Services) -> Result<bool> {
    let mut tx = services.db.peek().await?;
    Ok(settings::find(&mut tx, OFF).await?.is_none())
}

/// Takes blocking away from all tasks when dependencies have been turned off since the last start, and brings it back when
/// they have been turned on. Called when a server starts; the dependencies themselves stay.
///
/// # Errors
/// What the database says.
pub async fn prepare(services: &Services) -> Result<()> {
    match (services.features.dependencies, kept(services).await?) {
        (true, true) | (false, false) => Ok(()),
        (false, true) => {
            let mut tx = services.db.write().await?;
            dependencies::reset(&mut tx).await?;
            // Whoever has an old list must not be told that it is still as it was.
            tx.bump_access();
            settings::put(&mut tx, OFF, "1".into()).await?;
            tx.commit().await?;
            Ok(())
        }
        (true, false) => {
            recompute(services).await?;
            let mut tx = services.db.write().await?;
            settings::remove(&mut tx, OFF).await?;
            tx.commit().await?;
            Ok(())
        }
    }
}
