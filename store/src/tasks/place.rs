//! The order of cards in a column.

use crate::db::{Error, Result, Sql, Tx};
use domain::{
    board::{Category, Column},
    ids::{ColumnId, ProjectId, TaskId},
    palette::Colour,
    project::ProjectRef,
    rank::Rank,
    task::Lifecycle,
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

/// What new and moved cards of a project need to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The project.
    pub project: ProjectRef,
    /// Whether it is in use.
    pub lifecycle: Lifecycle,
    /// The number of its next task.
    pub next_number: i64,
    /// Its columns from left to right.
    pub ends: Vec<End>,
}

/// A card and the one next to it, as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// The column that they are in.
    pub column: Column,
    /// The card's rank.
    pub rank: String,
    /// The rank of the next card on the asked side; `None` at the column's end.
    pub beyond: Option<String>,
}

const COLUMN: &str = "c.id, c.project_id, c.name, c.category, c.position, c.task_count, c.version";

#[derive(sqlx::FromRow)]
struct ColumnRow {
    id: Uuid,
    project_id: Uuid,
    name: String,
    category: String,
    position: i64,
    task_count: i64,
    version: i64,
}

#[derive(sqlx::FromRow)]
struct GroundRow {
    #[sqlx(flatten)]
    column: ColumnRow,
    project_key: String,
    project_name: String,
    project_colour: String,
    project_urgent_at: Option<i64>,
    project_lifecycle: i16,
    next_number: i64,
    last_rank: Option<String>,
    first_rank: Option<String>,
}

#[derive(sqlx::FromRow)]
struct NeighbourRow {
    #[sqlx(flatten)]
    column: ColumnRow,
    card_rank: String,
    beyond: Option<String>,
}

/// A project with its columns and the ranks at their ends; `None` if there is no such project.
/// Indices: `board_column_name`, `task_on_board`.
pub async fn ground(tx: &mut Tx, project: ProjectId) -> Result<Option<Ground>> {
    let rows = grounds(tx, &[project]).await?;
    let mut ground: Option<Ground> = None;
    for row in rows {
        let ground = ground.get_or_insert_with(|| row.ground());
        ground.ends.push(row.into_end()?);
    }
    Ok(ground)
}

/// The columns of projects from left to right, with the ranks at their ends.
/// Indices: `board_column_name`, `task_on_board`.
pub async fn ends_of(tx: &mut Tx, projects: &[ProjectId]) -> Result<Vec<End>> {
    if projects.is_empty() {
        return Ok(Vec::new());
    }
    grounds(tx, projects).await?.into_iter().map(GroundRow::into_end).collect()
}

async fn grounds(tx: &mut Tx, projects: &[ProjectId]) -> Result<Vec<GroundRow>> {
    let sql = tx
        .compose("SELECT ")
        .push(COLUMN)
        .push(
            ", p.project_key, p.name AS project_name, p.colour AS project_colour, p.urgent_at AS project_urgent_at,
               p.lifecycle AS project_lifecycle, p.next_number,
               (SELECT t.card_rank FROM task t WHERE t.column_id = c.id AND t.lifecycle = 0
                ORDER BY t.card_rank DESC LIMIT 1) AS last_rank,
               (SELECT t.card_rank FROM task t WHERE t.column_id = c.id AND t.lifecycle = 0
                ORDER BY t.card_rank LIMIT 1) AS first_rank
             FROM project p
             JOIN board_column c ON c.project_id = p.id
             WHERE p.id IN ",
        )
        .list(projects.iter().map(|project| project.uuid()))
        .push(" ORDER BY c.position, c.id");
    tx.build(sql).all().await
}

/// The card `of` in a column and the one under it, `but` not counted; `None` if it is not among the active ones there.
pub async fn below(tx: &mut Tx, column: ColumnId, of: TaskId, but: TaskId) -> Result<Option<Neighbour>> {
    let sql = tx.compose("SELECT ").push(COLUMN).bind(
        ", n.card_rank,
           (SELECT t.card_rank FROM task t
            WHERE t.column_id = n.column_id AND t.lifecycle = 0 AND t.card_rank >= n.card_rank
              AND (t.card_rank > n.card_rank OR t.id > n.id) AND t.id <> ?
            ORDER BY t.card_rank, t.id LIMIT 1) AS beyond",
        but.uuid(),
    );
    neighbour(tx, sql, (column, of)).await
}

/// The card `of` in a column and the one above it, `but` not counted; `None` if it is not among the active ones there.
pub async fn above(tx: &mut Tx, column: ColumnId, of: TaskId, but: TaskId) -> Result<Option<Neighbour>> {
    let sql = tx.compose("SELECT ").push(COLUMN).bind(
        ", n.card_rank,
           (SELECT t.card_rank FROM task t
            WHERE t.column_id = n.column_id AND t.lifecycle = 0 AND t.card_rank <= n.card_rank
              AND (t.card_rank < n.card_rank OR t.id < n.id) AND t.id <> ?
            ORDER BY t.card_rank DESC, t.id DESC LIMIT 1) AS beyond",
        but.uuid(),
    );
    neighbour(tx, sql, (column, of)).await
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
        let sql = sql.push(" ELSE card_rank END WHERE id IN ").list(chunk.iter().map(|(id, _)| id.uuid()));
        tx.build(sql).run().await?;
    }
    Ok(())
}

async fn neighbour(tx: &mut Tx, sql: Sql, (column, of): (ColumnId, TaskId)) -> Result<Option<Neighbour>> {
    let sql = sql
        .push(" FROM task n JOIN board_column c ON c.id = n.column_id")
        .bind(" WHERE n.id = ?", of.uuid())
        .bind(" AND n.column_id = ?", column.uuid())
        .push(" AND n.lifecycle = 0");
    let row: Option<NeighbourRow> = tx.build(sql).optional().await?;
    row.map(|row| {
        Ok(Neighbour { column: row.column.into_column()?, rank: row.card_rank, beyond: row.beyond })
    })
    .transpose()
}

impl GroundRow {
    fn ground(&self) -> Ground {
        Ground {
            project: ProjectRef {
                id: ProjectId(self.column.project_id),
                key: self.project_key.clone(),
                name: self.project_name.clone(),
                colour: Colour::parse(&self.project_colour).unwrap_or_default(),
                urgent: self.project_urgent_at.is_some(),
            },
            lifecycle: Lifecycle::from_code(i64::from(self.project_lifecycle)),
            next_number: self.next_number,
            ends: Vec::new(),
        }
    }

    fn into_end(self) -> Result<End> {
        let column = self.column.into_column()?;
        Ok(End { column, last_rank: self.last_rank, first_rank: self.first_rank })
    }
}

impl ColumnRow {
    fn into_column(self) -> Result<Column> {
        let category = Category::parse(&self.category)
            .ok_or_else(|| Error::Corrupt(format!("column {}: {}", self.id, self.category)))?;
        Ok(Column {
            id: ColumnId(self.id),
            project_id: ProjectId(self.project_id),
            name: self.name,
            category,
            position: self.position,
            task_count: self.task_count,
            version: self.version,
        })
    }
}
