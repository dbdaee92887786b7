//! A database that is being filled with what another one has, one table after the other. The note of it looks like a
//! migration that no version of PMS knows, so that none takes it for whole, older ones neither.

use crate::db::{Error, Result, Tx};

/// No migration has this number.
pub(super) const VERSION: i64 = 0;
const NAME: &str = "pms_move";

/// How many tables it has so far; `None` where it is not being filled.
pub async fn done(tx: &mut Tx) -> Result<Option<i64>> {
    let noted = tx.sql("SELECT statements FROM schema_migration WHERE version = ?").bind(VERSION).optional();
    Ok(noted.await?.map(|(done,): (i64,)| done))
}

/// It is being filled from now on, and has no table yet, or none any more. `now`: microseconds since 1970.
pub async fn begin(tx: &mut Tx, now: i64) -> Result<()> {
    end(tx).await?;
    tx.sql("INSERT INTO schema_migration (version, name, statements, finished, applied_at) VALUES (?, ?, 0, FALSE, ?)")
        .bind(VERSION)
        .bind(NAME)
        .bind(now)
        .run()
        .await
        .map(drop)
}

/// It has one table more than `done`.
///
/// # Errors
/// [`Error::Schema`] if somebody else got on with it meanwhile.
pub async fn go_on(tx: &mut Tx, done: i64) -> Result<()> {
    let noted = tx
        .sql("UPDATE schema_migration SET statements = statements + 1 WHERE version = ? AND statements = ?")
        .bind(VERSION)
        .bind(done)
        .run()
        .await?;
    if noted == 1 {
        return Ok(());
    }
    Err(Error::Schema("Another pms move fills this database, too. Let one of them end.".into()))
}

/// It has all of them.
pub async fn end(tx: &mut Tx) -> Result<()> {
    tx.sql("DELETE FROM schema_migration WHERE version = ?").bind(VERSION).run().await.map(drop)
}

/// Why nothing else may work with it.
pub fn not_whole() -> Error {
    Error::Schema(
        "This database is not whole: pms move fills it, or was broken off while it did. Run the same pms move again, and it \
         goes on where it was; or drop this database and make it anew."
            .into(),
    )
}
