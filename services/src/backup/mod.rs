//! Backups: everything the database has, in a form that both engines read.
//!
//! [`create`] writes what was there at one moment while the server goes on, [`verify`] reads all of it again,
//! [`restore`] brings it back in one transaction that is read again before it counts, and [`copy`] brings everything from
//! one database to another, table by table. What makes a file of it (compression, encryption) is the program's matter.

mod content;
mod load;
mod retention;
mod schedule;

pub use content::{Header, TableSum, verify};
pub use load::{Copied, Replace, copy, restore};
pub use retention::Retention;
pub use schedule::{Chore, Ended, Last, PATIENCE, claim, give_back, is_due, last, note};

use crate::Services;
use content::Writer;
use std::{fmt, io};
use store::dump;

/// What a backup holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Summary {
    /// When it was made, by what, and of which shape.
    pub header: Header,
    /// Each table's rows.
    pub tables: Vec<TableSum>,
}

impl Summary {
    /// Rows of all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

/// Why a backup was not made or not brought back. Each is a sentence for the operator.
#[derive(Debug)]
pub enum Failure {
    /// The backup is not whole, or not as it was written.
    Damaged(String),
    /// It is whole, but does not go where it should.
    Refused(String),
    /// A file can't be read or written.
    Io(io::Error),
    /// The database did not do its part.
    Store(store::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged(what) => {
                write!(f, "The backup is damaged: {what}. Nothing was changed; take another one.")
            }
            Self::Refused(sentence) | Self::Store(store::Error::Schema(sentence)) => f.write_str(sentence),
            Self::Io(error) => write!(f, "The backup can't be read or written: {error}."),
            Self::Store(error) => write!(f, "The database did not do its part: {}.", error.for_log()),
        }
    }
}

impl std::error::Error for Failure {}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        // What ends too early, and what a decoder does not understand.
        match error.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                Self::Damaged(error.to_string())
            }
            _ => Self::Io(error),
        }
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

/// Writes everything to `out`, as it was at one moment; others go on writing meanwhile. The tables may be of an older version. `secret` is the signing secret,
/// where it belongs into the backup. Gives `out` back. Writing waits, so call it where a thread may.
///
/// # Errors
/// [`Failure::Store`] also where the tables are those of a newer version, or between two.
pub async fn create<W: io::Write>(
    services: &Services,
    out: W,
    secret: Option<String>,
) -> Result<(Summary, W), Failure> {
    store::schema::check_whole(&services.db).await?;
    let header = Header::of(services, secret).await?;
    let mut tx = services.db.read().await?;
    let mut content = Writer::begin(out, header)?;
    for table in dump::tables(&mut tx).await? {
        content.table(&table)?;
        dump::each_row(&mut tx, &table, async |row| content.row(&row)).await?;
        content.end_table()?;
    }
    drop(tx);
    if Header::of(services, None).await?.migrations != content.header().migrations {
        return Err(Failure::Refused(
            "The tables were migrated while they were read. Make the backup again.".into(),
        ));
    }
    content.finish()
}

/// How many rows each table has now, by its name.
///
/// # Errors
/// What the database says.
pub async fn counts(services: &Services) -> Result<Vec<(String, u64)>, Failure> {
    let mut tx = services.db.read().await?;
    let mut counts = Vec::new();
    for table in dump::tables(&mut tx).await? {
        let rows = dump::count(&mut tx, &table).await?;
        counts.push((table.name, rows));
    }
    Ok(counts)
}
