//! Two numbers that tell whether anything changed.

use crate::db::{Result, Tx};

/// Where they stand.
pub const TABLE: &str = "counter";

/// The number of the last change to anything people see, and of the last change to who may do what.
#[derive(Clone, Copy, PartialEq, Eq, Debug, sqlx::FromRow)]
pub struct Counters {
    /// Grows with every row of the history: a list with the same number is the same list.
    #[sqlx(rename = "change_value")]
    pub change: i64,
    /// Grows with every change of roles, permissions, memberships or people that may concern several; what concerns one person
    /// alone is counted in their row.
    #[sqlx(rename = "access_value")]
    pub access: i64,
}

impl Counters {
    /// Whether who has these has seen all that `others` count.
    pub const fn reached(self, others: Self) -> bool {
        self.change >= others.change && self.access >= others.access
    }
}

/// Reads both.
pub async fn read(tx: &mut Tx) -> Result<Counters> {
    tx.sql(
        "SELECT c.value AS change_value, a.value AS access_value
         FROM counter c
         JOIN counter a ON a.name = 'access'
         WHERE c.name = 'change'",
    )
    .one()
    .await
}

/// Sets the access counter far beyond what it is and what it was (`before`): what anybody remembers of a state with another
/// history, a page's `ETag` or a person's permissions, fits none that comes.
pub async fn leap_access(tx: &mut Tx, before: i64) -> Result<()> {
    const LEAP: i64 = 1_000_000;
    tx.sql("UPDATE counter SET value = CASE WHEN value > ? THEN value ELSE ? END + ? WHERE name = 'access'")
        .bind(before)
        .bind(before)
        .bind(LEAP)
        .run()
        .await
        .map(drop)
}
