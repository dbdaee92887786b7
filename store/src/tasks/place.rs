//! The order of cards in a column.

use crate::db::{Error, Result, Tx};
use domain::{
    board::{Category, Column},
    ids::{ColumnId, ProjectId, TaskId},
    rank::Rank,
};
use uuid::Uuid;

/// A column and the rank of its last active card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// The column.
    pub column: Column,
    /// As stored.
    pub last_rank: Option<String>,
    /// The rank of its first active card, as stored.
    pub first_rank: Option<String>,
}

#[derive(sqlx::FromRow)]
struct EndRow {
    id: Uuid,
    project_id: Uuid,
    name: String,
    category: String,
    position: i64,
    task_count: i64,
    version: i64,
    last_rank: Option<String>,
    first_rank: Option<String>,
}

/// A card and the one next to it, as stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Neighbour {
    /// The card's rank.
    pub card_rank: String,
    /// The rank of the next card on the asked side; `None` at the column's end.
    pub beyond: Option<String>,
}

/// A project's columns from left to right, each with the ranks at its ends.
/// Indices: `board_column_name`, `task_on_board`.
pub async fn ends(tx: &mut Tx, project: ProjectId) -> Result<Vec<End>> {
    let rows: Vec<EndRow> = tx
        .sql(
            "SELECT c.id, c.project_id, c.name, c.category, c.position, c.task_count, c.version,
               (SELECT t.card_rank FROM task t WHERE t.column_id = c.id AND t.lifecycle = 0
                ORDER BY t.card_rank DESC LIMIT 1) AS last_rank,
               (SELECT t.card_rank FROM task t WHERE t.column_id = c.id AND t.lifecycle = 0
                ORDER BY t.card_rank LIMIT 1) AS first_rank
             FROM board_column c
             WHERE c.project_id = ?
             ORDER BY c.position, c.id",
        )
        .bind(project.uuid())
        .all()
        .await?;
    rows.into_iter().map(EndRow::into_end).collect()
}

/// The card `of` in a column and the one under it, `but` not counted; `None` if it is not among the active ones there.
pub async fn below(
    tx: &mut Tx,
    column: ColumnId,
    of: TaskId,
    but: TaskId,
) -> Result<Option<Neighbour>> {
    tx.sql(
        "SELECT n.card_rank,
           (SELECT t.card_rank FROM task t
            WHERE t.column_id = n.column_id AND t.lifecycle = 0 AND t.card_rank >= n.card_rank
              AND (t.card_rank > n.card_rank OR t.id > n.id) AND t.id <> ?
            ORDER BY t.card_rank, t.id LIMIT 1) AS beyond
         FROM task n
         WHERE n.id = ? AND n.column_id = ? AND n.lifecycle = 0",
    )
    .bind(but.uuid())
    .bind(of.uuid())
    .bind(column.uuid())
    .optional()
    .await
}

/// The card `of` in a column and the one above it, `but` not counted; `None` if it is not among the active ones there.
pub async fn above(
    tx: &mut Tx,
    column: ColumnId,
    of: TaskId,
    but: TaskId,
) -> Result<Option<Neighbour>> {
    tx.sql(
        "SELECT n.card_rank,
           (SELECT t.card_rank FROM task t
            WHERE t.column_id = n.column_id AND t.lifecycle = 0 AND t.card_rank <= n.card_rank
              AND (t.card_rank < n.card_rank OR t.id < n.id) AND t.id <> ?
            ORDER BY t.card_rank DESC, t.id DESC LIMIT 1) AS beyond
         FROM task n
         WHERE n.id = ? AND n.column_id = ? AND n.lifecycle = 0",
    )
    .bind(but.uuid())
    .bind(of.uuid())
    .bind(column.uuid())
    .optional()
    .await
}

/// Gives a column's active cards short ranks in the order in which they stand; gives the last one's.
/// Index: `task_on_board`.
pub async fn rebalance(tx: &mut Tx, column: ColumnId) -> Result<Option<Rank>> {
    let rows: Vec<(Uuid,)> = tx
        .sql("SELECT id FROM task WHERE column_id = ? AND lifecycle = 0 ORDER BY card_rank, id")
        .bind(column.uuid())
        .all()
        .await?;
    let ranks = Rank::spread(rows.len());
    let last = ranks.last().cloned();
    let places: Vec<_> = rows.into_iter().map(|(id,)| TaskId(id)).zip(ranks).collect();
    set_ranks(tx, &places).await?;
    Ok(last)
}

/// Writes the ranks of cards.
pub async fn set_ranks(tx: &mut Tx, places: &[(TaskId, Rank)]) -> Result<()> {
    for chunk in places.chunks(500) {
        let mut sql = tx.compose("UPDATE task SET card_rank = CASE id");
        for (id, rank) in chunk {
            sql = sql.bind(" WHEN ?", id.uuid()).bind(" THEN ?", rank.as_str().to_owned());
        }
        let sql =
            sql.push(" ELSE card_rank END WHERE id IN ").list(chunk.iter().map(|(id, _)| id.uuid()));
        tx.build(sql).run().await?;
    }
    Ok(())
}

impl EndRow {
    fn into_end(self) -> Result<End> {
        let category = Category::parse(&self.category)
            .ok_or_else(|| Error::Corrupt(format!("column {}: {}", self.id, self.category)))?;
        let column = Column {
            id: ColumnId(self.id),
            project_id: ProjectId(self.project_id),
            name: self.name,
            category,
            position: self.position,
            task_count: self.task_count,
            version: self.version,
        };
        Ok(End { column, last_rank: self.last_rank, first_rank: self.first_rank })
    }
}
