//! The columns of boards.

use crate::db::{Error, Result, Tx};
use domain::{
    board::{Category, Column},
    ids::{ColumnId, ProjectId, TaskId},
    rank::Rank,
    task::TaskRef,
    time::Timestamp,
    validate,
};
use uuid::Uuid;

const SELECT: &str = "SELECT id, project_id, name, category, position, task_count, version
     FROM board_column";

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    project_id: Uuid,
    name: String,
    category: String,
    position: i64,
    task_count: i64,
    version: i64,
}

impl Row {
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

/// A project's columns from left to right. Index: `board_column_name`.
pub async fn list(tx: &mut Tx, project: ProjectId) -> Result<Vec<Column>> {
    let sql = tx.compose(SELECT).bind(" WHERE project_id = ?", project.uuid()).push(" ORDER BY position, id");
    let rows: Vec<Row> = tx.build(sql).all().await?;
    rows.into_iter().map(Row::into_column).collect()
}

/// The column of that id.
pub async fn find(tx: &mut Tx, id: ColumnId) -> Result<Option<Column>> {
    let sql = tx.compose(SELECT).bind(" WHERE id = ?", id.uuid());
    let row: Option<Row> = tx.build(sql).optional().await?;
    row.map(Row::into_column).transpose()
}

/// All columns of the board that a column belongs to, itself among them, from left to right; none if there is no such
/// column.
pub async fn beside(tx: &mut Tx, id: ColumnId) -> Result<Vec<Column>> {
    let sql = tx
        .compose(SELECT)
        .bind(" WHERE project_id = (SELECT one.project_id FROM board_column one WHERE one.id = ?)", id.uuid())
        .push(" ORDER BY position, id");
    let rows: Vec<Row> = tx.build(sql).all().await?;
    rows.into_iter().map(Row::into_column).collect()
}

/// Adds columns, all in one statement.
///
/// # Errors
/// [`Error::Taken`] if a name in the project or an id is.
pub async fn insert(tx: &mut Tx, columns: &[Column]) -> Result<()> {
    let sql = tx
        .compose(
            "INSERT INTO board_column (id, project_id, name, name_key, category, position, task_count, version) VALUES ",
        )
        .rows(columns, 8, |sql, column| {
            sql.value(column.id.uuid())
                .value(column.project_id.uuid())
                .value(column.name.clone())
                .value(validate::name_key(&column.name))
                .value(column.category.as_str())
                .value(column.position)
                .value(column.task_count)
                .value(column.version)
        });
    tx.build(sql).run().await.map(drop)
}

/// Writes a changed column's name and category over version `seen`; `false` if it has another version by now.
///
/// # Errors
/// [`Error::Taken`] if the name is.
pub async fn update(tx: &mut Tx, column: &Column, seen: i64) -> Result<bool> {
    let matched = tx
        .sql(
            "UPDATE board_column
             SET name = ?, name_key = ?, category = ?, version = ?
             WHERE id = ? AND version = ?",
        )
        .bind(column.name.clone())
        .bind(validate::name_key(&column.name))
        .bind(column.category.as_str())
        .bind(column.version)
        .bind(column.id.uuid())
        .bind(seen)
        .run()
        .await?;
    Ok(matched > 0)
}

/// Writes the columns' places as they stand in `order`.
pub async fn arrange(tx: &mut Tx, order: &[ColumnId]) -> Result<()> {
    if order.is_empty() {
        return Ok(());
    }
    let mut sql = tx.compose("UPDATE board_column SET position = CASE id");
    for (position, id) in (0_i64..).zip(order) {
        sql = sql.bind(" WHEN ?", id.uuid()).bind(" THEN ?", position);
    }
    let sql = sql.push(" ELSE position END WHERE id IN ").list(order.iter().map(|id| id.uuid()));
    tx.build(sql).run().await.map(drop)
}

/// Adds to the number of a column's active tasks.
pub async fn add_to_count(tx: &mut Tx, id: ColumnId, delta: i64) -> Result<()> {
    tx.sql("UPDATE board_column SET task_count = task_count + ? WHERE id = ?")
        .bind(delta)
        .bind(id.uuid())
        .run()
        .await
        .map(drop)
}

/// Removes a column without tasks.
///
/// # Errors
/// [`Error::Dangling`] if it has some.
pub async fn delete(tx: &mut Tx, id: ColumnId) -> Result<()> {
    tx.sql("DELETE FROM board_column WHERE id = ?").bind(id.uuid()).run().await.map(drop)
}

/// A task that is put away and will not be among things to do comes back unblocked, and is looked at then.
const UNBLOCK_PUT_AWAY: &str = ", blocked_since = CASE WHEN lifecycle <> 0 THEN NULL ELSE blocked_since END
     , held_column_id = CASE WHEN lifecycle <> 0 THEN NULL ELSE held_column_id END
     , held_rank = CASE WHEN lifecycle <> 0 THEN NULL ELSE held_rank END";

/// Gives all tasks of a column what its new category means for them, and their parents the new numbers of done
/// sub-tasks. Index: `task_on_board`.
pub async fn recategorise_tasks(
    tx: &mut Tx,
    column: &Column,
    before: Category,
    now: Timestamp,
) -> Result<()> {
    let done = column.category == Category::Done;
    let completed_at = done.then_some(now.micros());
    let sql = tx
        .compose("UPDATE task SET version = version + 1")
        .bind(", category = ?", column.category.as_str())
        .bind(", completed_at = ?", completed_at)
        .bind(", updated_at = ?", now.micros())
        .push_if(column.category != Category::Todo, UNBLOCK_PUT_AWAY)
        .bind(" WHERE column_id = ?", column.id.uuid());
    tx.build(sql).run().await?;
    if done == (before == Category::Done) {
        return Ok(());
    }
    let parents: Vec<(Uuid, i64)> = tx
        .sql(
            "SELECT parent_id, COUNT(*)
             FROM task
             WHERE column_id = ? AND lifecycle = 0 AND parent_id IS NOT NULL
             GROUP BY parent_id",
        )
        .bind(column.id.uuid())
        .all()
        .await?;
    let sign = if done { 1 } else { -1 };
    for chunk in parents.chunks(500) {
        let mut sql = tx.compose("UPDATE task SET child_done_count = child_done_count + CASE id");
        for (id, count) in chunk {
            sql = sql.bind(" WHEN ?", *id).bind(" THEN ?", sign * count);
        }
        let sql = sql.push(" ELSE 0 END WHERE id IN ").list(chunk.iter().map(|(id, _)| *id));
        tx.build(sql).run().await?;
    }
    Ok(())
}

/// The active tasks of a column that have open blockers and were not unblocked by hand. Index: `task_on_board`.
pub async fn waiting_tasks(tx: &mut Tx, id: ColumnId) -> Result<Vec<TaskRef>> {
    let rows: Vec<(Uuid, String, i64, String, String)> = tx
        .sql(
            "SELECT t.id, p.project_key, t.number, t.title, t.category
             FROM task t
             JOIN project p ON p.id = t.project_id
             WHERE t.column_id = ? AND t.lifecycle = 0 AND t.blocker_count > 0 AND t.override_at IS NULL",
        )
        .bind(id.uuid())
        .all()
        .await?;
    let tasks = rows.into_iter().map(|(id, project, number, title, category)| TaskRef {
        id: TaskId(id),
        key: format!("{project}-{number}"),
        title,
        category: Category::parse(&category).unwrap_or(Category::Todo),
    });
    Ok(tasks.collect())
}

/// The active tasks of a column. Index: `task_on_board`.
pub async fn active_tasks(tx: &mut Tx, id: ColumnId) -> Result<Vec<TaskId>> {
    let rows: Vec<(Uuid,)> =
        tx.sql("SELECT id FROM task WHERE column_id = ? AND lifecycle = 0").bind(id.uuid()).all().await?;
    Ok(rows.into_iter().map(|(id,)| TaskId(id)).collect())
}

/// The archived and deleted tasks of a column, by rank: what still belongs to a column that looks empty.
/// Index: `task_on_board`.
pub async fn put_away_tasks(tx: &mut Tx, id: ColumnId) -> Result<Vec<TaskId>> {
    let rows: Vec<(Uuid,)> = tx
        .sql("SELECT id FROM task WHERE column_id = ? AND lifecycle <> 0 ORDER BY lifecycle, card_rank, id")
        .bind(id.uuid())
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| TaskId(id)).collect())
}

