//! A connection to MySQL out of the pool, which only goes back to it in order.

use super::{Error, Result};
use sqlx::{
    Executor as _, MySql, MySqlConnection, MySqlPool, SqlSafeStr, mysql::MySqlRow, pool::PoolConnection,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{runtime::Handle, time::timeout};

/// How long a server may take to forget a transaction, before its connection is closed.
const FORGETTING: Duration = Duration::from_secs(5);

/// How long a statement was waited for in vain, if that was the server's fault and not that nobody wanted its answer any more.
const IN_VAIN: Duration = Duration::from_secs(2);

/// How often statements failed, or were waited for in vain.
#[derive(Clone, Debug, Default)]
pub(super) struct Failures(Arc<AtomicU64>);

impl Failures {
    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The driver forgets what it still has to read when a statement is dropped while it is prepared. The pool would wait for
/// ever for what never comes, and have one connection less. So a connection that is given up in the middle of a statement
/// (its request is gone) is closed, and the server takes back what it had begun.
pub(super) struct Held {
    /// Always there, but for the end of it.
    connection: Option<PoolConnection<MySql>>,
    /// Since when a statement is sent whose answer was not read to its end.
    busy: Option<Instant>,
    /// Whether a transaction has begun.
    open: bool,
    failures: Option<Failures>,
}

impl Held {
    pub(super) const fn of(connection: PoolConnection<MySql>) -> Self {
        Self { connection: Some(connection), busy: None, open: false, failures: None }
    }

    /// With a transaction that `text` begins.
    pub(super) async fn begin(pool: &MySqlPool, text: &'static str) -> Result<Self> {
        let mut held = Self::of(pool.acquire().await?);
        held.run(text).await?;
        held.open = true;
        Ok(held)
    }

    /// A transaction that `text` begins, and the row that it reads with it.
    pub(super) async fn begin_reading(&mut self, text: &'static str) -> Result<MySqlRow> {
        self.open = true;
        self.row(text).await
    }

    /// The row that must be there.
    pub(super) async fn row(&mut self, text: impl SqlSafeStr + Send + 'static) -> Result<MySqlRow> {
        self.set_busy(true);
        let rows = self.connection().fetch_all(text).await?;
        self.set_busy(false);
        rows.into_iter().next().ok_or_else(|| Error::Corrupt("a row that always exists is not there".into()))
    }

    /// Counts there from now on what fails.
    pub(super) fn counts_failures(&mut self, failures: &Failures) {
        self.failures = Some(failures.clone());
    }

    /// A statement begins (`true`) or has ended.
    pub(super) fn set_busy(&mut self, is: bool) {
        self.busy = is.then(Instant::now);
    }

    /// Notes it where failures are counted.
    pub(super) fn failed(&self) {
        if let Some(failures) = &self.failures {
            failures.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) async fn commit(mut self) -> Result<()> {
        if self.open {
            self.run("COMMIT").await.map_err(|error| match error {
                Error::Unreachable(source) => Error::InDoubt(source),
                error => error,
            })?;
            self.open = false;
        }
        Ok(())
    }

    pub(super) fn connection(&mut self) -> &mut MySqlConnection {
        self.connection.as_mut().expect("it is there until it is dropped")
    }

    async fn run(&mut self, text: &'static str) -> Result<()> {
        self.set_busy(true);
        self.connection().execute(text).await?;
        self.set_busy(false);
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        if self.busy.is_some_and(|since| since.elapsed() >= IN_VAIN) {
            self.failed();
        }
        let busy = self.busy.is_some();
        match Handle::try_current() {
            Ok(runtime) if self.open && !busy => {
                runtime.spawn(async move {
                    let forgotten = timeout(FORGETTING, (&mut *connection).execute("ROLLBACK")).await;
                    if !matches!(forgotten, Ok(Ok(_))) {
                        connection.close_on_drop();
                    }
                });
            }
            _ if self.open || busy => connection.close_on_drop(),
            _ => {}
        }
    }
}
