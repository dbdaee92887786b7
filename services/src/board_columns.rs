//! The columns of a project's board.

use crate::{
    Actor, Services, authorize,
    dependencies::{self, Stuck},
    journal::{Entry, Journal},
    projects::{changeable, readable},
};
use domain::{
    Error, Result, Timestamp,
    activity::{Action, Change},
    board::{Category, Column, EditColumn, NewColumn},
    ids::{ColumnId, ProjectId, TaskId},
    limits,
    permission::Permission,
    rank::Rank,
    validate,
};
use std::collections::HashSet;
use store::Tx;

/// A project's columns from left to right.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn list(services: &Services, actor: &Actor, project: ProjectId) -> Result<Vec<Column>> {
    services
        .read_listed(actor, |mut tx| async move {
            readable(&mut tx, actor, project).await?;
            Ok(store::columns::list(&mut tx, project).await?)
        })
        .await
}

/// The column of that id.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(services: &Services, actor: &Actor, id: ColumnId) -> Result<Column> {
    let mut tx = services.db.read().await?;
    let column = store::columns::find(&mut tx, id).await?.ok_or_else(|| Error::not_found("column"))?;
    readable(&mut tx, actor, column.project_id).await.map_err(|error| error.about("column"))?;
    Ok(column)
}

/// Adds a column at the right end.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`] for a blank, long or taken name; [`Error::Refused`]
/// with `too_many_columns`.
pub async fn create(
    services: &Services,
    actor: &Actor,
    project: ProjectId,
    new: NewColumn,
) -> Result<Column> {
    let mut tx = services.db.write().await?;
    changeable(&mut tx, actor, Permission::ProjectBoard, project).await?;
    let name = check_name(&new.name)?;
    if let Some(id) = new.id
        && let Some(existing) = store::columns::find(&mut tx, id).await?
    {
        return same_create(existing, project);
    }
    let columns = store::columns::list(&mut tx, project).await?;
    if columns.len() >= limits::COLUMNS {
        return Err(Error::refused(
            "too_many_columns",
            format!("A board has at most {} columns. Delete one that is not needed.", limits::COLUMNS),
        ));
    }
    let column = Column {
        id: services.id_or_new(new.id),
        project_id: project,
        name,
        category: new.category,
        position: columns.last().map_or(0, |last| last.position + 1),
        task_count: 0,
        version: 1,
    };
    store::columns::insert(&mut tx, std::slice::from_ref(&column)).await.map_err(taken)?;
    store::projects::touch(&mut tx, project, services.now()).await?;
    let mut journal = Journal::new(services, actor);
    journal.add(Entry::new(Action::ColumnCreated, &column.name).project(project));
    journal.commit(tx).await?;
    Ok(column)
}

/// Renames a column, gives it another meaning or another place. Its tasks follow the meaning.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], [`Error::Conflict`]; [`Error::Blocked`] if
/// tasks in it have to wait; [`Error::Refused`] with `last_column`.
pub async fn update(services: &Services, actor: &Actor, id: ColumnId, edit: EditColumn) -> Result<Column> {
    let mut tx = services.db.write().await?;
    let (before, columns) = changeable_column(&mut tx, actor, id).await?;
    if before.version != edit.version {
        return Err(stale(&before));
    }
    let mut after = edited(&before, &edit, columns.len())?;
    let changes = differences(&before, &after);
    if changes.is_empty() {
        return Ok(before);
    }
    after.version += 1;
    if !store::columns::update(&mut tx, &after, before.version).await.map_err(taken)? {
        return Err(stale(&before));
    }
    if after.position != before.position {
        let order = reordered(&columns, &after);
        store::columns::arrange(&mut tx, &order).await?;
    }
    if after.category == before.category {
        store::projects::touch(&mut tx, after.project_id, services.now()).await?;
    } else {
        keep_one_of(&columns, &before)?;
        refuse_blocked(&mut tx, (services, actor), &after).await?;
        recategorise(&mut tx, &before, &after, services.now()).await?;
    }
    let mut journal = Journal::new(services, actor);
    let done = [&before, &after].map(|column| column.category == Category::Done);
    if done[0] != done[1] && before.task_count > 0 {
        dependencies::settle_column(&mut tx, &mut journal, id, done[0]).await?;
    }
    journal.add(Entry::new(Action::ColumnUpdated, &after.name).project(after.project_id).changes(changes));
    journal.commit(tx).await?;
    Ok(after)
}

/// Removes a column without tasks. Archived and deleted ones that are still in it go to the next best column.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] with `column_not_empty` or `last_column`.
pub async fn delete(services: &Services, actor: &Actor, id: ColumnId) -> Result<()> {
    let mut tx = services.db.write().await?;
    let (column, columns) = changeable_column(&mut tx, actor, id).await?;
    if column.task_count > 0 {
        return Err(Error::refused(
            "column_not_empty",
            format!("“{}” has {} tasks. Move them to another column first.", column.name, column.task_count),
        ));
    }
    keep_one_of(&columns, &column)?;
    let put_away = store::columns::put_away_tasks(&mut tx, id).await?;
    if !put_away.is_empty() {
        move_put_away(&mut tx, &put_away, next_best(&columns, &column), services.now()).await?;
    }
    store::columns::delete(&mut tx, id).await?;
    let left: Vec<_> = columns.iter().map(|other| other.id).filter(|other| *other != id).collect();
    store::columns::arrange(&mut tx, &left).await?;
    store::projects::touch(&mut tx, column.project_id, services.now()).await?;
    let mut journal = Journal::new(services, actor);
    journal.add(Entry::new(Action::ColumnDeleted, &column.name).project(column.project_id));
    journal.commit(tx).await
}

