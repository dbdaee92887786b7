//! All rows of all tables, whatever is in them: for backups and for moving from one engine to the other.

use crate::{
    db::{Dialect, Error, Result, Sql, Tx},
    schema,
};
use sqlx::{
    ColumnIndex, Database, Decode, FromRow, Type, TypeInfo as _, ValueRef as _, mysql::MySqlRow,
    sqlite::SqliteRow,
};
use std::mem;

/// A table, and its columns in their order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The names of its columns.
    pub columns: Vec<String>,
}

/// A value as both engines have it: their booleans are numbers, ids are bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Cell {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// The cells of a row, in the order of its table's columns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row(pub Vec<Cell>);

impl Row {
    fn read_text(&mut self, column: usize) -> Result<()> {
        if let Some(cell) = self.0.get_mut(column)
            && let Cell::Bytes(bytes) = cell
        {
            let text = String::from_utf8(mem::take(bytes));
            *cell = Cell::Text(text.map_err(|_| Error::Corrupt("a text is not UTF-8".into()))?);
        }
        Ok(())
    }

    /// About how many bytes it has.
    pub fn size(&self) -> usize {
        let of = |cell: &Cell| match cell {
            Cell::Null | Cell::Int(_) => 8,
            Cell::Text(text) => text.len(),
            Cell::Bytes(bytes) => bytes.len(),
        };
        self.0.iter().map(of).sum()
    }
}

impl<'r> FromRow<'r, SqliteRow> for Row {
    fn from_row(row: &'r SqliteRow) -> sqlx::Result<Self> {
        cells(row, |name| match name {
            "INTEGER" => Some(Kind::Int),
            "TEXT" => Some(Kind::Text),
            "BLOB" => Some(Kind::Bytes),
            _ => None,
        })
    }
}

impl<'r> FromRow<'r, MySqlRow> for Row {
    fn from_row(row: &'r MySqlRow) -> sqlx::Result<Self> {
        cells(row, |name| match name {
            "BIGINT" | "INT" | "SMALLINT" | "TINYINT" | "BOOLEAN" => Some(Kind::Int),
            "CHAR" | "VARCHAR" | "TINYTEXT" | "TEXT" | "MEDIUMTEXT" | "LONGTEXT" => Some(Kind::Text),
            "BINARY" | "VARBINARY" | "TINYBLOB" | "BLOB" | "MEDIUMBLOB" | "LONGBLOB" => Some(Kind::Bytes),
            _ => None,
        })
    }
}

enum Kind {
    Int,
    Text,
    Bytes,
}

fn cells<'r, R>(row: &'r R, kind: impl Fn(&str) -> Option<Kind>) -> sqlx::Result<Row>
where
    R: sqlx::Row,
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
    R::Database: Database,
{
    let cell = |column: usize| {
        let (null, name) = {
            let value = row.try_get_raw(column)?;
            (value.is_null(), value.type_info().name().to_owned())
        };
        if null {
            return Ok(Cell::Null);
        }
        match kind(&name) {
            Some(Kind::Int) => row.try_get_unchecked(column).map(Cell::Int),
            Some(Kind::Text) => row.try_get_unchecked(column).map(Cell::Text),
            Some(Kind::Bytes) => row.try_get_unchecked(column).map(Cell::Bytes),
            None => Err(sqlx::Error::Decode(format!("a value of the type {name} is not known").into())),
        }
    };
    (0..row.len()).map(cell).collect::<sqlx::Result<_>>().map(Row)
}

/// Every table that a migration of PMS made, those that others name first. Left out is what the engine or somebody else
/// keeps beside them: the words of a search index, a replicator's notes.
pub async fn tables(tx: &mut Tx) -> Result<Vec<Table>> {
    let text = match tx.dialect() {
        Dialect::Sqlite => {
            "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c
             WHERE t.type = 'table' ORDER BY t.name, c.cid"
        }
        Dialect::MySql => {
            "SELECT table_name, column_name FROM information_schema.columns
             WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position"
        }
    };
    let ours = schema::made_tables(tx.dialect());
    let mut tables: Vec<Table> = Vec::new();
    for (name, column) in tx.sql(text).all::<(String, String)>().await? {
        match tables.last_mut().filter(|table| table.name == name) {
            Some(table) => table.columns.push(column),
            None if ours.contains(&name) => tables.push(Table { name, columns: vec![column] }),
            None => {}
        }
    }
    Ok(parents_first(tables, &references(tx).await?))
}

/// Which table names rows of which: (child, parent).
async fn references(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    tx.sql(match tx.dialect() {
        Dialect::Sqlite => {
            "SELECT t.name, f.\"table\" FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f
             WHERE t.type = 'table'"
        }
        Dialect::MySql => {
            "SELECT table_name, referenced_table_name FROM information_schema.key_column_usage
             WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL"
        }
    })
    .all()
    .await
}

