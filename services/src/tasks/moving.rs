//! Moving cards, completing and reopening tasks.

use super::{
    gate, history,
    ranks::{self, Ranks, Side},
    save::save,
};
use crate::{Actor, Services};
use domain::{
    Error, Result,
    board::{Category, Column},
    ids::TaskId,
    permission::Permission,
    rank::Rank,
    task::{MoveTask, Task},
};
use store::{Tx, tasks::Found};

/// Puts a card under or over another one, or at a column's end. If the other card has gone elsewhere meanwhile, the
/// end is the place.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Conflict`]; [`Error::Invalid`] for a column of another
/// project; [`Error::Blocked`]; [`Error::Refused`] with `archived` or `deleted`.
pub async fn move_to(services: &Services, actor: &Actor, id: TaskId, to: MoveTask) -> Result<Task> {
    let mut tx = services.db.write().await?;
    let found = gate::changeable(&mut tx, actor, Permission::TaskMove, id).await?;
    if found.task.summary.version != to.version {
        return Err(gate::stale(&found.task));
    }
    let (column, rank) = place(&mut tx, &found, &to).await?;
    let mut after = found.task.clone();
    history::put_in(&mut after.summary, &column, rank, services.now());
    save(tx, services, actor, (&found, after)).await
}

/// Puts a task on top of the first done column; does nothing if it is done already.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Conflict`], [`Error::Blocked`]; [`Error::Refused`] with `archived`,
/// `deleted` or `no_done_column`.
pub async fn complete(services: &Services, actor: &Actor, id: TaskId, version: i64) -> Result<Task> {
    let mut tx = services.db.write().await?;
    let found = gate::changeable(&mut tx, actor, Permission::TaskMove, id).await?;
    if found.task.summary.category == Category::Done {
        // The same click twice, or someone was quicker: either way it is as asked for.
        return Ok(found.task);
    }
    let (mut ranks, column) = first_column(&mut tx, &found, version, Category::Done).await?;
    let rank = ranks.on_top(&mut tx, column.id).await?;
    let mut after = found.task.clone();
    history::put_in(&mut after.summary, &column, rank, services.now());
    save(tx, services, actor, (&found, after)).await
}

/// Puts a done task at the end of the first column of things to do; does nothing if it is not done.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Conflict`]; [`Error::Refused`] with `archived`, `deleted` or
/// `no_todo_column`.
pub async fn reopen(services: &Services, actor: &Actor, id: TaskId, version: i64) -> Result<Task> {
    let mut tx = services.db.write().await?;
    let found = gate::changeable(&mut tx, actor, Permission::TaskMove, id).await?;
    if found.task.summary.category != Category::Done {
        return Ok(found.task);
    }
    let (mut ranks, column) = first_column(&mut tx, &found, version, Category::Todo).await?;
    let rank = ranks.at_end(&mut tx, column.id).await?;
    let mut after = found.task.clone();
    history::put_in(&mut after.summary, &column, rank, services.now());
    save(tx, services, actor, (&found, after)).await
}

async fn first_column(
    tx: &mut Tx,
    found: &Found,
    version: i64,
    category: Category,
) -> Result<(Ranks, Column)> {
    if found.task.summary.version != version {
        return Err(gate::stale(&found.task));
    }
    let ground = store::tasks::ground(tx, found.project.id).await?.ok_or_else(gate::not_found)?;
    let ranks = Ranks::new(ground.ends);
    let column = ranks.first_of(category)?;
    if column.category == category {
        return Ok((ranks, column));
    }
    let (code, what) = match category {
        Category::Done => ("no_done_column", "finished tasks"),
        Category::Todo | Category::Doing => ("no_todo_column", "tasks to do"),
    };
    Err(Error::refused(code, format!("The board has no column for {what}. Add one first.")))
}

async fn place(tx: &mut Tx, found: &Found, to: &MoveTask) -> Result<(Column, Rank)> {
    let it = &found.task.summary;
    let beside = [to.after.map(|card| (Side::Below, card)), to.before.map(|card| (Side::Above, card))];
    for (side, card) in beside.into_iter().flatten().filter(|(_, card)| *card != it.id) {
        let place = ranks::beside(tx, to.column_id, (side, card), it.id).await?;
        // The card may be in a column of another project.
        if let Some(place) = place.filter(|(column, _)| column.project_id == it.project_id) {
            return Ok(place);
        }
    }
    let ground = store::tasks::ground(tx, it.project_id).await?.ok_or_else(gate::not_found)?;
    let last = ground.ends.iter().find(|end| end.column.id == to.column_id);
    let is_last = last.is_some_and(|end| end.last_rank.as_deref() == Some(it.rank.as_str()));
    let mut ranks = Ranks::new(ground.ends);
    let column = ranks.column(to.column_id)?;
    if is_last
        && column.id == it.column_id
        && let Ok(rank) = Rank::parse(&it.rank)
    {
        // It is where it should be.
        return Ok((column, rank));
    }
    let rank = ranks.at_end(tx, column.id).await?;
    Ok((column, rank))
}
