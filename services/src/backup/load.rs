//! Brings the rows of a backup, or of another database, into a database.

use super::{
    Failure, Header, Summary, TableSum,
    content::{Piece, Reader, line_of, verify},
};
use crate::Services;
use std::{collections::BTreeSet, io::BufRead, mem, slice};
use store::{
    Tx,
    counters::{self, Counters},
    dump::{self, Row, Table},
    schema::{
        self, State,
        filling::{self, Filling},
    },
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
    let before = loader.counters.access;
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
/// counts. Nothing else begins to work with `to` until it is whole; broken off, it goes on at the table where it was.
///
/// # Errors
/// [`Failure::Refused`] where it does not fit, and if somebody works at one of them meanwhile.
pub async fn copy(from: &Services, to: &Services, replace: Replace) -> Result<Copied, Failure> {
    schema::check(&from.db).await?;
    let header = Header::of(from, None).await?;
    let begun = filling::begun(&mut to.db.peek().await?).await?;
    match begun {
        None => prepare(to, &header, replace).await?,
        Some(_) if fits(&schema::status(&to.db).await?, &header) => {}
        Some(_) => {
            return Err(Failure::Refused(
                "The new database was begun by another version of PMS. Drop it and make it anew.".into(),
            ));
        }
    }
    let mut tx = from.db.read().await?;
    filling::refuse(&mut tx).await?;
    let mut tables = dump::tables(&mut tx).await?;
    // Each write begins with the counters, so those that are there stay until all else has come.
    let place = tables.iter().position(|table| table.name == counters::TABLE).ok_or_else(other_tables)?;
    let counters = tables.remove(place);
    let (filling, before) = match begun {
        Some(filling) => take_over(to, filling).await?,
        None => announce((from, to), (&tables, &counters), replace).await?,
    };
    let mut moving = Move { tx, to, filling, sums: Vec::new() };
    let kept = moving.look_at_kept(&tables).await?;
    moving.clear(&tables[kept..]).await?;
    for table in tables.into_iter().skip(kept) {
        moving.fill(table).await?;
    }
    let tables = moving.end(from, counters, before).await?;
    Ok(Copied { summary: Summary { header, tables }, kept })
}

/// Says that `to` will be filled, and that what is there counts no more. Gives what its counters were.
async fn announce(
    (from, to): (&Services, &Services),
    (tables, counters): (&[Table], &Table),
    replace: Replace,
) -> Result<(Filling, Counters), Failure> {
    let mut loader = Loader::begin(to).await?;
    let announced = async {
        loader.leave_work_alone(replace).await?;
        loader.tables(tables.iter().chain([counters])).await?;
        Ok(Filling::announce(&mut loader.tx, to.now().micros()).await?)
    };
    let announced = announced.await;
    let mut filling = loader.end(announced).await?;
    let is_the_same = filling::noted(&mut from.db.peek().await?).await? == Some(filling);
    let mut loader = Loader::begin(to).await?;
    let before = loader.counters;
    let begun = async {
        if is_the_same {
            return Ok(filling.end(&mut loader.tx).await?);
        }
        loader.leave_work_alone(replace).await?;
        Ok(filling.begin(&mut loader.tx).await?)
    };
    let begun = begun.await;
    loader.end(begun).await?;
    if is_the_same {
        return Err(Failure::Refused(
            "This is the database that everything is in already. Name another one with --to. Nothing was changed."
                .into(),
        ));
    }
    Ok((filling, before))
}

/// Goes on with what another try has begun, which can't then. Gives what the counters were.
async fn take_over(to: &Services, begun: Filling) -> Result<(Filling, Counters), Failure> {
    let mut loader = Loader::begin(to).await?;
    let before = loader.counters;
    let taken = begun.take_over(&mut loader.tx, to.now().micros()).await;
    Ok((loader.end(taken.map_err(Failure::from)).await?, before))
}

/// From one database to another.
struct Move<'s> {
    /// Of the old one, at one moment.
    tx: Tx,
    to: &'s Services,
    filling: Filling,
    /// Of the tables that are there.
    sums: Vec<TableSum>,
}

