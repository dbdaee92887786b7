//! Being the only one that changes the schema.

use super::{Db, Error, Result, Tx, held::Held, tx::Inner};
use std::time::{Duration, Instant};

impl Db {
    /// A [`Tx`] that no other program has at the same time, for as long as it is there. On SQLite it is a transaction that
    /// writes. On MySQL, which commits schema statements by themselves, it is a connection that holds a named lock and
    /// runs them itself: where the program dies, the server ends both, but not before the statement that it is at.
    ///
    /// # Errors
    /// [`Error::Schema`] that says who else has it, if they still do after `wait`. `waiting` is called before waiting.
    pub(crate) async fn alone(&self, wait: Duration, waiting: impl FnOnce()) -> Result<Tx> {
        match self {
            Self::Sqlite { .. } => self.alone_on_sqlite(wait, waiting).await,
            Self::MySql { primary, .. } => {
                let mut connection = primary.acquire().await?;
                // A connection that went back to the others would keep the lock.
                connection.close_on_drop();
                let mut tx = Tx::of(Inner::MySql(Held::of(connection)));
                // Nobody waits for an answer, and tables are held by whoever reads them.
                tx.sql("SET SESSION innodb_lock_wait_timeout = DEFAULT, lock_wait_timeout = DEFAULT")
                    .run()
                    .await?;
                alone_on_mysql(tx, wait, waiting).await
            }
        }
    }

    async fn alone_on_sqlite(&self, wait: Duration, waiting: impl FnOnce()) -> Result<Tx> {
        let begin = Instant::now();
        let mut waiting = Some(waiting);
        loop {
            // Each try waits as long as a request would.
            match self.write_aside().await {
                Err(Error::Busy(_)) => {
                    if let Some(waiting) = waiting.take() {
                        waiting();
                    }
                    if begin.elapsed() >= wait {
                        let what_to_do =
                            "See which program has the file open (fuser, lsof), and wait for it or end it";
                        return Err(still_there(begin.elapsed(), what_to_do));
                    }
                }
                other => return other,
            }
        }
    }
}

async fn alone_on_mysql(mut tx: Tx, wait: Duration, waiting: impl FnOnce()) -> Result<Tx> {
    if lock(&mut tx, Duration::ZERO).await? {
        return Ok(tx);
    }
    waiting();
    if lock(&mut tx, wait).await? {
        return Ok(tx);
    }
    let what_to_do = match holder(&mut tx).await? {
        Some((id, who)) => {
            format!(
                "It is connection {id}{who}: wait for it, or end that program, or say to the database: KILL {id}"
            )
        }
        None => "Wait for it, or end that program".into(),
    };
    Err(still_there(wait, &what_to_do))
}

/// The connection that has the lock, and " of " whom where that can be told: MySQL shows no list of connections while one of
/// them is at a statement with bytes in it that are no letters, such as an id.
async fn holder(tx: &mut Tx) -> Result<Option<(i64, String)>> {
    let (id,): (Option<i64>,) = tx
        .sql("SELECT CAST(IS_USED_LOCK(CONCAT('pms.', LEFT(SHA2(DATABASE(), 256), 40))) AS SIGNED)")
        .one()
        .await?;
    let Some(id) = id else { return Ok(None) };
    let who: Result<Option<(String,)>> = tx
        .sql(
            "SELECT CONVERT(CONCAT(' of ', p.user, '@', p.host) USING utf8mb4)
             FROM information_schema.processlist p
             WHERE p.id = ?",
        )
        .bind(id)
        .optional()
        .await;
    Ok(Some((id, who.ok().flatten().map(|(who,)| who).unwrap_or_default())))
}

/// The name is the server's, so it has that of the database in it, in a form that is never too long: of 64 characters. Not
/// by SHA1, which MySQL has no more since 9.6.
async fn lock(tx: &mut Tx, wait: Duration) -> Result<bool> {
    let seconds = i64::try_from(wait.as_secs()).unwrap_or(i64::MAX);
    let (got,): (i64,) = tx
        .sql("SELECT CAST(COALESCE(GET_LOCK(CONCAT('pms.', LEFT(SHA2(DATABASE(), 256), 40)), ?), 0) AS SIGNED)")
        .bind(seconds)
        .one()
        .await?;
    Ok(got == 1)
}

fn still_there(waited: Duration, what_to_do: &str) -> Error {
    Error::Schema(format!(
        "Another program is at the tables of this database, and was not done after {} seconds. {what_to_do}. Then run \
         this again.",
        waited.as_secs()
    ))
}
