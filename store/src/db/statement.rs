//! One statement with its values, run on whichever engine its transaction belongs to.

use super::Dialect;
use super::{
    Error, Result, Tx, count_statement,
    timed::{self, Kind},
    traced,
    tx::Conn,
};
use futures::{Stream, TryStreamExt as _};
use sqlx::{
    Arguments as _, AssertSqlSafe, Encode, FromRow, MySql, Sqlite, Type,
    error::BoxDynError,
    mysql::{MySqlArguments, MySqlRow},
    sqlite::{SqliteArguments, SqliteRow},
};

/// A row that reads on both engines: `#[derive(sqlx::FromRow)]` gives it.
pub trait Record: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, MySqlRow> + Send + Unpin {}
impl<T> Record for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, MySqlRow> + Send + Unpin {}

/// A value that binds on both engines.
pub trait Value:
    for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, MySql> + Type<MySql> + Send
{
}
impl<T> Value for T where
    T: for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, MySql> + Type<MySql> + Send
{
}

#[derive(Debug)]
pub(super) enum Args {
    Sqlite(SqliteArguments),
    MySql(MySqlArguments),
}

impl Args {
    pub(super) fn new(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Sqlite => Self::Sqlite(SqliteArguments::default()),
            Dialect::MySql => Self::MySql(MySqlArguments::default()),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Sqlite(args) => args.len(),
            Self::MySql(args) => args.len(),
        }
    }

    pub(super) fn add(&mut self, value: impl Value + 'static) -> Result<(), BoxDynError> {
        match self {
            Self::Sqlite(args) => args.add(value),
            Self::MySql(args) => args.add(value),
        }
    }
}

/// Values of a built statement up to which its connection keeps it prepared: longer lists are seldom as long again, and
/// would only push out what is.
const KEPT_VALUES: usize = 50;

enum Text {
    Static(&'static str),
    Built(String),
}

/// A statement of one transaction. Nothing happens before one of its last methods is awaited.
pub struct Statement<'t> {
    tx: &'t mut Tx,
    text: Text,
    args: Args,
    failed: Option<sqlx::Error>,
    kept: bool,
    /// Whether what it takes is waiting for a turn.
    is_turn: bool,
}

macro_rules! run {
    ($self:ident, $kind:expr, $text:ident, $kept:ident, $conn:ident, $args:ident => $sqlite:expr, $mysql:expr) => {{
        if let Some(error) = $self.failed {
            return Err(error.into());
        }
        count_statement();
        let $kept = $self.kept || matches!($self.text, Text::Static(_)) || $self.args.len() <= KEPT_VALUES;
        let text: std::borrow::Cow<'static, str> = match $self.text {
            Text::Static(text) => text.into(),
            Text::Built(text) => text.into(),
        };
        let wait = traced::statement($self.tx.dialect(), &text);
        let $text = AssertSqlSafe(text);
        let timer = $kind.filter(|_| !$self.is_turn).map(timed::running);
        $self.tx.in_flight(true);
        let running = async {
            match ($self.tx.conn(), $self.args) {
                (Conn::Sqlite($conn), Args::Sqlite($args)) => $sqlite.await.map_err(Error::from),
                (Conn::MySql($conn), Args::MySql($args)) => $mysql.await.map_err(Error::from),
                _ => unreachable!("a statement is made for its own transaction's engine"),
            }
        };
        let done = wait.watch(running).await;
        drop(timer);
        $self.tx.in_flight(false);
        if done.is_err() {
            $self.tx.failed();
        }
        done
    }};
}

impl<'t> Statement<'t> {
    pub(super) fn fixed(tx: &'t mut Tx, text: &'static str) -> Self {
        let args = Args::new(tx.dialect());
        Self { tx, text: Text::Static(text), args, failed: None, kept: false, is_turn: false }
    }

    pub(super) fn built(tx: &'t mut Tx, sql: super::Sql) -> Self {
        Self {
            tx,
            text: Text::Built(sql.text),
            args: sql.args,
            failed: sql.failed,
            kept: sql.kept,
            is_turn: false,
        }
    }

