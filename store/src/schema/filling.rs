//! A database that is being filled with what another one has, one table after the other. The note of it stands among the
//! migrations, where older versions take it for one that they do not know: so none takes the database for whole.

use super::recorded;
use crate::db::{Error, Result, Tx};

/// No migration has this number.
pub(super) const VERSION: i64 = 0;
const NAME: &str = "pms_move";
/// Nothing was changed yet.
const ANNOUNCED: i64 = -1;

/// One try at filling a database. A later one takes it over, and then this one can't go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filling {
    by: i64,
    done: i64,
}

impl Filling {
    /// Says that it will be filled, and changes nothing else. `by` is no other try's: microseconds since 1970.
    ///
    /// # Errors
    /// [`Error::Schema`] if another try has begun.
    pub async fn announce(tx: &mut Tx, by: i64) -> Result<Self> {
        refuse(tx).await?;
        tx.sql("DELETE FROM schema_migration WHERE version = ?").bind(VERSION).run().await?;
        tx.sql(
            "INSERT INTO schema_migration (version, name, statements, finished, applied_at)
             VALUES (?, ?, ?, FALSE, ?)",
        )
        .bind(VERSION)
        .bind(NAME)
        .bind(ANNOUNCED)
        .bind(by)
        .run()
        .await?;
        Ok(Self { by, done: ANNOUNCED })
    }

    /// Goes on with what another try has begun.
    ///
    /// # Errors
    /// [`Error::Schema`] if that got on with it meanwhile.
    pub async fn take_over(self, tx: &mut Tx, by: i64) -> Result<Self> {
        let text = "UPDATE schema_migration SET applied_at = ? WHERE version = ? AND statements = ? AND applied_at = ?";
        let taken = tx.sql(text).bind(by).bind(VERSION).bind(self.done).bind(self.by).run().await?;
        if taken == 1 { Ok(Self { by, ..self }) } else { Err(another()) }
    }

    /// How many tables are there.
    pub fn done(&self) -> usize {
        usize::try_from(self.done).unwrap_or(0)
    }

    /// No table counts, or none any more: what is there has to be cleared.
    ///
    /// # Errors
    /// [`Error::Schema`] if another try has taken over, as for all that follow.
    pub async fn begin(&mut self, tx: &mut Tx) -> Result<()> {
        let text = "UPDATE schema_migration SET statements = 0 WHERE version = ? AND statements = ? AND applied_at = ?";
        self.alone(tx, text).await?;
        self.done = 0;
        Ok(())
    }

    /// Sees that no other try has taken over.
    pub async fn hold(&self, tx: &mut Tx) -> Result<()> {
        let text = "UPDATE schema_migration SET finished = FALSE WHERE version = ? AND statements = ? AND applied_at = ?";
        self.alone(tx, text).await
    }

    /// One more table is there.
    pub async fn go_on(&mut self, tx: &mut Tx) -> Result<()> {
        let text = "UPDATE schema_migration SET statements = statements + 1
             WHERE version = ? AND statements = ? AND applied_at = ?";
        self.alone(tx, text).await?;
        self.done += 1;
        Ok(())
    }

    /// All is there, or nothing is to be changed after all.
    pub async fn end(self, tx: &mut Tx) -> Result<()> {
        let text = "DELETE FROM schema_migration WHERE version = ? AND statements = ? AND applied_at = ?";
        self.alone(tx, text).await
    }

    async fn alone(&self, tx: &mut Tx, text: &'static str) -> Result<()> {
        let noted = tx.sql(text).bind(VERSION).bind(self.done).bind(self.by).run().await?;
        if noted == 1 { Ok(()) } else { Err(another()) }
    }
}

fn another() -> Error {
    Error::Schema("Another pms move fills this database. Let that one end.".into())
}

/// The try at filling this database that was announced or begun last, if it did not come to its end.
pub async fn noted(tx: &mut Tx) -> Result<Option<Filling>> {
    if !recorded(tx).await?.iter().any(|row| row.version == VERSION) {
        return Ok(None);
    }
    let row = tx.sql("SELECT applied_at, statements FROM schema_migration WHERE version = ?").bind(VERSION);
    Ok(row.optional::<(i64, i64)>().await?.map(|(by, done)| Filling { by, done }))
}

/// The same, if the database is not whole for it.
pub async fn begun(tx: &mut Tx) -> Result<Option<Filling>> {
    Ok(noted(tx).await?.filter(|filling| filling.done != ANNOUNCED))
}

/// Lets nothing else work with a database that is not whole.
///
/// # Errors
/// [`Error::Schema`] that says what to do.
pub async fn refuse(tx: &mut Tx) -> Result<()> {
    match begun(tx).await? {
        None => Ok(()),
        Some(_) => Err(Error::Schema(
            "This database is not whole: pms move fills it, or was broken off while it did. Run the same pms move again, \
             and it goes on where it was; or drop this database and make it anew."
                .into(),
        )),
    }
}
