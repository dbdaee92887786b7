//! What the engine knows of its tables when it chooses how to read them.

use crate::db::{Dialect, Result, Tx};

/// Lets the embedded engine look again at what its tables hold, where that has changed much: without, it takes a column
/// that is the same in all rows for one that finds a few. It looks at some rows of each index, which takes milliseconds.
/// A database server does so by itself.
pub async fn learn(tx: &mut Tx) -> Result<()> {
    if tx.dialect() == Dialect::Sqlite {
        tx.sql("PRAGMA analysis_limit = 1000").run().await?;
        tx.sql("PRAGMA optimize(0x10002)").run().await?;
    }
    Ok(())
}
