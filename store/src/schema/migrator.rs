//! Changing the schema, one program at a time.

use super::{
    Migration, Migrations, Recorded, State, ensure_table, files::Step, filling, recorded, refuse_newer,
    states, taken_back_half,
};
use crate::db::{Db, Dialect, Error, Result, Sql, Tx};
use std::{collections::BTreeMap, time::Duration};

/// Added to the number of a migration's statements that are done, where the next one was refused because something else has
/// the name of what it makes (MySQL only): the next try must not take that for its own.
const NAME_TAKEN: i64 = 1 << 32;

/// The only one that changes this database's schema, for as long as it is there: others wait in [`Migrator::begin`].
/// Dropped, or when its program dies, it makes room for the next.
///
/// On SQLite all that it does is one transaction. MySQL commits each schema statement by itself, so there each one is noted
/// when it is done, and the next [`Migrator`] goes on after it.
pub struct Migrator {
    tx: Tx,
    migrations: Migrations,
}

impl Migrator {
    /// Waits until no other program changes the schema, but not longer than `wait`. If it has to wait, `waiting` is
    /// told so first.
    ///
    /// # Errors
    /// [`Error::Schema`] that says who is at it and what to do, when they are not done in that time; or that the database is
    /// not whole.
    pub async fn begin(
        db: &Db,
        migrations: Migrations,
        wait: Duration,
        waiting: impl FnOnce(),
    ) -> Result<Self> {
        let mut tx = db.alone(wait, waiting).await?;
        ensure_table(&mut tx).await?;
        filling::refuse(&mut tx).await?;
        Ok(Self { tx, migrations })
    }

    /// What is left to do, now that nobody else does it.
    ///
    /// # Errors
    /// [`Error::Schema`] if the database is newer than the program.
    pub async fn pending(&mut self) -> Result<Vec<Migration>> {
        let mut all = states(&mut self.tx, &self.migrations).await?;
        refuse_newer(&all)?;
        all.retain(|migration| migration.state != State::Applied);
        Ok(all)
    }

    /// Applies what is pending, but nothing newer than the migration with the number `newest`; gives the names of what was
    /// applied. `now`: microseconds since 1970.
    ///
    /// # Errors
    /// [`Error::Schema`] if the database is newer than the program, or a migration can't be done. SQLite is then as it was
    /// before; MySQL keeps what was done.
    pub async fn up(mut self, newest: i64, now: i64) -> Result<Vec<String>> {
        filling::refuse(&mut self.tx).await?;
        refuse_newer(&states(&mut self.tx, &self.migrations).await?)?;
        let rows = recorded(&mut self.tx).await?;
        let rows: BTreeMap<i64, Recorded> = rows.into_iter().map(|row| (row.version, row)).collect();
        let mut applied = Vec::new();
        for step in self.migrations.clone().steps().iter().take_while(|step| step.version <= newest) {
            match rows.get(&step.version) {
                Some(row) if row.finished => continue,
                Some(row) if row.statements < 0 => return Err(taken_back_half(step.version, &step.name)),
                Some(row) => self.apply(step, Some(row.statements)).await?,
                None => {
                    self.note_begun(step, now).await?;
                    self.apply(step, None).await?;
                }
            }
            applied.push(format!("{:04} {}", step.version, step.name));
        }
        self.tx.commit().await?;
        Ok(applied)
    }

    /// Takes back the newest `count` migrations with all the data in their tables; gives their names.
    ///
    /// # Errors
    /// [`Error::Schema`] if one of them is not known to this program, or can't be taken back.
    pub async fn down(mut self, count: usize) -> Result<Vec<String>> {
        // It may have been begun while a backup was made.
        filling::refuse(&mut self.tx).await?;
        let rows = recorded(&mut self.tx).await?;
        let mut undone = Vec::new();
        let migrations = rows.into_iter().filter(|row| row.version != filling::VERSION);
        for row in migrations.rev().take(count) {
            let known = self.migrations.steps().iter().find(|step| step.version == row.version).cloned();
            let step = known.ok_or_else(|| {
                Error::Schema(format!(
                    "Migration {:04} {} is of a newer version of PMS; take it back with that version.",
                    row.version, row.name
                ))
            })?;
            self.take_back(&step, row.statements).await?;
            undone.push(format!("{:04} {}", step.version, step.name));
        }
        self.tx.commit().await?;
        Ok(undone)
    }