    /// Says that with it a turn at writing is waited for, which is timed already.
    pub(super) fn waiting_for_turn(mut self) -> Self {
        self.is_turn = true;
        self
    }

    /// Binds the next `?`.
    #[must_use]
    pub fn bind(mut self, value: impl Value + 'static) -> Self {
        if let Err(error) = self.args.add(value) {
            self.failed.get_or_insert(sqlx::Error::Encode(error));
        }
        self
    }

    /// Every row.
    pub async fn all<R: Record>(self) -> Result<Vec<R>> {
        run!(self, Some(Kind::Read), text, kept, conn, args =>
            sqlx::query_as_with::<Sqlite, R, _>(text, args).persistent(kept).fetch_all(conn),
            sqlx::query_as_with::<MySql, R, _>(text, args).persistent(kept).fetch_all(conn))
    }

    /// The row, if there is one.
    pub async fn optional<R: Record>(self) -> Result<Option<R>> {
        run!(self, Some(Kind::Read), text, kept, conn, args =>
            sqlx::query_as_with::<Sqlite, R, _>(text, args).persistent(kept).fetch_optional(conn),
            sqlx::query_as_with::<MySql, R, _>(text, args).persistent(kept).fetch_optional(conn))
    }

    /// Hands each row to `take` as it comes, instead of having all in memory, until it fails. The inner result is `take`'s.
    /// It is not timed: most of the time is `take`'s, too.
    pub(crate) async fn each<R: Record, E>(
        self,
        take: impl AsyncFnMut(R) -> std::result::Result<(), E>,
    ) -> Result<std::result::Result<(), E>> {
        run!(self, None::<Kind>, text, kept, conn, args =>
            hand_on(sqlx::query_as_with::<Sqlite, R, _>(text, args).persistent(kept).fetch(conn), take),
            hand_on(sqlx::query_as_with::<MySql, R, _>(text, args).persistent(kept).fetch(conn), take))
    }

    /// The row that must be there, as a count is.
    pub async fn one<R: Record>(self) -> Result<R> {
        self.optional().await?.ok_or_else(|| Error::Corrupt("a row that always exists is not there".into()))
    }

    /// Runs a schema statement by the text protocol: MySQL does not prepare all of them.
    pub(crate) async fn run_raw(self) -> Result<()> {
        count_statement();
        let text = match self.text {
            Text::Static(text) => text.to_owned(),
            Text::Built(text) => text,
        };
        self.tx.in_flight(true);
        let done = match self.tx.conn() {
            Conn::Sqlite(conn) => sqlx::raw_sql(AssertSqlSafe(text)).execute(conn).await.map(drop),
            Conn::MySql(conn) => sqlx::raw_sql(AssertSqlSafe(text)).execute(conn).await.map(drop),
        };
        self.tx.in_flight(false);
        done?;
        Ok(())
    }

    /// Writes; gives how many rows matched (on both engines: changed or not).
    pub async fn run(self) -> Result<u64> {
        run!(self, Some(Kind::Write), text, kept, conn, args =>
            async { Ok::<_, sqlx::Error>(sqlx::query_with::<Sqlite, _>(text, args).persistent(kept).execute(conn).await?.rows_affected()) },
            async { Ok::<_, sqlx::Error>(sqlx::query_with::<MySql, _>(text, args).persistent(kept).execute(conn).await?.rows_affected()) })
    }
}

async fn hand_on<R, E>(
    mut rows: impl Stream<Item = sqlx::Result<R>> + Unpin,
    mut take: impl AsyncFnMut(R) -> std::result::Result<(), E>,
) -> sqlx::Result<std::result::Result<(), E>> {
    while let Some(row) = rows.try_next().await? {
        if let Err(error) = take(row).await {
            return Ok(Err(error));
        }
    }
    Ok(Ok(()))
}
