//! A board: every column's first cards in one statement.

use super::{
    faces,
    list::narrowed,
    row::{FROM, Row, SUMMARY},
    text,
};
use crate::db::{Result, Tx};
use domain::{
    board::{Board, BoardColumn, Column},
    ids::UserId,
    limits,
    task::{HomeTask, TaskFilter},
};
use std::collections::HashMap;

/// The active cards of `columns` that the filter lets through, by rank. Index: `task_on_board`.
pub async fn board(
    tx: &mut Tx,
    columns: Vec<Column>,
    filter: &TaskFilter,
    me: Option<UserId>,
) -> Result<Board> {
    if columns.is_empty() {
        return Ok(Board { columns: Vec::new() });
    }
    let dialect = tx.dialect();
    let mut sql = tx.compose("");
    for (index, column) in columns.iter().enumerate() {
        sql = sql
            .push_if(index > 0, " UNION ALL ")
            .push("SELECT * FROM (SELECT ")
            .push(SUMMARY)
            .push(FROM)
            .bind(" WHERE t.column_id = ?", column.id.uuid())
            .push(" AND t.lifecycle = 0");
        sql =
            text::matching(narrowed(sql, filter, me), dialect, filter.search.as_deref().unwrap_or_default());
        sql = sql.bind(" ORDER BY t.card_rank, t.id LIMIT ?) cards", limits::COLUMN_CARDS);
    }
    let rows: Vec<Row> = tx.build(sql).all().await?;
    let mut cards = rows.into_iter().map(Row::into_task).collect::<Result<Vec<_>>>()?;
    faces::fill(tx, cards.iter_mut().map(|card| &mut card.task)).await?;
    Ok(arranged(columns, cards))
}

fn arranged(columns: Vec<Column>, cards: Vec<HomeTask>) -> Board {
    let mut by_column: HashMap<_, Vec<_>> = HashMap::new();
    for card in cards {
        by_column.entry(card.task.column_id).or_default().push(card.task);
    }
    let columns = columns.into_iter().map(|column| {
        let mut cards = by_column.remove(&column.id).unwrap_or_default();
        // A union promises no order.
        cards.sort_by(|a, b| (&a.rank, a.id).cmp(&(&b.rank, b.id)));
        BoardColumn { column, cards }
    });
    Board { columns: columns.collect() }
}
