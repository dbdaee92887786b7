//! Brings the rows of a backup, or of another database, into a database.

use super::{
    Failure, Header, Summary, TableSum,
    content::{Piece, Reader, line_of, verify},
};
use crate::Services;
use domain::time::Timestamp;
use std::{collections::BTreeSet, io::BufRead, mem, slice};
use store::{
    Tx, counters,
    dump::{self, Row, Table},
    schema::{self, State, filling},
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
    /// It goes: for a backup, if and when all of it is there; for a move, when that begins.
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
    let mut loader = Loader::begin(services).await?;
    let before = loader.access;
    let filled = fill(&mut loader, &summary, (&open, replace)).await;
    loader.end_leaping(filled, before).await?;
    Ok(summary)
}

/// What [`copy`] did.
#[derive(Debug)]
pub struct Copied {
    /// What is there now.
    pub summary: Summary,
    /// How many of its tables an earlier try had copied.
    pub kept: usize,
}

/// Fills `to` with everything of `from` as it is at one moment, one table after the other, each read again before it
/// counts. Nothing else works with `to` until it is whole; broken off, it goes on at the table where it was.
///
/// # Errors
/// [`Failure::Refused`] where it does not fit, and if somebody works at `from` meanwhile.
pub async fn copy(from: &Services, to: &Services, replace: Replace) -> Result<Copied, Failure> {
    schema::check(&from.db).await?;
    let header = Header::of(from, None).await?;
    if !is_being_filled(to).await? {
        prepare(to, &header, replace).await?;
    }
    let mut tx = from.db.read().await?;
    let mut tables: Vec<TableSum> = dump::tables(&mut tx).await?.into_iter().map(TableSum::new).collect();
    let (before, done) = begin_filling(to, &tables, replace).await?;
    let mut kept = 0;
    for sum in tables.iter_mut().take(done) {
        if !is_as_copied(&mut tx, to, sum).await? {
            // It is of another moment than what is to come.
            begin_anew(to).await?;
            kept = 0;
            break;
        }
        kept += 1;
    }
    for (place, sum) in tables.iter_mut().enumerate().skip(kept) {
        let mut loader = Loader::begin(to).await?;
        let filled = fill_table(&mut loader, place, sum, &mut tx).await;
        loader.end(filled).await?;
    }
    let copied = counters::read(&mut tx).await?;
    drop(tx);
    if counters::read(&mut from.db.peek().await?).await? != copied {
        return Err(Failure::Refused(
            "Somebody went on working while it was copied, and that would have been left behind. Stop every server on the \
             old database and run this again. Nothing works with the new one until then."
                .into(),
        ));
    }
    let mut whole = Loader::begin(to).await?;
    let ended = filling::end(&mut whole.tx).await;
    whole.end_leaping(ended.map_err(Failure::from), before).await?;
    Ok(Copied { summary: Summary { header, tables }, kept })
}

async fn is_being_filled(services: &Services) -> Result<bool, Failure> {
    // Before the first migration there is no note to be read.
    let here = schema::status(&services.db).await?;
    Ok(here.iter().any(schema::Migration::is_note_of_filling))
}

/// Begins, or goes on where an earlier try was broken off. Gives the access counter of what was there, and how many tables
/// are there already.
async fn begin_filling(
    to: &Services,
    tables: &[TableSum],
    replace: Replace,
) -> Result<(i64, usize), Failure> {
    let mut loader = Loader::begin(to).await?;
    let begun = async {
        let here = loader.tables(tables).await?;
        let done = if let Some(done) = filling::done(&mut loader.tx).await? {
            usize::try_from(done).unwrap_or_default()
        } else {
            loader.leave_work_alone(replace).await?;
            loader.begin_filling(here, to.now()).await?;
            0
        };
        Ok((loader.access, done))
    };
    let begun = begun.await;
    loader.end(begun).await
}

async fn begin_anew(to: &Services) -> Result<(), Failure> {
    let mut loader = Loader::begin(to).await?;
    let here = dump::tables(&mut loader.tx).await;
    let begun = match here {
        Ok(here) => loader.begin_filling(here, to.now()).await,
        Err(error) => Err(error.into()),
    };
    loader.end(begun).await
}

/// Whether a table that an earlier try has copied is what `from` shows now. Adds its rows to `sum`.
async fn is_as_copied(from: &mut Tx, to: &Services, sum: &mut TableSum) -> Result<bool, Failure> {
    let found = sum_of(&mut to.db.read().await?, &sum.table).await?;
    *sum = sum_of(from, &sum.table).await?;
    Ok(found == *sum)
}