    /// Runs the statements of `step`; `noted`: what an earlier try has noted of them.
    async fn apply(&mut self, step: &Step, noted: Option<i64>) -> Result<()> {
        let name_taken = noted.is_some_and(|noted| noted >= NAME_TAKEN);
        let skip = usize::try_from(noted.unwrap_or(0) % NAME_TAKEN).unwrap_or(0);
        for (place, statement) in step.up.iter().enumerate().skip(skip) {
            // The try that was cut off may have done this one without having noted it.
            let twice = noted.is_some() && !name_taken && place == skip;
            let note = i64::try_from(place + 1).unwrap_or(i64::MAX);
            if let Err(error) = self.run(step.version, (statement, twice), note).await {
                if error.is_done_already() {
                    self.note(step.version, NAME_TAKEN + note - 1).await?;
                }
                return Err(self.stopped((step, place + 1, step.up.len()), "up", error));
            }
        }
        self.tx
            .sql("UPDATE schema_migration SET finished = ? WHERE version = ?")
            .bind(true)
            .bind(step.version)
            .run()
            .await
            .map(drop)
    }

    /// Runs the statements that take `step` back. Below zero, `noted` counts those that an earlier try has done, and one
    /// more, so that none is different from not begun.
    async fn take_back(&mut self, step: &Step, noted: i64) -> Result<()> {
        let skip = usize::try_from(-(noted + 1)).unwrap_or(0);
        if noted >= 0 {
            self.note_taking_back(step).await?;
        }
        for (place, statement) in step.down.iter().enumerate().skip(skip) {
            // Also what never came, where the way up was cut off.
            let note = -i64::try_from(place + 2).unwrap_or(i64::MAX);
            self.run(step.version, (statement, true), note)
                .await
                .map_err(|error| self.stopped((step, place + 1, step.down.len()), "down --yes", error))?;
        }
        self.tx.sql("DELETE FROM schema_migration WHERE version = ?").bind(step.version).run().await.map(drop)
    }

    /// Runs a statement and notes how far its migration is with it. Where it may be `twice`, what is there already is no
    /// fault.
    async fn run(&mut self, version: i64, (statement, twice): (&str, bool), note: i64) -> Result<()> {
        let apart = self.tx.dialect() == Dialect::MySql;
        if apart {
            // Rows that a migration writes count together with the note of it.
            self.tx.sql("START TRANSACTION").run_raw().await?;
        }
        match self.tx.run_schema(statement).await {
            Err(error) if !(twice && error.is_done_already()) => return Err(error),
            _ => {}
        }
        self.note(version, note).await?;
        if apart { self.tx.sql("COMMIT").run_raw().await } else { Ok(()) }
    }

    /// Notes how far a migration is.
    async fn note(&mut self, version: i64, statements: i64) -> Result<()> {
        self.tx
            .sql("UPDATE schema_migration SET statements = ? WHERE version = ?")
            .bind(statements)
            .bind(version)
            .run()
            .await
            .map(drop)
    }

    async fn note_begun(&mut self, step: &Step, now: i64) -> Result<()> {
        self.tx
            .sql(
                "INSERT INTO schema_migration (version, name, statements, finished, applied_at)
                 VALUES (?, ?, 0, ?, ?)",
            )
            .bind(step.version)
            .bind(step.name.clone())
            .bind(false)
            .bind(now)
            .run()
            .await
            .map(drop)
    }

    async fn note_taking_back(&mut self, step: &Step) -> Result<()> {
        self.tx
            .sql("UPDATE schema_migration SET statements = -1, finished = ? WHERE version = ?")
            .bind(false)
            .bind(step.version)
            .run()
            .await
            .map(drop)
    }

    /// What the engine refused, told with its place. A database that is busy, full or gone says what to do by itself.
    fn stopped(&self, (step, number, of): (&Step, usize, usize), command: &str, error: Error) -> Error {
        if !matches!(error, Error::Driver(_) | Error::Taken(_) | Error::Dangling(_)) {
            return error;
        }
        let begin = format!(
            "Migration {:04} {} stopped at statement {number} of {of}: {}.",
            step.version,
            step.name,
            error.for_log()
        );
        Error::Schema(match self.tx.dialect() {
            Dialect::Sqlite => {
                format!("{begin} Nothing was changed. Go on with the version of PMS that you had.")
            }
            Dialect::MySql => format!(
                "{begin} What was done before it is kept and noted. Put right what it names and go on there with: \
                 pms migrate {command}. Or restore the backup from before."
            ),
        })
    }
}

impl Tx {
    /// Runs a statement of a migration file, with what the engine needs at the end of a `CREATE TABLE`.
    async fn run_schema(&mut self, statement: &str) -> Result<()> {
        let mut statement = statement.to_owned();
        if statement.starts_with("CREATE TABLE") {
            statement.push_str(self.dialect().table_suffix());
        }
        let sql = Sql::of_migration(self.dialect(), statement);
        self.build(sql).run_raw().await
    }
}