/// The column, and all of its board.
async fn changeable_column(tx: &mut Tx, actor: &Actor, id: ColumnId) -> Result<(Column, Vec<Column>)> {
    let columns = store::columns::beside(tx, id).await?;
    let column = columns.iter().find(|column| column.id == id).cloned();
    let column = column.ok_or_else(|| Error::not_found("column"))?;
    authorize::in_project(actor, Permission::ProjectBoard, column.project_id, "column")?;
    changeable(tx, actor, Permission::ProjectBoard, column.project_id).await?;
    Ok((column, columns))
}

fn same_create(existing: Column, project: ProjectId) -> Result<Column> {
    if existing.project_id == project {
        Ok(existing)
    } else {
        Err(Error::field("id", "taken", "This id is in use. Send the column with another one."))
    }
}

fn check_name(name: &str) -> Result<String> {
    validate::name(name, limits::NAME).map_err(|problem| Error::field("name", problem.code, problem.message))
}

fn edited(before: &Column, edit: &EditColumn, columns: usize) -> Result<Column> {
    let name = match &edit.name {
        Some(name) => check_name(name)?,
        None => before.name.clone(),
    };
    let last = i64::try_from(columns).unwrap_or(i64::MAX) - 1;
    let position = edit.position.map_or(before.position, |position| position.clamp(0, last));
    let category = edit.category.unwrap_or(before.category);
    Ok(Column { name, category, position, ..before.clone() })
}

/// The columns' order once `moved` stands at its new place.
fn reordered(columns: &[Column], moved: &Column) -> Vec<ColumnId> {
    let mut order: Vec<_> = columns.iter().map(|column| column.id).filter(|id| *id != moved.id).collect();
    let place = usize::try_from(moved.position).unwrap_or(0).min(order.len());
    order.insert(place, moved.id);
    order
}

/// A board needs a place for tasks to begin and one to end; doing is optional.
fn keep_one_of(columns: &[Column], column: &Column) -> Result<()> {
    let another = columns.iter().any(|other| other.id != column.id && other.category == column.category);
    if another || column.category == Category::Doing {
        return Ok(());
    }
    Err(Error::refused(
        "last_column",
        format!(
            "“{}” is the last column for “{}”, and every board needs one. Add another first.",
            column.name,
            column.category.label()
        ),
    ))
}

/// A column with tasks that have to wait can't come to mean that they are in work or done.
async fn refuse_blocked(tx: &mut Tx, who: (&Services, &Actor), after: &Column) -> Result<()> {
    if after.category == Category::Todo || after.task_count == 0 {
        return Ok(());
    }
    let waiting = store::columns::waiting_tasks(tx, after.id).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let stuck = waiting.iter().map(|task| Stuck::new(task.id, &task.key, &task.title)).collect();
    // What is in the column is done along with it.
    let closing = match after.category {
        Category::Done => store::columns::active_tasks(tx, after.id).await?.into_iter().collect(),
        Category::Todo | Category::Doing => HashSet::new(),
    };
    dependencies::refuse_blocked(tx, who, stuck, &closing).await
}

/// Moves what is counted by category along with a column's tasks.
async fn recategorise(tx: &mut Tx, before: &Column, after: &Column, now: Timestamp) -> Result<()> {
    store::columns::recategorise_tasks(tx, after, before.category, now).await?;
    let done = |column: &Column| i64::from(column.category == Category::Done);
    let finished = (done(after) - done(before)) * after.task_count;
    store::projects::add_to_counts(tx, after.project_id, -finished, finished, now).await?;
    Ok(())
}

/// Where to put what was left in a column: one of the same category, or else its neighbour.
fn next_best<'c>(columns: &'c [Column], gone: &Column) -> &'c Column {
    let others = || columns.iter().filter(|column| column.id != gone.id);
    others()
        .find(|column| column.category == gone.category)
        .or_else(|| others().min_by_key(|column| (column.position - gone.position).abs()))
        .expect("a board keeps a column to begin in and one to end in")
}

async fn move_put_away(tx: &mut Tx, tasks: &[TaskId], to: &Column, now: Timestamp) -> Result<()> {
    let last = store::columns::last_rank(tx, to.id).await?;
    // The end of a column is never full: ranks there grow by counting.
    let ranks =
        Rank::many_between(last.as_ref(), None, tasks.len()).unwrap_or_else(|_| Rank::spread(tasks.len()));
    let placed: Vec<_> = tasks.iter().copied().zip(ranks).collect();
    Ok(store::columns::move_put_away_tasks(tx, &placed, to, now).await?)
}

fn differences(before: &Column, after: &Column) -> Vec<Change> {
    let some = |text: &str| Some(text.to_owned());
    // People count from one.
    let place = |column: &Column| Some((column.position + 1).to_string());
    [
        Change::of("name", some(&before.name), some(&after.name)),
        Change::of("category", some(before.category.label()), some(after.category.label())),
        Change::of("position", place(before), place(after)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn taken(error: store::Error) -> Error {
    match error {
        store::Error::Taken(_) => {
            Error::field("name", "taken", "This board has a column with this name. Choose another.")
        }
        other => other.into(),
    }
}

fn stale(current: &Column) -> Error {
    Error::conflict("column", serde_json::to_string(current).unwrap_or_default())
}
