//! Brings the rows of a backup, or of another database, into a database.

use super::{
    Failure, Header, Summary, TableSum,
    content::{Piece, Reader, line_of, verify},
};
use crate::Services;
use std::{collections::BTreeSet, io::BufRead, mem};
use store::{
    Tx, counters,
    dump::{self, Row, Table},
    schema::{self, State},
};

/// Rows of one insert…
const ROWS: usize = 50;
/// …and about how many bytes it may have.
const BYTES: usize = 1024 * 1024;

/// What may become of what is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Replace {
    /// Nothing: only an empty database is filled.
    No,
    /// It goes, if and when all of the backup is there.
    Everything,
}

/// Reads the backup once to see that it is whole, and again to fill the database with it: all of it or nothing, and not
/// before what was written was read again. `open` gives it from its beginning. The tables are then those of the backup's
/// version, so migrate them.
///
/// # Errors
/// [`Failure::Damaged`] for a backup that is not whole, [`Failure::Refused`] where it does not fit. Both leave the
/// database as it was.
pub async fn restore<R: BufRead>(
    services: &Services,
    open: impl Fn() -> Result<R, Failure>,
    replace: Replace,
) -> Result<Summary, Failure> {
    let summary = verify(open()?)?;
    prepare(services, &summary.header, replace).await?;
    let mut loader = Loader::begin(services, &summary.tables, replace).await?;
    let filled = fill(&mut loader, &summary, &open).await;
    loader.end(filled).await?;
    Ok(summary)
}

/// Fills `to` with everything of `from` as it is at one moment: all of it or nothing.
///
/// # Errors
/// As [`restore`].
pub async fn copy(from: &Services, to: &Services, replace: Replace) -> Result<Summary, Failure> {
    schema::check(&from.db).await?;
    let header = Header::of(from, None).await?;
    prepare(to, &header, replace).await?;
    let mut tx = from.db.read().await?;
    let mut tables: Vec<TableSum> = dump::tables(&mut tx).await?.into_iter().map(TableSum::new).collect();
    let mut loader = Loader::begin(to, &tables, replace).await?;
    let mut filled = fill_from(&mut loader, &mut tables, &mut tx).await;
    let copied = counters::read(&mut tx).await?;
    drop(tx);
    if filled.is_ok() && counters::read(&mut from.db.peek().await?).await? != copied {
        filled = Err(Failure::Refused(
            "Somebody went on working while it was copied, and that would have been left behind. Stop every server on the \
             old database and run this again. Nothing was changed."
                .into(),
        ));
    }
    loader.end(filled).await?;
    Ok(Summary { header, tables })
}

async fn fill<R: BufRead>(
    loader: &mut Loader,
    summary: &Summary,
    open: &impl Fn() -> Result<R, Failure>,
) -> Result<(), Failure> {
    loader.clear().await?;
    let mut reader = Reader::begin(open()?)?;
    while let Some(piece) = reader.next()? {
        match piece {
            Piece::Table(table) => loader.table(&table),
            Piece::Row(row) => loader.row(row).await?,
            Piece::EndOfTable => loader.flush().await?,
        }
    }
    loader.look(&summary.tables).await
}

async fn fill_from(loader: &mut Loader, tables: &mut [TableSum], tx: &mut Tx) -> Result<(), Failure> {
    loader.clear().await?;
    for sum in &mut *tables {
        let table = sum.table.clone();
        loader.table(&table);
        dump::each_row(tx, &table, async |row: Row| {
            sum.add(&line_of(&row));
            loader.row(row).await
        })
        .await?;
        loader.flush().await?;
    }
    loader.look(tables).await
}

/// Sees that the database takes what has `header`, and makes its tables where there are none.
async fn prepare(services: &Services, header: &Header, replace: Replace) -> Result<(), Failure> {
    let here = schema::status(&services.db).await?;
    if let Some(newer) = here.iter().find(|migration| migration.state == State::Unknown) {
        return Err(Failure::Refused(format!(
            "This database was made by a newer version of PMS (it has migration {}). Restore into an empty one, or with \
             that version.",
            newer.full_name()
        )));
    }
    let known: BTreeSet<String> = here.iter().map(schema::Migration::full_name).collect();
    if let Some(newer) = header.migrations.iter().find(|name| !known.contains(*name)) {
        return Err(Failure::Refused(format!(
            "The backup was made by PMS {}, which is newer than this one (it has migration {newer}). \
             Restore it with that version.",
            header.program
        )));
    }
    let wanted = |migration: &&schema::Migration| header.migrations.contains(&migration.full_name());
    let is_empty = !has_people(services, &here).await?;
    // Also where an earlier try was broken off while it made them.
    let can_be_made = here.iter().all(|it| match it.state {
        State::Pending => true,
        State::Applied | State::Half => wanted(&it),
        State::HalfBack | State::Unknown => false,
    });
    if is_empty && can_be_made {
        let newest = here.iter().filter(wanted).map(|migration| migration.version).max().unwrap_or(0);
        schema::up_to(&services.db, newest, services.now().micros()).await?;
        return Ok(());
    }
    let half = |it: &schema::Migration| matches!(it.state, State::Half | State::HalfBack);
    let fits = here.iter().all(|it| (it.state == State::Applied) == wanted(&it) && !half(it));
    if !fits {
        return Err(Failure::Refused(
            "The tables here are of another version than those of the backup. Restore it into an empty database: \
             PMS then brings it to this version."
                .into(),
        ));
    }
    if replace == Replace::No && !is_empty { Err(work_is_there()) } else { Ok(()) }
}

