//! Room for cards: new ranks at the ends of columns and between two cards.

use domain::{
    Error, Result,
    board::{Category, Column},
    ids::{ColumnId, TaskId},
    rank::Rank,
};
use std::collections::HashMap;
use store::{
    Tx,
    tasks::{End, Neighbour},
};

/// The columns of a project, handing out the ranks at their ends one after the other.
pub(crate) struct Ranks {
    columns: Vec<Column>,
    ends: HashMap<ColumnId, (Option<String>, Option<String>)>,
}

impl Ranks {
    /// With the columns as they are now.
    pub(crate) fn new(ends: Vec<End>) -> Self {
        let mut ranks = Self { columns: Vec::new(), ends: HashMap::new() };
        for end in ends {
            ranks.ends.insert(end.column.id, (end.first_rank, end.last_rank));
            ranks.columns.push(end.column);
        }
        ranks
    }

    /// The columns from left to right.
    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column of that id.
    ///
    /// # Errors
    /// [`Error::Invalid`] if it is not of this project.
    pub(super) fn column(&self, id: ColumnId) -> Result<Column> {
        self.columns.iter().find(|column| column.id == id).cloned().ok_or_else(unknown_column)
    }

    /// The leftmost column of a category; failing that, the leftmost of all.
    ///
    /// # Errors
    /// [`Error::Refused`] if the project has no columns at all.
    pub(crate) fn first_of(&self, category: Category) -> Result<Column> {
        let fitting = self.columns.iter().find(|column| column.category == category);
        fitting
            .or(self.columns.first())
            .cloned()
            .ok_or_else(|| Error::refused("no_columns", "The board has no columns. Add one first."))
    }

    /// A place at the column's end.
    pub(crate) async fn at_end(&mut self, tx: &mut Tx, column: ColumnId) -> Result<Rank> {
        let (first, last) = self.ends.remove(&column).unwrap_or_default();
        let rank = if let Some(rank) = after(last.as_deref()) {
            rank
        } else {
            let last = store::tasks::rebalance(tx, column).await?;
            after(last.as_ref().map(Rank::as_str)).ok_or_else(used_up)?
        };
        let text = rank.as_str().to_owned();
        self.ends.insert(column, (first.or(Some(text.clone())), Some(text)));
        Ok(rank)
    }

    /// A place at the column's top.
    pub(crate) async fn on_top(&mut self, tx: &mut Tx, column: ColumnId) -> Result<Rank> {
        let (first, last) = self.ends.remove(&column).unwrap_or_default();
        let rank = if let Some(rank) = before(first.as_deref()) {
            rank
        } else {
            store::tasks::rebalance(tx, column).await?;
            before(Some(Rank::first().as_str())).ok_or_else(used_up)?
        };
        let text = rank.as_str().to_owned();
        self.ends.insert(column, (Some(text.clone()), last.or(Some(text))));
        Ok(rank)
    }
}

/// The side of a card.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    /// Under it.
    Below,
    /// Over it.
    Above,
}

/// The column and a place in it for `task` at the side of the card `of`; `None` if that one is not among the active
/// cards there (any more).
pub(super) async fn beside(
    tx: &mut Tx,
    column: ColumnId,
    (side, of): (Side, TaskId),
    task: TaskId,
) -> Result<Option<(Column, Rank)>> {
    // Once more after the column's ranks were spread anew.
    for again in [true, false] {
        let found = match side {
            Side::Below => store::tasks::below(tx, column, of, task).await?,
            Side::Above => store::tasks::above(tx, column, of, task).await?,
        };
        let Some(neighbour) = found else {
            return Ok(None);
        };
        if let Some(rank) = between(side, &neighbour) {
            return Ok(Some((neighbour.column, rank)));
        }
        if again {
            store::tasks::rebalance(tx, column).await?;
        }
    }
    Err(used_up())
}

fn between(side: Side, neighbour: &Neighbour) -> Option<Rank> {
    let near = Rank::parse(&neighbour.rank).ok()?;
    let far = match &neighbour.beyond {
        Some(text) => Some(Rank::parse(text).ok()?),
        None => None,
    };
    match side {
        Side::Below => Rank::between(Some(&near), far.as_ref()).ok(),
        Side::Above => Rank::between(far.as_ref(), Some(&near)).ok(),
    }
}

fn after(last: Option<&str>) -> Option<Rank> {
    match last {
        None => Some(Rank::first()),
        Some(last) => Rank::between(Some(&Rank::parse(last).ok()?), None).ok(),
    }
}

fn before(first: Option<&str>) -> Option<Rank> {
    match first {
        None => Some(Rank::first()),
        Some(first) => Rank::between(None, Some(&Rank::parse(first).ok()?)).ok(),
    }
}

pub(super) fn unknown_column() -> Error {
    Error::field(
        "column_id",
        "unknown",
        "This column is not on the project's board any more. Choose another.",
    )
}

/// Ranks that were just spread anew have room.
fn used_up() -> Error {
    Error::refused("no_room", "There is no room at this place of the column. Try again.")
}
