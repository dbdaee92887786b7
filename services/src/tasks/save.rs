//! Writing one changed task with everything that follows from it.

use super::{gate, history};
use crate::{
    Actor, Services,
    dependencies::{self, Stuck, Turned},
    journal::Journal,
};
use domain::{
    Result,
    ids::TaskId,
    task::{Task, TaskSummary},
};
use std::collections::{BTreeSet, HashMap, HashSet};
use store::{
    Tx,
    tasks::{Counted, Counts, Found},
};

/// Writes `after` over what was found, keeps the numbers right, tells the history and commits. Where nothing differs, nothing
/// is written.
///
/// # Errors
/// [`domain::Error::Conflict`] if someone else changed it meanwhile; [`domain::Error::Blocked`].
pub(super) async fn save(
    mut tx: Tx,
    services: &Services,
    actor: &Actor,
    (found, mut after): (&Found, Task),
) -> Result<Task> {
    let before = &found.task;
    if !history::differs(before, &after) {
        return Ok(before.clone());
    }
    let stuck = Stuck::on_its_way(&before.summary, after.summary.category);
    let stuck = stuck.into_iter().collect();
    dependencies::refuse_blocked(&mut tx, (services, actor), stuck, &HashSet::new()).await?;
    let now = services.now();
    after.summary.version = before.summary.version + 1;
    after.summary.updated_at = now;
    let with_text = before.summary.title != after.summary.title || before.description != after.description;
    if !store::tasks::update(&mut tx, &after, before.summary.version, with_text).await? {
        return Err(gate::stale(before));
    }
    write_faces(&mut tx, &before.summary, &after.summary).await?;
    let mut counts = Counts::default();
    counts.change(Counted::of(&before.summary), Counted::of(&after.summary));
    store::tasks::add_to_counts(&mut tx, after.summary.project_id, counts, now).await?;
    let keys = parent_keys(&mut tx, &before.summary, &after.summary).await?;
    let mut journal = Journal::new(services, actor);
    history::note(&mut journal, before, &after, &keys);
    if before.summary.is_blocked() && before.summary.column_id != after.summary.column_id {
        store::dependencies::forget_place(&mut tx, &[after.summary.id]).await?;
    }
    let mut turned = Turned::default();
    turned.change(found, &after.summary);
    dependencies::settle(&mut tx, &mut journal, &turned).await?;
    if turned.looks_at(after.summary.id) {
        // It may be blocked at once.
        after = store::tasks::find(&mut tx, after.summary.id).await?.ok_or_else(gate::not_found)?.task;
    }
    journal.commit(tx).await?;
    Ok(after)
}

async fn write_faces(tx: &mut Tx, before: &TaskSummary, after: &TaskSummary) -> Result<()> {
    let people = |task: &TaskSummary| task.assignees.iter().map(|it| it.id).collect::<BTreeSet<_>>();
    if people(before) != people(after) {
        store::tasks::set_assignees(tx, after, !before.assignees.is_empty()).await?;
    }
    let labels = |task: &TaskSummary| task.labels.iter().map(|it| it.id).collect::<BTreeSet<_>>();
    if labels(before) != labels(after) {
        store::tasks::set_labels(tx, after, !before.labels.is_empty()).await?;
    }
    Ok(())
}

async fn parent_keys(
    tx: &mut Tx,
    before: &TaskSummary,
    after: &TaskSummary,
) -> Result<HashMap<TaskId, String>> {
    if before.parent_id == after.parent_id {
        return Ok(HashMap::new());
    }
    let ids: Vec<_> = [before.parent_id, after.parent_id].into_iter().flatten().collect();
    let links = store::tasks::links(tx, &ids).await?;
    Ok(links.into_iter().map(|link| (link.task.id, link.task.key)).collect())
}