fn work_is_there() -> Failure {
    Failure::Refused(
        "There is work in this database already, and it was left alone. Restore into an empty one, or say \
         --replace to put the backup in the place of everything that is there."
            .into(),
    )
}

async fn has_people(services: &Services, here: &[schema::Migration]) -> Result<bool, Failure> {
    if here.first().is_none_or(|people| people.state != State::Applied) {
        return Ok(false);
    }
    Ok(store::users::any(&mut services.db.peek().await?).await?)
}

/// One transaction that fills a database.
struct Loader {
    tx: Tx,
    /// The access counter of what was there.
    access: i64,
    here: Vec<Table>,
    table: Table,
    waiting: Vec<Row>,
    bytes: usize,
}

impl Loader {
    /// Begins, if the tables here are those of `tables` and may be filled.
    async fn begin(services: &Services, tables: &[TableSum], replace: Replace) -> Result<Self, Failure> {
        let mut tx = services.db.write().await?;
        // Again, now that nobody else writes: somebody may have begun to work while the tables were made.
        if replace == Replace::No && store::users::any(&mut tx).await? {
            return Err(work_is_there());
        }
        let here = dump::tables(&mut tx).await?;
        let shape = |table: &Table| (table.name.clone(), table.columns.iter().cloned().collect());
        let wanted: BTreeSet<(String, BTreeSet<String>)> =
            tables.iter().map(|sum| shape(&sum.table)).collect();
        if wanted != here.iter().map(shape).collect() {
            return Err(Failure::Refused(
                "The tables of the backup are not those of its migrations. Nothing was changed.".into(),
            ));
        }
        let access = counters::read(&mut tx).await?.access;
        let table = Table { name: String::new(), columns: Vec::new() };
        Ok(Self { tx, access, here, table, waiting: Vec::new(), bytes: 0 })
    }

    async fn clear(&mut self) -> Result<(), Failure> {
        dump::in_any_order(&mut self.tx).await?;
        for table in self.here.iter().rev() {
            dump::clear(&mut self.tx, table).await?;
        }
        Ok(())
    }

    fn table(&mut self, table: &Table) {
        self.table = table.clone();
    }

    async fn row(&mut self, row: Row) -> Result<(), Failure> {
        self.bytes += row.size();
        self.waiting.push(row);
        if self.waiting.len() < ROWS && self.bytes < BYTES {
            return Ok(());
        }
        self.flush().await
    }

    async fn flush(&mut self) -> Result<(), Failure> {
        self.bytes = 0;
        let rows = mem::take(&mut self.waiting);
        let often = rows.len() == ROWS;
        Ok(dump::insert(&mut self.tx, &self.table, rows, often).await?)
    }

    /// Reads what was written: whether it is what it should be.
    async fn look(&mut self, wanted: &[TableSum]) -> Result<(), Failure> {
        for table in wanted {
            let mut found = TableSum::new(table.table.clone());
            dump::each_row(&mut self.tx, &table.table, async |row| {
                found.add(&line_of(&row));
                Ok::<_, Failure>(())
            })
            .await?;
            if found != *table {
                return Err(Failure::Refused(format!(
                    "The database gives back other rows of {} than were written: {} of {}. Nothing was changed.",
                    table.table.name, found.rows, table.rows
                )));
            }
        }
        Ok(())
    }

    /// Makes it last where all went well. Either way the connection is as it was.
    async fn end(mut self, filled: Result<(), Failure>) -> Result<(), Failure> {
        let strict = dump::strict(&mut self.tx).await;
        // What went wrong first is what is told.
        filled?;
        strict?;
        counters::leap_access(&mut self.tx, self.access).await?;
        Ok(self.tx.commit().await?)
    }
}