impl Move<'_> {
    /// How many of these tables an earlier try has copied as they are now. If they were others, none.
    async fn look_at_kept(&mut self, tables: &[Table]) -> Result<usize, Failure> {
        for table in &tables[..self.filling.done().min(tables.len())] {
            let sum = sum_of(&mut self.tx, table).await?;
            if sum_of(&mut self.to.db.read().await?, table).await? != sum {
                // It is of another moment than what is to come.
                self.sums.clear();
                let mut loader = Loader::begin(self.to).await?;
                let begun = self.filling.begin(&mut loader.tx).await;
                loader.end(begun.map_err(Failure::from)).await?;
                break;
            }
            self.sums.push(sum);
        }
        Ok(self.sums.len())
    }

    /// Children first, each by itself: all at once may be more than a cluster takes.
    async fn clear(&self, tables: &[Table]) -> Result<(), Failure> {
        for table in tables.iter().rev() {
            let mut loader = Loader::begin(self.to).await?;
            let cleared = match self.filling.hold(&mut loader.tx).await {
                Ok(()) => dump::clear(&mut loader.tx, table).await,
                refused => refused,
            };
            loader.end(cleared.map_err(Failure::from)).await?;
        }
        Ok(())
    }

    async fn fill(&mut self, table: Table) -> Result<(), Failure> {
        let mut loader = Loader::begin(self.to).await?;
        let filled = async {
            let sum = loader.copy(&mut self.tx, table).await?;
            self.filling.go_on(&mut loader.tx).await?;
            Ok(sum)
        };
        let filled = filled.await;
        self.sums.push(loader.end(filled).await?);
        Ok(())
    }

    /// Fills the counters, with which all of it counts, if nobody has worked at either database: `before` the new one's were
    /// these.
    async fn end(
        mut self,
        from: &Services,
        table: Table,
        before: Counters,
    ) -> Result<Vec<TableSum>, Failure> {
        let copied = counters::read(&mut self.tx).await?;
        if counters::read(&mut from.db.peek().await?).await? != copied {
            return Err(still_at_work("old"));
        }
        let mut loader = Loader::begin(self.to).await?;
        let filled = async {
            if loader.counters != before {
                return Err(still_at_work("new"));
            }
            dump::clear(&mut loader.tx, &table).await?;
            let sum = loader.copy(&mut self.tx, table).await?;
            self.filling.end(&mut loader.tx).await?;
            Ok(sum)
        };
        let filled = filled.await;
        self.sums.push(loader.end_leaping(filled, before.access).await?);
        Ok(self.sums)
    }
}

fn still_at_work(which: &str) -> Failure {
    Failure::Refused(format!(
        "Somebody worked in the {which} database while it was copied. Stop every server on it and run this again. Nothing \
         begins to work with the new one until then."
    ))
}

fn other_tables() -> Failure {
    Failure::Refused("The tables of the backup are not those of its migrations. Nothing was changed.".into())
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

async fn fill<R: BufRead>(
    loader: &mut Loader,
    summary: &Summary,
    (open, replace): (&impl Fn() -> Result<R, Failure>, Replace),
) -> Result<(), Failure> {
    filling::refuse(&mut loader.tx).await?;
    loader.leave_work_alone(replace).await?;
    let here = loader.tables(summary.tables.iter().map(|sum| &sum.table)).await?;
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
    filling::refuse(&mut services.db.peek().await?).await?;
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
    if !fits(&here, header) {
        return Err(Failure::Refused(
            "The tables here are of another version than those of the backup. Restore it into an empty database: \
             PMS then brings it to this version."
                .into(),
        ));
    }
    if replace == Replace::No && !is_empty { Err(work_is_there()) } else { Ok(()) }
}

/// Whether the tables here are those of `header`.
fn fits(here: &[schema::Migration], header: &Header) -> bool {
    let half = |it: &schema::Migration| matches!(it.state, State::Half | State::HalfBack);
    let wanted = |it: &schema::Migration| header.migrations.contains(&it.full_name());
    here.iter().all(|it| (it.state == State::Applied) == wanted(it) && !half(it))
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
    /// When it began.
    counters: Counters,
    table: Table,
    waiting: Vec<Row>,
    bytes: usize,
}

impl Loader {
    async fn begin(services: &Services) -> Result<Self, Failure> {
        let mut tx = services.db.write().await?;
        let counters = counters::read(&mut tx).await?;
        dump::in_any_order(&mut tx).await?;
        let table = Table { name: String::new(), columns: Vec::new() };
        Ok(Self { tx, counters, table, waiting: Vec::new(), bytes: 0 })
    }

    /// Again, now that nobody else writes: somebody may have begun to work while the tables were made.
    async fn leave_work_alone(&mut self, replace: Replace) -> Result<(), Failure> {
        let is_left = replace == Replace::No && store::users::any(&mut self.tx).await?;
        if is_left { Err(work_is_there()) } else { Ok(()) }
    }

    /// The tables here, if they are those of `tables`.
    async fn tables(&mut self, tables: impl Iterator<Item = &Table>) -> Result<Vec<Table>, Failure> {
        let here = dump::tables(&mut self.tx).await?;
        let shape = |table: &Table| (table.name.clone(), table.columns.iter().cloned().collect());
        let wanted: BTreeSet<(String, BTreeSet<String>)> = tables.map(shape).collect();
        if wanted == here.iter().map(shape).collect() { Ok(here) } else { Err(other_tables()) }
    }

    async fn clear(&mut self, here: &[Table]) -> Result<(), Failure> {
        for table in here.iter().rev() {
            dump::clear(&mut self.tx, table).await?;
        }
        Ok(())
    }

    /// Puts into an empty table what `from` has, and reads it again.
    async fn copy(&mut self, from: &mut Tx, table: Table) -> Result<TableSum, Failure> {
        let mut sum = TableSum::new(table.clone());
        self.table(&table);
        dump::each_row(from, &table, async |row: Row| {
            sum.add(&line_of(&row));
            self.row(row).await
        })
        .await?;
        self.flush().await?;
        self.look(slice::from_ref(&sum)).await?;
        Ok(sum)
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
    async fn end_leaping<T>(mut self, filled: Result<T, Failure>, before: i64) -> Result<T, Failure> {
        let filled = match filled {
            Ok(filled) => {
                counters::leap_access(&mut self.tx, before).await.map(|()| filled).map_err(Failure::from)
            }
            failed => failed,
        };
        self.end(filled).await
    }
}