/// The last rank in a column, of all tasks in it. Index: `task_on_board`.
pub async fn last_rank(tx: &mut Tx, id: ColumnId) -> Result<Option<Rank>> {
    let (rank,): (Option<String>,) =
        tx.sql("SELECT MAX(card_rank) FROM task WHERE column_id = ?").bind(id.uuid()).one().await?;
    Ok(rank.and_then(|rank| Rank::parse(&rank).ok()))
}

/// Puts archived and deleted tasks into another column, each at its rank.
pub async fn move_put_away_tasks(
    tx: &mut Tx,
    tasks: &[(TaskId, Rank)],
    to: &Column,
    now: Timestamp,
) -> Result<()> {
    let completed_at = (to.category == Category::Done).then_some(now.micros());
    for chunk in tasks.chunks(500) {
        let mut sql = tx
            .compose("UPDATE task SET ")
            .bind("column_id = ?", to.id.uuid())
            .bind(", category = ?", to.category.as_str())
            .bind(", completed_at = ?", completed_at)
            .push_if(to.category != Category::Todo, UNBLOCK_PUT_AWAY)
            .push(", version = version + 1, card_rank = CASE id");
        for (id, rank) in chunk {
            sql = sql.bind(" WHEN ?", id.uuid()).bind(" THEN ?", rank.as_str().to_owned());
        }
        let sql = sql.push(" ELSE card_rank END WHERE id IN ").list(chunk.iter().map(|(id, _)| id.uuid()));
        tx.build(sql).run().await?;
    }
    Ok(())
}
