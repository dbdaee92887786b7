//! Two engines behind one interface. Nothing outside this folder knows which one it talks to, except through
//! [`Dialect`]. The rules that keep one SQL source valid on both are in `docs/adr/0002-two-engines.md`.

mod alone;
mod copy;
mod dialect;
mod error;
mod held;
mod open;
mod replica;
mod sql;
mod statement;
mod timed;
mod traced;
mod tx;
mod writers;

pub use dialect::Dialect;
pub use error::{Error, Result};
pub use open::Options;
pub use replica::{Following, Replication};
pub use sql::Sql;
pub use statement::{Record, Statement, Value};
pub use timed::{Durations, statement_times, wait_times};
pub use traced::TRACES;
pub use tx::Tx;
pub use writers::Writers;

use replica::Replica;
use sqlx::{MySqlPool, SqlitePool};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// An open database.
#[derive(Clone, Debug)]
pub enum Db {
    /// An embedded file: many readers, one writer.
    Sqlite {
        /// Connections that only read.
        read: SqlitePool,
        /// The one connection that writes.
        write: SqlitePool,
    },
    /// A MySQL or MariaDB server.
    MySql {
        /// Where everything is written, and read by whom it matters.
        primary: MySqlPool,
        /// What follows it; see [`Db::read_replica`].
        replica: Option<Arc<Replica>>,
        /// Who may wait there to write what people see.
        writers: Writers,
    },
}

impl Db {
    /// Which engine it is.
    pub const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite { .. } => Dialect::Sqlite,
            Self::MySql { .. } => Dialect::MySql,
        }
    }

    /// Connections that are open, and how many of them nobody uses.
    pub fn connections(&self) -> (u32, u32) {
        let idle = |idle: usize| u32::try_from(idle).unwrap_or(u32::MAX);
        match self {
            Self::Sqlite { read, write } => {
                (read.size() + write.size(), idle(read.num_idle() + write.num_idle()))
            }
            Self::MySql { primary, .. } => (primary.size(), idle(primary.num_idle())),
        }
    }

    /// Closes every connection; waits a while for those in use.
    pub async fn close(&self) {
        let closing = async {
            match self {
                Self::Sqlite { read, write } => {
                    read.close().await;
                    write.close().await;
                }
                Self::MySql { primary, replica, .. } => {
                    primary.close().await;
                    if let Some(replica) = replica {
                        replica.pool().close().await;
                    }
                }
            }
        };
        if tokio::time::timeout(CLOSING, closing).await.is_err() {
            tracing::warn!("a connection to the database did not come back and is left to the server");
        }
    }
}

/// How long connections in use are waited for at the end.
const CLOSING: std::time::Duration = std::time::Duration::from_secs(5);

static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// How many statements this process has run so far: tests and benchmarks take differences of it.
pub fn statements_run() -> u64 {
    STATEMENTS.load(Ordering::Relaxed)
}

fn count_statement() {
    STATEMENTS.fetch_add(1, Ordering::Relaxed);
}
