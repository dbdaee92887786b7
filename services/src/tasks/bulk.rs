//! One change for many tasks, all or nothing.

use super::{check, gate, history, put_away, put_away::Shift, ranks::Ranks};
use crate::{
    Actor, Services, authorize,
    dependencies::{self, Stuck, Turned},
    journal::Journal,
};
use domain::{
    Error, Result,
    board::{Category, Column},
    ids::{ProjectId, TaskId},
    label::Label,
    limits,
    permission::Permission,
    rank::Rank,
    task::{BulkEdit, BulkResult, Lifecycle, Task},
    user::UserRef,
};
use std::collections::{BTreeSet, HashMap};
use store::{
    Tx,
    tasks::{BulkChange, Counted, Counts, Found},
};

/// Changes many tasks of a project in the same way. If one of them can't be changed, none is.
///
/// # Errors
/// [`Error::NotFound`] also for a task that is not of this project; [`Error::Forbidden`], [`Error::Invalid`],
/// [`Error::Blocked`];
/// [`Error::Refused`] with `archived`, `deleted` or `parent_deleted`.
pub async fn bulk(
    services: &Services,
    actor: &Actor,
    project: ProjectId,
    edit: BulkEdit,
) -> Result<BulkResult> {
    let ids = wanted(&edit)?;
    let mut tx = services.db.write().await?;
    let ground = gate::ground(&mut tx, actor, Permission::ProjectView, project).await?;
    let found = read(&mut tx, actor, project, &ids).await?;
    for permission in needed(&edit, &found) {
        authorize::in_project(actor, permission, project, "task")?;
    }
    let mut ranks = Ranks::new(ground.ends);
    let change = Change::check(&mut tx, &ranks, project, &edit).await?;
    let mut work = Work {
        services,
        journal: Journal::new(services, actor),
        counts: Vec::new(),
        turned: Turned::default(),
    };
    let total = count(found.len());
    let changed = work.run(&mut tx, &mut ranks, (found, &change)).await?;
    if changed == 0 {
        return Ok(BulkResult { changed, unchanged: total });
    }
    for counts in work.counts {
        store::tasks::add_to_counts(&mut tx, project, counts, services.now()).await?;
    }
    dependencies::settle(&mut tx, &mut work.journal, &work.turned).await?;
    work.journal.commit(tx).await?;
    Ok(BulkResult { changed, unchanged: total - changed })
}

fn wanted(edit: &BulkEdit) -> Result<Vec<TaskId>> {
    let ids: BTreeSet<_> = edit.tasks.iter().copied().collect();
    if ids.len() > limits::BULK {
        return Err(Error::field(
            "tasks",
            "too_many",
            format!("At most {} tasks are changed at once. Select fewer.", limits::BULK),
        ));
    }
    Ok(ids.into_iter().collect())
}

/// In the order of the board, so that they come to stand in it wherever they go.
async fn read(tx: &mut Tx, actor: &Actor, project: ProjectId, ids: &[TaskId]) -> Result<Vec<Found>> {
    let mut found = store::tasks::find_many(tx, ids).await?;
    found.retain(|found| found.project.id == project && gate::check(actor, found).is_ok());
    if found.len() < ids.len() {
        return Err(gate::not_found());
    }
    found.sort_by(|a, b| {
        let place = |found: &Found| (found.task.summary.rank.clone(), found.task.summary.id);
        place(a).cmp(&place(b))
    });
    Ok(found)
}

fn needed(edit: &BulkEdit, found: &[Found]) -> Vec<Permission> {
    let mut needed = Vec::new();
    if edit.column_id.is_some() {
        needed.push(Permission::TaskMove);
    }
    if !edit.add_assignees.is_empty() || !edit.remove_assignees.is_empty() {
        needed.push(Permission::TaskAssign);
    }
    let has_labels = !edit.add_labels.is_empty() || !edit.remove_labels.is_empty();
    if edit.priority.is_some() || edit.due_on.is_some() || has_labels {
        needed.push(Permission::TaskUpdate);
    }
    if let Some(to) = edit.lifecycle {
        needed.extend(found.iter().map(|found| put_away::needed(found.task.summary.lifecycle, to)));
        needed.push(put_away::needed(Lifecycle::Active, to));
    }
    needed
}

