//! What a database can answer other than rows. Driver words stay inside; callers see what they can act on.

/// Short for a result that fails with [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a statement did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A unique key has this value already.
    #[error("the value is taken")]
    Taken(#[source] sqlx::Error),
    /// A row refers to one that is not there.
    #[error("the row refers to one that is not there")]
    Dangling(#[source] sqlx::Error),
    /// Another writer holds what is needed, or no connection is free: trying again later may help.
    #[error("the database is busy")]
    Busy(#[source] sqlx::Error),
    /// The disk is full, read-only or failing.
    #[error("the database cannot be written")]
    Unwritable(#[source] sqlx::Error),
    /// The server can't be reached or the file can't be opened.
    #[error("the database cannot be reached")]
    Unreachable(#[source] sqlx::Error),
    /// The server was told to keep what was written, and its answer did not come: it may have kept it.
    #[error("the database went away while it kept what was written")]
    InDoubt(#[source] sqlx::Error),
    /// A row does not read as what it should be.
    #[error("stored data does not make sense: {0}")]
    Corrupt(String),
    /// The database's shape is not what this program needs; the text says what to do.
    #[error("{0}")]
    Schema(String),
    /// Anything else: a fault of ours.
    #[error("the database refused a statement")]
    Driver(#[source] sqlx::Error),
}

impl Error {
    /// Which of them it is, in a word.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::Taken(_) => "taken",
            Self::Dangling(_) => "dangling",
            Self::Busy(_) => "busy",
            Self::Unwritable(_) => "unwritable",
            Self::Unreachable(_) => "unreachable",
            Self::InDoubt(_) => "in_doubt",
            Self::Corrupt(_) => "corrupt",
            Self::Schema(_) => "schema",
            Self::Driver(_) => "driver",
        }
    }

    /// The same error with the driver's words, for the log only.
    pub fn for_log(&self) -> String {
        std::error::Error::source(self).map_or_else(|| self.to_string(), |source| format!("{self}: {source}"))
    }
}

/// MySQL: the table, column, key or constraint is there; what should go is not.
const DONE_ALREADY: [&str; 6] = ["1050", "1060", "1061", "1826", "1051", "1091"];

impl Error {
    /// Whether a schema statement was refused because what it makes is there, or what it takes away is not.
    pub(crate) fn is_done_already(&self) -> bool {
        let Self::Driver(sqlx::Error::Database(inner)) = self else { return false };
        inner.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>().is_some()
            && DONE_ALREADY.contains(&code_of(inner.as_ref()).as_str())
    }
}

/// `SQLITE_FULL`, `SQLITE_READONLY`, `SQLITE_IOERR`; MySQL: disk full, table full, read-only.
const UNWRITABLE: [&str; 6] = ["13", "8", "10", "1021", "1114", "1290"];
/// `SQLITE_BUSY`, `SQLITE_LOCKED`; MySQL: lock wait timeout, deadlock, too many connections, shutdown in progress, connection
/// killed, a statement that took too long (MariaDB, MySQL).
const BUSY: [&str; 9] = ["5", "6", "1205", "1213", "1040", "1053", "1927", "1969", "3024"];

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut => Self::Busy(error),
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed => Self::Unreachable(error),
            sqlx::Error::Database(inner) if inner.is_unique_violation() => Self::Taken(error),
            sqlx::Error::Database(inner) if inner.is_foreign_key_violation() => Self::Dangling(error),
            sqlx::Error::Database(inner) => {
                let code = code_of(inner.as_ref());
                if UNWRITABLE.contains(&code.as_str()) {
                    Self::Unwritable(error)
                } else if BUSY.contains(&code.as_str()) {
                    Self::Busy(error)
                } else if code == "14" {
                    Self::Unreachable(error)
                } else {
                    Self::Driver(error)
                }
            }
            _ => Self::Driver(error),
        }
    }
}

/// MySQL's number, or SQLite's primary code (the low byte of the extended one).
fn code_of(error: &dyn sqlx::error::DatabaseError) -> String {
    if let Some(mysql) = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return mysql.number().to_string();
    }
    let code = error.code().unwrap_or_default();
    code.parse::<i64>().map_or_else(|_| code.into_owned(), |number| (number & 0xff).to_string())
}

/// How a use case passes on what the database said: what the caller can act on in words, the rest as an id that
/// leads to the log.
impl From<Error> for domain::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Busy(_) => {
                tracing::warn!(error = error.for_log(), "database busy");
                Self::Unavailable {
                    message: "The database is busy. Nothing was changed; try again in a moment.".into(),
                }
            }
            Error::Unwritable(_) => {
                tracing::error!(error = error.for_log(), "database cannot be written");
                Self::Unavailable {
                    message: "The database cannot be written: its disk is full, read-only or failing. \
                              Nothing was changed; tell your operator."
                        .into(),
                }
            }
            Error::Unreachable(_) => {
                tracing::error!(error = error.for_log(), "database unreachable");
                Self::Unavailable {
                    message: "The database cannot be reached. Nothing was changed; try again in a moment."
                        .into(),
                }
            }
            Error::InDoubt(_) => {
                tracing::error!(error = error.for_log(), "database went away at a commit");
                Self::Unavailable {
                    message: "The database went away while it kept this, so it may have been done. Look before you do it \
                              again."
                        .into(),
                }
            }
            Error::Taken(_) => {
                Self::refused("taken", "Something with this name or id is there already. Choose another.")
            }
            Error::Dangling(_) => Self::refused(
                "in_use",
                "This belongs together with something that is not there, or is still in use.",
            ),
            Error::Schema(message) => Self::Unavailable { message },
            Error::Corrupt(_) | Error::Driver(_) => {
                let id = fault_id();
                tracing::error!(fault = id, kind = error.kind(), error = error.for_log(), "database fault");
                Self::Internal { id }
            }
        }
    }
}

/// A short id for one line of the log.
#[expect(clippy::disallowed_methods, reason = "names a log line, decides nothing")]
fn fault_id() -> String {
    uuid::Uuid::now_v7().simple().to_string().split_off(16)
}
