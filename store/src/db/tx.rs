//! Transactions. Dropped without a commit, they leave nothing behind.

use super::{
    Db, Dialect, Result, Sql, Statement,
    held::Held,
    replica::Replica,
    timed::{self, Kind, Turn},
    traced,
};
use crate::counters::{self, Counters};
use sqlx::{MySqlConnection, Sqlite, SqliteConnection, Transaction, pool::PoolConnection};
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;

/// A transaction, or (from [`Db::peek`]) a connection on which each statement stands for itself.
pub struct Tx {
    inner: Inner,
    changes: Changes,
    /// Who has to know what was committed.
    replica: Option<Arc<Replica>>,
    /// Of one that waits for others at MySQL.
    _turn: Option<OwnedSemaphorePermit>,
}

pub(super) enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    SqlitePeek(PoolConnection<Sqlite>),
    MySql(Held),
}

pub(super) enum Conn<'t> {
    Sqlite(&'t mut SqliteConnection),
    MySql(&'t mut MySqlConnection),
}

/// The numbers given to changes: `last` grows by one for each row of the history.
#[derive(Default)]
struct Changes {
    ordered: bool,
    first: i64,
    last: i64,
    /// Whether anybody's permissions may have changed.
    access: bool,
    /// Whether somebody's have, whose row says so.
    own_access: bool,
}

/// In a write, checks must see what was committed while it waited for the counter's lock. One text, so that the level
/// holds for this transaction and for nothing else that the connection does.
const BEGIN_READ_COMMITTED: &str = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION";

impl Db {
    /// Begins a transaction that only reads: every statement sees the same moment.
    pub async fn read(&self) -> Result<Tx> {
        let _waiting = timed::waiting(Turn::Read);
        let begun = async {
            Ok(match self {
                Self::Sqlite { read, .. } => Inner::Sqlite(read.begin().await?),
                Self::MySql { primary, .. } => Inner::MySql(
                    Held::begin(primary, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY").await?,
                ),
            })
        };
        Ok(Tx::of(traced::step(self.dialect(), "BEGIN").watch(begun).await?))
    }

    /// A connection for a single read, without the cost of a transaction around it.
    pub async fn peek(&self) -> Result<Tx> {
        let _waiting = timed::waiting(Turn::Read);
        let connected = async {
            Ok(match self {
                Self::Sqlite { read, .. } => Inner::SqlitePeek(read.acquire().await?),
                Self::MySql { primary, .. } => Inner::MySql(Held::of(primary.acquire().await?)),
            })
        };
        Ok(Tx::of(traced::step(self.dialect(), "connection").watch(connected).await?))
    }

    /// Begins a transaction that writes what people see. Such transactions run one after the other on both
    /// engines (SQLite by `BEGIN IMMEDIATE`, MySQL by the lock on the change counter), so checks made inside
    /// hold until the commit, nothing deadlocks, and the history's numbers become visible in their order.
    pub async fn write(&self) -> Result<Tx> {
        let _waiting = timed::waiting(Turn::Write);
        let turn = match self {
            Self::Sqlite { .. } => None,
            Self::MySql { writers, .. } => {
                Some(traced::step(self.dialect(), "turn").watch(writers.turn()).await?)
            }
        };
        let mut tx = Tx { _turn: turn, ..self.begin_writing().await? };
        let text = match self.dialect() {
            Dialect::Sqlite => "SELECT value FROM counter WHERE name = 'change'",
            Dialect::MySql => "SELECT value FROM counter WHERE name = 'change' FOR UPDATE",
        };
        let (value,): (i64,) = tx.sql(text).waiting_for_turn().one().await?;
        tx.changes = Changes { ordered: true, first: value, last: value, ..Changes::default() };
        Ok(tx)
    }

    /// Begins a transaction that writes bookkeeping nobody lists (sessions, attempts, idempotency): outside the
    /// order of changes, it must touch one row, or rows of one owner only.
    pub async fn write_aside(&self) -> Result<Tx> {
        let _waiting = timed::waiting(Turn::Write);
        self.begin_writing().await
    }

    /// Without noting how long it took.
    async fn begin_writing(&self) -> Result<Tx> {
        let begun = async {
            Ok(match self {
                Self::Sqlite { write, .. } => Inner::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
                Self::MySql { primary, .. } => {
                    Inner::MySql(Held::begin(primary, BEGIN_READ_COMMITTED).await?)
                }
            })
        };
        let begun = traced::step(self.dialect(), "BEGIN").watch(begun).await?;
        Ok(Tx { replica: self.replica().cloned(), ..Tx::of(begun) })
    }
}

impl Tx {
    pub(super) fn of(inner: Inner) -> Self {
        Self { inner, changes: Changes::default(), replica: None, _turn: None }
    }

    /// A statement with its text in the source code.
    pub fn sql(&mut self, text: &'static str) -> Statement<'_> {
        Statement::fixed(self, text)
    }

    /// A statement that was put together.
    pub fn build(&mut self, sql: Sql) -> Statement<'_> {
        Statement::built(self, sql)
    }

    /// Begins putting a statement together.
    pub fn compose(&self, text: &'static str) -> Sql {
        Sql::new(self.dialect(), text)
    }

    /// Which engine it is.
    pub const fn dialect(&self) -> Dialect {
        match self.inner {
            Inner::Sqlite(_) | Inner::SqlitePeek(_) => Dialect::Sqlite,
            Inner::MySql(_) => Dialect::MySql,
        }
    }

    /// The number of the next change. Only in a transaction of [`Db::write`].
    pub fn next_change(&mut self) -> i64 {
        debug_assert!(self.changes.ordered, "changes are numbered in Db::write only");
        self.changes.last += 1;
        self.changes.last
    }

    /// Says that somebody's permissions may have changed: every cached answer about them is void from the commit on.
    pub const fn bump_access(&mut self) {
        self.changes.access = true;
    }

    /// Says that the permissions of somebody change, whose row says so already.
    pub(crate) const fn tell_access(&mut self) {
        self.changes.own_access = true;
    }

    /// Whether anybody's permissions change: who listens for long asks for their own again.
    pub const fn bumps_access(&self) -> bool {
        self.changes.access || self.changes.own_access
    }

    /// Makes it all last.
    pub async fn commit(mut self) -> Result<()> {
        let written = self.count().await?;
        let dialect = self.dialect();
        let committed = async {
            match self.inner {
                Inner::Sqlite(transaction) => Ok(transaction.commit().await?),
                Inner::MySql(held) => held.commit().await,
                Inner::SqlitePeek(_) => Ok(()),
            }
        };
        let timer = timed::running(Kind::Commit);
        traced::step(dialect, "COMMIT").watch(committed).await?;
        drop(timer);
        if let (Some(replica), Some(written)) = (self.replica, written) {
            replica.note(written);
        }
        Ok(())
    }

    /// Moves the counters on, in one statement; what they are then, if there is a replica that has to reach them.
    async fn count(&mut self) -> Result<Option<Counters>> {
        let Changes { first, last, access, .. } = self.changes;
        let update = match (first != last, access) {
            (false, false) => return Ok(None),
            (true, false) => self.sql("UPDATE counter SET value = ? WHERE name = 'change'").bind(last),
            (false, true) => self.sql("UPDATE counter SET value = value + 1 WHERE name = 'access'"),
            (true, true) => self
                .sql("UPDATE counter SET value = CASE name WHEN 'change' THEN ? ELSE value + 1 END WHERE name IN ('change', 'access')")
                .bind(last),
        };
        update.run().await?;
        Ok(match (&self.replica, access) {
            (None, _) => None,
            (Some(_), false) => Some(Counters { change: last, access: 0 }),
            // Which number it is, only the row knows.
            (Some(_), true) => Some(counters::read(self).await?),
        })
    }

    /// A statement begins (`true`) or has ended. Dropped in between, its connection is not used again.
    pub(super) fn in_flight(&mut self, is: bool) {
        if let Inner::MySql(held) = &mut self.inner {
            held.set_busy(is);
        }
    }

    /// A statement was refused, or its answer did not come.
    pub(super) fn failed(&self) {
        if let Inner::MySql(held) = &self.inner {
            held.failed();
        }
    }

    pub(super) fn conn(&mut self) -> Conn<'_> {
        match &mut self.inner {
            Inner::Sqlite(transaction) => Conn::Sqlite(transaction),
            Inner::SqlitePeek(connection) => Conn::Sqlite(connection),
            Inner::MySql(held) => Conn::MySql(held.connection()),
        }
    }
}