/// A bulk edit whose ids were looked up.
struct Change<'e> {
    edit: &'e BulkEdit,
    column: Option<Column>,
    people: Vec<UserRef>,
    labels: Vec<Label>,
}

impl<'e> Change<'e> {
    async fn check(tx: &mut Tx, ranks: &Ranks, project: ProjectId, edit: &'e BulkEdit) -> Result<Self> {
        Ok(Self {
            edit,
            column: edit.column_id.map(|id| ranks.column(id)).transpose()?,
            people: check::assignees(tx, project, &edit.add_assignees, &[]).await?,
            labels: check::labels(tx, project, &edit.add_labels).await?,
        })
    }

    fn has_fields(&self) -> bool {
        let edit = self.edit;
        self.column.is_some()
            || edit.priority.is_some()
            || edit.due_on.is_some()
            || !edit.add_assignees.is_empty()
            || !edit.remove_assignees.is_empty()
            || !edit.add_labels.is_empty()
            || !edit.remove_labels.is_empty()
    }

    /// The task with the new fields, but for its column.
    fn apply(&self, before: &Task) -> Result<Task> {
        let mut task = before.clone();
        let it = &mut task.summary;
        it.priority = self.edit.priority.unwrap_or(it.priority);
        it.due_on = self.edit.due_on.unwrap_or(it.due_on);
        it.assignees.retain(|person| !self.edit.remove_assignees.contains(&person.id));
        for person in &self.people {
            if !it.assignees.iter().any(|there| there.id == person.id) {
                it.assignees.push(person.clone());
            }
        }
        it.labels.retain(|label| !self.edit.remove_labels.contains(&label.id));
        for label in &self.labels {
            if !it.labels.iter().any(|there| there.id == label.id) {
                it.labels.push(label.clone());
            }
        }
        if it.assignees.len() > limits::ASSIGNEES {
            return Err(check::too_many_assignees());
        }
        if it.labels.len() > limits::TASK_LABELS {
            return Err(check::too_many_labels());
        }
        check::fields(&mut task)?;
        Ok(task)
    }
}

struct Work<'s> {
    services: &'s Services,
    journal: Journal<'s>,
    counts: Vec<Counts>,
    /// What was opened and closed, from the first part of the change to the last.
    turned: Turned,
}