/// Filled the other way round, SQLite would look through all children, without an index, for each parent that comes.
fn parents_first(mut tables: Vec<Table>, references: &[(String, String)]) -> Vec<Table> {
    let mut ordered: Vec<Table> = Vec::with_capacity(tables.len());
    while !tables.is_empty() {
        let waits = |table: &Table| {
            references.iter().any(|(child, parent)| {
                *child == table.name && child != parent && tables.iter().any(|other| other.name == *parent)
            })
        };
        // Of those that wait for each other, any: rows may come in any order.
        let next = tables.iter().position(|table| !waits(table)).unwrap_or(0);
        ordered.push(tables.remove(next));
    }
    ordered
}

/// How many rows the table has.
pub async fn count(tx: &mut Tx, table: &Table) -> Result<u64> {
    let sql = tx.compose("SELECT COUNT(*) FROM ").names([&table.name]);
    let (rows,): (i64,) = tx.build(sql).one().await?;
    Ok(u64::try_from(rows).unwrap_or(0))
}

/// Hands every row of the table to `take`, in no particular order, without having more than a few in memory.
///
/// # Errors
/// What the database says, and what `take` says.
pub async fn each_row<E: From<Error>>(
    tx: &mut Tx,
    table: &Table,
    mut take: impl AsyncFnMut(Row) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let texts = texts_in_bytes(tx, table).await?;
    let sql = tx.compose("SELECT ").names(&table.columns).push(" FROM ").names([&table.name]);
    let read = async |mut row: Row| {
        for column in &texts {
            row.read_text(*column)?;
        }
        take(row).await
    };
    tx.build(sql).each::<Row, E>(read).await?
}

/// The places of columns whose texts the driver takes for bytes: MySQL marks texts that are compared by their bytes, as ours
/// are, like bytes.
async fn texts_in_bytes(tx: &mut Tx, table: &Table) -> Result<Vec<usize>> {
    if tx.dialect() == Dialect::Sqlite {
        return Ok(Vec::new());
    }
    let texts: Vec<(String,)> = tx
        .sql(
            "SELECT column_name FROM information_schema.columns
             WHERE table_schema = DATABASE() AND table_name = ? AND character_set_name IS NOT NULL",
        )
        .bind(table.name.clone())
        .all()
        .await?;
    let is_text = |column: &String| texts.iter().any(|(text,)| text == column);
    Ok((0..table.columns.len()).filter(|place| is_text(&table.columns[*place])).collect())
}

/// Writes rows, each with a cell for each column.
pub async fn insert(tx: &mut Tx, table: &Table, rows: Vec<Row>, often: bool) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let sql = tx
        .compose("INSERT INTO ")
        .names([&table.name])
        .push(" (")
        .names(&table.columns)
        .push(") VALUES ")
        .rows(rows, table.columns.len(), |sql, Row(cells)| cells.into_iter().fold(sql, bind))
        .kept(often);
    tx.build(sql).run().await.map(drop)
}

fn bind(sql: Sql, cell: Cell) -> Sql {
    match cell {
        Cell::Null => sql.value(None::<i64>),
        Cell::Int(value) => sql.value(value),
        Cell::Text(value) => sql.value(value),
        Cell::Bytes(value) => sql.value(value),
    }
}

/// Removes every row of the table.
pub async fn clear(tx: &mut Tx, table: &Table) -> Result<()> {
    let sql = tx.compose("DELETE FROM ").names([&table.name]);
    tx.build(sql).run().await.map(drop)
}

/// Lets rows come before those that they name, until [`strict`] or the end of the transaction (SQLite then looks whether
/// all are there).
pub async fn in_any_order(tx: &mut Tx) -> Result<()> {
    tx.sql(match tx.dialect() {
        Dialect::Sqlite => "PRAGMA defer_foreign_keys = ON",
        Dialect::MySql => "SET SESSION foreign_key_checks = 0",
    })
    .run()
    .await
    .map(drop)
}

/// Ends [`in_any_order`].
pub async fn strict(tx: &mut Tx) -> Result<()> {
    match tx.dialect() {
        Dialect::Sqlite => Ok(()),
        Dialect::MySql => tx.sql("SET SESSION foreign_key_checks = 1").run().await.map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_come_before_their_children() {
        let table = |name: &str| Table { name: name.into(), columns: Vec::new() };
        let of = |child: &str, parent: &str| (child.to_owned(), parent.to_owned());
        let references = [of("a", "c"), of("b", "a"), of("b", "b"), of("d", "elsewhere")];
        let ordered = parents_first(["a", "b", "c", "d"].map(table).to_vec(), &references);
        let names: Vec<_> = ordered.iter().map(|table| table.name.as_str()).collect();
        assert_eq!(names, ["c", "a", "b", "d"]);
        let looped = parents_first(["a", "b"].map(table).to_vec(), &[of("a", "b"), of("b", "a")]);
        assert_eq!(looped.len(), 2);
    }
}