async fn sum_of(tx: &mut Tx, table: &Table) -> Result<TableSum, Failure> {
    let mut sum = TableSum::new(table.clone());
    dump::each_row(tx, table, async |row: Row| {
        sum.add(&line_of(&row));
        Ok::<_, Failure>(())
    })
    .await?;
    Ok(sum)
}

/// Fills the table at this place of their order.
async fn fill_table(
    loader: &mut Loader,
    place: usize,
    sum: &mut TableSum,
    from: &mut Tx,
) -> Result<(), Failure> {
    let table = sum.table.clone();
    *sum = TableSum::new(table.clone());
    // It may have rows that its migration made.
    dump::clear(&mut loader.tx, &table).await?;
    loader.table(&table);
    dump::each_row(from, &table, async |row: Row| {
        sum.add(&line_of(&row));
        loader.row(row).await
    })
    .await?;
    loader.flush().await?;
    loader.look(slice::from_ref(sum)).await?;
    let done = i64::try_from(place).unwrap_or(i64::MAX);
    Ok(filling::go_on(&mut loader.tx, done).await?)
}

async fn fill<R: BufRead>(
    loader: &mut Loader,
    summary: &Summary,
    (open, replace): (&impl Fn() -> Result<R, Failure>, Replace),
) -> Result<(), Failure> {
    loader.leave_work_alone(replace).await?;
    let here = loader.tables(&summary.tables).await?;
    loader.clear(&here).await?;
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

/// Sees that the database takes what has `header`, and makes its tables where there are none.
async fn prepare(services: &Services, header: &Header, replace: Replace) -> Result<(), Failure> {
    let here = schema::status(&services.db).await?;
    if here.iter().any(schema::Migration::is_note_of_filling) {
        return Err(filling::not_whole().into());
    }
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

/// One transaction that fills a database, or a table of it.
struct Loader {
    tx: Tx,
    /// The access counter when it began.
    access: i64,
    table: Table,
    waiting: Vec<Row>,
    bytes: usize,
}

impl Loader {
    async fn begin(services: &Services) -> Result<Self, Failure> {
        let mut tx = services.db.write().await?;
        let access = counters::read(&mut tx).await?.access;
        dump::in_any_order(&mut tx).await?;
        let table = Table { name: String::new(), columns: Vec::new() };
        Ok(Self { tx, access, table, waiting: Vec::new(), bytes: 0 })
    }

    /// Again, now that nobody else writes: somebody may have begun to work while the tables were made.
    async fn leave_work_alone(&mut self, replace: Replace) -> Result<(), Failure> {
        let is_left = replace == Replace::No && store::users::any(&mut self.tx).await?;
        if is_left { Err(work_is_there()) } else { Ok(()) }
    }

    /// The tables here, if they are those of `tables`.
    async fn tables(&mut self, tables: &[TableSum]) -> Result<Vec<Table>, Failure> {
        let here = dump::tables(&mut self.tx).await?;
        let shape = |table: &Table| (table.name.clone(), table.columns.iter().cloned().collect());
        let wanted: BTreeSet<(String, BTreeSet<String>)> =
            tables.iter().map(|sum| shape(&sum.table)).collect();
        if wanted == here.iter().map(shape).collect() {
            return Ok(here);
        }
        Err(Failure::Refused(
            "The tables of the backup are not those of its migrations. Nothing was changed.".into(),
        ))
    }

    /// Of the counters nothing goes before others are there: every write begins with one.
    async fn begin_filling(&mut self, mut here: Vec<Table>, now: Timestamp) -> Result<(), Failure> {
        here.retain(|table| table.name != counters::TABLE);
        self.clear(&here).await?;
        Ok(filling::begin(&mut self.tx, now.micros()).await?)
    }

    async fn clear(&mut self, here: &[Table]) -> Result<(), Failure> {
        for table in here.iter().rev() {
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
            let found = sum_of(&mut self.tx, &table.table).await?;
            if found != *table {
                return Err(Failure::Refused(format!(
                    "The database gives back other rows of {} than were written: {} of {}. None of them was kept.",
                    table.table.name, found.rows, table.rows
                )));
            }
        }
        Ok(())
    }

    /// Makes it last where all went well. Either way the connection is as it was.
    async fn end<T>(mut self, filled: Result<T, Failure>) -> Result<T, Failure> {
        let strict = dump::strict(&mut self.tx).await;
        // What went wrong first is what is told.
        let filled = filled?;
        strict?;
        self.tx.commit().await?;
        Ok(filled)
    }

    /// As [`Self::end`], with permissions that nobody remembers from what was there, whose access counter was `before`.
    async fn end_leaping(mut self, filled: Result<(), Failure>, before: i64) -> Result<(), Failure> {
        let filled = match filled {
            Ok(()) => counters::leap_access(&mut self.tx, before).await.map_err(Failure::from),
            failed => failed,
        };
        self.end(filled).await
    }
}
