//! Opening a database by its URL.

use super::{Db, Error, Result, Writers, replica::Replica};
use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _,
    mysql::{MySqlConnectOptions, MySqlPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::PathBuf, str::FromStr, sync::Arc, time::Duration};

/// How to open a database.
#[derive(Clone, Debug)]
pub struct Options {
    /// `sqlite:PATH` or `mysql://user:password@host:port/name`.
    pub url: String,
    /// A server that follows the one at `url`: `mysql://…`, too. It need not be there yet.
    pub replica: Option<String>,
    /// Connections at the most, of each server (for SQLite: those that read).
    pub connections: u32,
    /// How long a request waits for a free connection, and then for what somebody else holds, before it is told that the
    /// database is busy; where it writes to MySQL, first for its turn.
    pub wait: Duration,
}

impl Options {
    /// Usual sizes: 16 connections, 5 s.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), replica: None, connections: 16, wait: Duration::from_secs(5) }
    }

    /// Whether it names an embedded database that is not there yet; opening would make it.
    pub fn is_missing(&self) -> bool {
        self.file().is_some_and(|file| !file.exists())
    }

    /// The file of an embedded database; `None` on a server.
    pub fn file(&self) -> Option<PathBuf> {
        let options = SqliteConnectOptions::from_str(&self.url).ok()?;
        self.url.starts_with("sqlite:").then(|| options.get_filename().to_owned())
    }
}

impl Db {
    /// Opens the database; an embedded one is made if it is not there.
    ///
    /// # Errors
    /// [`Error::Unreachable`] or [`Error::Unwritable`]; [`Error::Schema`] for a URL that names no engine.
    pub async fn open(options: &Options) -> Result<Self> {
        if options.url.starts_with("sqlite:") {
            open_sqlite(options).await
        } else if options.url.starts_with("mysql:") || options.url.starts_with("mariadb:") {
            open_mysql(options).await
        } else {
            Err(Error::Schema(
                "The database URL must begin with sqlite: or mysql://, as in sqlite:./data/pms.db.".into(),
            ))
        }
    }
}

async fn open_sqlite(options: &Options) -> Result<Db> {
    let base = SqliteConnectOptions::from_str(&options.url)?
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        // FULL, not NORMAL: what was answered survives a power cut, too.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(options.wait)
        .statement_cache_capacity(500)
        // 8 MB for each connection, and nothing mapped: what is mapped counts once for each connection, which made 1.2 GB of
        // a database of 1 GB. That took a tenth more of the processor's time.
        .pragma("cache_size", "-8000")
        .pragma("temp_store", "memory");
    let write = sqlite_pool(1, options.wait).connect_with(base.clone()).await?;
    let read = sqlite_pool(options.connections.max(2), options.wait)
        .connect_lazy_with(base.pragma("query_only", "on"));
    Ok(Db::Sqlite { read, write })
}

fn sqlite_pool(connections: u32, wait: Duration) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(wait)
        // When a write fails for want of room, SQLite has rolled back by itself; the driver's own rollback then fails, and
        // it would believe for ever that a transaction is open. Such a connection makes way for a new one. (The ping before
        // this has waited for rollbacks that were still on their way.)
        .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
}

async fn open_mysql(options: &Options) -> Result<Db> {
    let primary = mysql_pool(options).connect_with(mysql(&options.url)?).await.map_err(refused)?;
    let replica = options.replica.as_deref().map(|url| replica_at(url, options)).transpose()?;
    let writers = Writers::among(primary.options().get_max_connections(), options.wait);
    Ok(Db::MySql { primary, replica: replica.map(Arc::new), writers })
}

/// Without TLS, MySQL's `caching_sha2_password` takes a password by RSA only, whose crate is not released yet; the driver's
/// words for that are of how it was built.
fn refused(error: sqlx::Error) -> Error {
    match &error {
        sqlx::Error::Configuration(inner) if inner.to_string().starts_with("RSA") => Error::Schema(
            "The database takes this account's password only over TLS. Let the database offer TLS (MySQL does by \
             itself), and leave ssl-mode=DISABLED out of its address."
                .into(),
        ),
        _ => error.into(),
    }
}

/// What it does not answer soon is asked of the primary the next time, so no request waits for a lock or a disk there.
fn replica_at(url: &str, options: &Options) -> Result<Replica> {
    let wrong =
        |_| Error::Schema("The replica's URL is not like mysql://user:password@host:3306/name.".into());
    let pool = mysql_pool(options).after_connect(|connection, _| {
        Box::pin(async move {
            connection.execute(SNAPSHOTS).await?;
            connection.execute("SET SESSION lock_wait_timeout = 1").await?;
            // MariaDB's name and MySQL's.
            if connection.execute("SET SESSION max_statement_time = 5").await.is_err() {
                connection.execute("SET SESSION max_execution_time = 5000").await?;
            }
            Ok(())
        })
    });
    Ok(Replica::new(pool.connect_lazy_with(mysql(url).map_err(wrong)?)))
}

/// A year, which is the most that a server takes, in seconds.
const LONGEST_WAIT: u64 = 31_536_000;

/// What reads several statements sees one moment, whatever the server's default is.
const SNAPSHOTS: &str = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ";

fn mysql(url: &str) -> Result<MySqlConnectOptions> {
    Ok(MySqlConnectOptions::from_str(url)?.statement_cache_capacity(500))
}

fn mysql_pool(options: &Options) -> MySqlPoolOptions {
    let text: Arc<str> = format!("{SNAPSHOTS}; {}", waits(options.wait)).into();
    MySqlPoolOptions::new()
        .max_connections(options.connections.max(2))
        .acquire_timeout(options.wait)
        .after_connect(move |connection, _| {
            let text = AssertSqlSafe(text.to_string());
            Box::pin(async move { connection.execute(text).await.map(drop) })
        })
}

/// How long for a row's lock and for a table's. By itself a server waits 50 s for the one and a day for the other, and whoever
/// asked would be gone by then.
fn waits(wait: Duration) -> String {
    let seconds = wait.as_secs().clamp(1, LONGEST_WAIT);
    format!("SET SESSION innodb_lock_wait_timeout = {seconds}, lock_wait_timeout = {seconds}")
}
