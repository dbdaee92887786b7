//! What `pms doctor` looks at and puts right besides dependencies.

use crate::Services;
use domain::Result;
use store::doctor::{self, Off};

/// Rows of one transaction of a repair.
const PIECE: i64 = 500;

/// The first few thousand rows whose kept numbers are off; changes nothing.
///
/// # Errors
/// What the database says.
pub async fn off(services: &Services) -> Result<Off> {
    Ok(doctor::off(&mut services.db.read().await?, 5_000).await?)
}

/// Counts anew wherever the kept numbers are off, a piece at a time; gives how many rows were put right.
///
/// # Errors
/// What the database says.
pub async fn recount(services: &Services) -> Result<usize> {
    let mut repaired = 0;
    loop {
        let mut tx = services.db.write().await?;
        let off = doctor::off(&mut tx, PIECE).await?;
        if off.is_empty() {
            return Ok(repaired);
        }
        doctor::recount(&mut tx, &off).await?;
        // Whoever has an old list must not be told that it is still as it was.
        tx.bump_access();
        tx.commit().await?;
        let (projects, columns, tasks) = off.counts();
        repaired += projects + columns + tasks;
    }
}