impl Work<'_> {
    /// Gives how many tasks changed.
    async fn run(
        &mut self,
        tx: &mut Tx,
        ranks: &mut Ranks,
        (mut found, change): (Vec<Found>, &Change<'_>),
    ) -> Result<i64> {
        let mut changed = BTreeSet::new();
        let lifecycle = change.edit.lifecycle;
        if lifecycle == Some(Lifecycle::Active) {
            changed.extend(self.shift(tx, ranks, (&mut found, Lifecycle::Active)).await?);
        }
        if change.has_fields() {
            found.iter().try_for_each(|found| gate::in_use(&found.task))?;
            changed.extend(self.edit(tx, ranks, (&mut found, change)).await?);
        } else if lifecycle.is_none() {
            return Ok(0);
        }
        if let Some(to) = lifecycle.filter(|to| *to != Lifecycle::Active) {
            changed.extend(self.shift(tx, ranks, (&mut found, to)).await?);
        }
        Ok(count(changed.len()))
    }

    async fn shift(
        &mut self,
        tx: &mut Tx,
        ranks: &mut Ranks,
        (found, to): (&mut [Found], Lifecycle),
    ) -> Result<Vec<TaskId>> {
        let roots: Vec<Found> =
            found.iter().filter(|found| found.task.summary.lifecycle != to).cloned().collect();
        let mut shift = Shift::new(to, self.services.now());
        shift.run(tx, ranks, &roots).await?;
        shift.note(&mut self.journal);
        let now: HashMap<_, _> = shift.shifted.into_iter().map(|task| (task.summary.id, task)).collect();
        for found in found.iter_mut() {
            if let Some(task) = now.get(&found.task.summary.id) {
                found.task = task.clone();
            }
        }
        self.counts.push(shift.counts);
        self.turned.then(shift.turned);
        Ok(roots.iter().map(|root| root.task.summary.id).collect())
    }

    async fn edit(
        &mut self,
        tx: &mut Tx,
        ranks: &mut Ranks,
        (found, change): (&mut [Found], &Change<'_>),
    ) -> Result<Vec<TaskId>> {
        let now = self.services.now();
        let mut counts = Counts::default();
        let mut turned = Turned::default();
        let mut places: Vec<(TaskId, Rank)> = Vec::new();
        let mut changed: Vec<(Task, Task)> = Vec::new();
        for found in found.iter_mut() {
            let mut after = change.apply(&found.task)?;
            if let Some(column) = &change.column
                && column.id != after.summary.column_id
            {
                let rank = ranks.at_end(tx, column.id).await?;
                places.push((after.summary.id, rank.clone()));
                history::put_in(&mut after.summary, column, rank, now);
            }
            if !history::differs(&found.task, &after) {
                continue;
            }
            after.summary.version += 1;
            after.summary.updated_at = now;
            counts.change(Counted::of(&found.task.summary), Counted::of(&after.summary));
            turned.change(found, &after.summary);
            history::note(&mut self.journal, &found.task, &after, &HashMap::new());
            changed.push((std::mem::replace(&mut found.task, after.clone()), after));
        }
        self.counts.push(counts);
        self.refuse_blocked(tx, &changed).await?;
        write(tx, change, &changed, now).await?;
        store::tasks::set_ranks(tx, &places).await?;
        let moved = changed.iter().filter(|(before, after)| {
            before.summary.is_blocked() && before.summary.column_id != after.summary.column_id
        });
        let moved: Vec<_> = moved.map(|(_, after)| after.summary.id).collect();
        store::dependencies::forget_place(tx, &moved).await?;
        self.turned.then(turned);
        Ok(changed.iter().map(|(_, after)| after.summary.id).collect())
    }
}

impl Work<'_> {
    /// What is finished in the same act is in nobody's way.
    async fn refuse_blocked(&self, tx: &mut Tx, changed: &[(Task, Task)]) -> Result<()> {
        let stuck = changed.iter().filter_map(|(before, after)| {
            let mut before = before.summary.clone();
            if self.turned.opens(before.id) {
                // What came back just now may have brought blockers along, which its number does not know of yet.
                before.blocker_count = before.blocker_count.max(1);
            }
            Stuck::on_its_way(&before, after.summary.category)
        });
        let closing = changed.iter().filter(|(_, after)| after.summary.category == Category::Done);
        let closing = closing.map(|(_, after)| after.summary.id).collect();
        let who = (self.services, self.journal.actor());
        dependencies::refuse_blocked(tx, who, stuck.collect(), &closing).await
    }
}

async fn write(
    tx: &mut Tx,
    change: &Change<'_>,
    changed: &[(Task, Task)],
    now: domain::Timestamp,
) -> Result<()> {
    let ids: Vec<_> = changed.iter().map(|(_, after)| after.summary.id).collect();
    let bulk = BulkChange {
        column: change.column.clone(),
        priority: change.edit.priority,
        due_on: change.edit.due_on,
    };
    store::tasks::update_many(tx, &ids, &bulk, now).await?;
    store::tasks::remove_assignees(tx, &ids, &change.edit.remove_assignees).await?;
    store::tasks::remove_labels(tx, &ids, &change.edit.remove_labels).await?;
    let mut assigned = Vec::new();
    let mut labelled = Vec::new();
    for (before, after) in changed.iter().map(|(before, after)| (&before.summary, &after.summary)) {
        let had: BTreeSet<_> = before
            .assignees
            .iter()
            .map(|person| person.id)
            .filter(|id| !change.edit.remove_assignees.contains(id))
            .collect();
        assigned.extend(
            after
                .assignees
                .iter()
                .map(|person| person.id)
                .filter(|id| !had.contains(id))
                .map(|id| (after.id, id)),
        );
        let had: BTreeSet<_> = before
            .labels
            .iter()
            .map(|label| label.id)
            .filter(|id| !change.edit.remove_labels.contains(id))
            .collect();
        labelled.extend(
            after.labels.iter().map(|label| label.id).filter(|id| !had.contains(id)).map(|id| (after.id, id)),
        );
    }
    store::tasks::add_assignees(tx, &assigned).await?;
    store::tasks::add_labels(tx, &labelled).await?;
    Ok(())
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
