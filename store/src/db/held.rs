//! A connection to MySQL out of the pool, which only goes back to it in order.

use super::Result;
use sqlx::{Executor as _, MySql, MySqlConnection, MySqlPool, pool::PoolConnection};
use tokio::runtime::Handle;

/// The driver forgets what it still has to read when a statement is dropped while it is prepared. The pool would wait for
/// ever for what never comes, and have one connection less. So a connection that is given up in the middle of a statement
/// (its request is gone) is closed, and the server takes back what it had begun.
pub(super) struct Held {
    /// Always there, but for the end of it.
    connection: Option<PoolConnection<MySql>>,
    /// Whether a statement was sent whose answer was not read to its end.
    pub(super) busy: bool,
    /// Whether a transaction has begun.
    open: bool,
}

impl Held {
    pub(super) const fn of(connection: PoolConnection<MySql>) -> Self {
        Self { connection: Some(connection), busy: false, open: false }
    }

    /// With a transaction that `text` begins.
    pub(super) async fn begin(pool: &MySqlPool, text: &'static str) -> Result<Self> {
        let mut held = Self::of(pool.acquire().await?);
        held.run(text).await?;
        held.open = true;
        Ok(held)
    }

    pub(super) async fn commit(mut self) -> Result<()> {
        if self.open {
            self.run("COMMIT").await?;
            self.open = false;
        }
        Ok(())
    }

    pub(super) fn connection(&mut self) -> &mut MySqlConnection {
        self.connection.as_mut().expect("it is there until it is dropped")
    }

    async fn run(&mut self, text: &'static str) -> Result<()> {
        self.busy = true;
        self.connection().execute(text).await?;
        self.busy = false;
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        match Handle::try_current() {
            Ok(runtime) if self.open && !self.busy => {
                runtime.spawn(async move {
                    if (&mut *connection).execute("ROLLBACK").await.is_err() {
                        connection.close_on_drop();
                    }
                });
            }
            _ if self.open || self.busy => connection.close_on_drop(),
            _ => {}
        }
    }
}
