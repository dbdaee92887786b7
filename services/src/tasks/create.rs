//! New tasks.

use super::{check, gate, history, ranks::Ranks};
use crate::{
    Actor, Services, authorize,
    journal::{Entry, Journal},
};
use domain::{
    Error, Result,
    activity::{Action, Tells},
    board::Category,
    ids::{ColumnId, ProjectId},
    permission::Permission,
    task::{Lifecycle, NewTask, Task, TaskSummary},
    user::UserRef,
};
use store::{
    Tx,
    tasks::{Counted, Counts, Ground, NewRow},
};

/// Adds a task at the end of a column. Whoever makes it watches it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] (with assignees also for want of `task.assign`), [`Error::Invalid`];
/// [`Error::Refused`] with `archived` or `deleted` for a project that is put away.
pub async fn create(services: &Services, actor: &Actor, project: ProjectId, new: NewTask) -> Result<Task> {
    let mut tx = services.db.write().await?;
    let mut ground = gate::ground(&mut tx, actor, Permission::TaskCreate, project).await?;
    if !new.assignees.is_empty() {
        authorize::in_project(actor, Permission::TaskAssign, project, "project")?;
    }
    if let Some(id) = new.id
        && let Some(existing) = store::tasks::find(&mut tx, id).await?
    {
        return same_create(actor, project, existing);
    }
    let mut task = blank(services, &ground, &new);
    check::fields(&mut task)?;
    let people = people(&mut tx, actor, &mut task.summary, &new).await?;
    task.creator = people;
    if !new.labels.is_empty() {
        task.summary.labels = check::labels(&mut tx, project, &new.labels).await?;
    }
    if let Some(parent) = new.parent_id {
        check::parent(&mut tx, project, parent, None).await?;
    }
    let mut ranks = Ranks::new(std::mem::take(&mut ground.ends));
    let column = match new.column_id {
        Some(id) => ranks.column(id)?,
        None => ranks.columns().first().cloned().map_or_else(|| ranks.first_of(Category::Todo), Ok)?,
    };
    let rank = ranks.at_end(&mut tx, column.id).await?;
    history::put_in(&mut task.summary, &column, rank, services.now());
    insert(tx, services, actor, NewRow { task, number: ground.next_number, source_key: None }).await
}

async fn insert(mut tx: Tx, services: &Services, actor: &Actor, row: NewRow) -> Result<Task> {
    store::tasks::insert(&mut tx, std::slice::from_ref(&row)).await?;
    let NewRow { task, .. } = row;
    let it = &task.summary;
    store::tasks::set_assignees(&mut tx, it, false).await?;
    store::tasks::set_labels(&mut tx, it, false).await?;
    if let Some(creator) = &task.creator {
        store::tasks::watch(&mut tx, it.id, &[creator.id]).await?;
    }
    let mut counts = Counts::default();
    counts.created(Counted::of(it));
    store::tasks::add_to_counts(&mut tx, it.project_id, counts, services.now()).await?;
    let mut journal = Journal::new(services, actor);
    let assigned = it.assignees.iter().map(|person| person.id).collect();
    let entry = Entry::new(Action::TaskCreated, &it.title).project(it.project_id).task(it.id);
    journal.add(entry.tells(Tells { assigned, ..Tells::default() }));
    journal.commit(tx).await?;
    Ok(task)
}

/// The same create, sent twice; or an id that something else has, which is not told apart from any other.
fn same_create(actor: &Actor, project: ProjectId, existing: store::tasks::Found) -> Result<Task> {
    if existing.project.id == project && gate::check(actor, &existing).is_ok() {
        return Ok(existing.task);
    }
    Err(Error::field("id", "taken", "This id is in use. Send the task with another one."))
}

fn blank(services: &Services, ground: &Ground, new: &NewTask) -> Task {
    let now = services.now();
    let summary = TaskSummary {
        id: services.id_or_new(new.id),
        project_id: ground.project.id,
        key: format!("{}-{}", ground.project.key, ground.next_number),
        title: new.title.clone(),
        // Set once the column is known.
        column_id: new.column_id.unwrap_or(ColumnId(uuid::Uuid::nil())),
        column_name: String::new(),
        category: Category::Todo,
        priority: new.priority,
        assignees: Vec::new(),
        labels: Vec::new(),
        start_on: new.start_on,
        due_on: new.due_on,
        estimate_minutes: new.estimate_minutes,
        parent_id: new.parent_id,
        child_count: 0,
        child_done_count: 0,
        comment_count: 0,
        blocker_count: 0,
        blockers: Vec::new(),
        waiting_count: 0,
        blocked_since: None,
        overridden_at: None,
        rank: String::new(),
        lifecycle: Lifecycle::Active,
        created_at: now,
        updated_at: now,
        completed_at: None,
        version: 1,
    };
    Task { summary, description: new.description.clone(), creator: None }
}

/// Fills in the assignees and gives the creator.
async fn people(
    tx: &mut Tx,
    actor: &Actor,
    task: &mut TaskSummary,
    new: &NewTask,
) -> Result<Option<UserRef>> {
    task.assignees = check::assignees(tx, task.project_id, &new.assignees, &[]).await?;
    let Some(id) = actor.user_id else {
        return Ok(None);
    };
    if let Some(creator) = task.assignees.iter().find(|person| person.id == id) {
        return Ok(Some(creator.clone()));
    }
    Ok(store::people::active(tx, &[id]).await?.pop())
}
