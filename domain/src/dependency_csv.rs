//! A table of dependencies, as spreadsheets write it: who blocks whom, by task keys.
//!
//! `WEB-1,WEB-2` says that WEB-1 blocks WEB-2.
//!
//! - A first line that names the columns `blocker` and `blocked`, wherever they are, says where the
//!   keys stand. Without one the first column blocks the second. Other columns are ignored.
//! - The first `,`, `;` or tab of the first line separates the cells of all. Quotes are those of
//!   RFC 4180, and quotes with a space before them are forgiven.
//! - Lines that begin with `#` are comments, so a key at the beginning goes without it. Lines with
//!   nothing in any cell are skipped.

use crate::{search_text, validate::visible_line};
use csv::{ReaderBuilder, StringRecord};
use std::fmt;

#[cfg(test)]
mod tests;

/// Largest table, in bytes.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;
/// Most rows in one table, comments and the names of the columns not counted.
pub const MAX_ROWS: usize = 5_000;

/// Characters of a cell that a problem repeats.
const SHOWN: usize = 40;
/// A last row of our own. Quotes that are never closed swallow it, and so are found out.
const LAST: &str = "end";

/// The readable key of a task.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskKey {
    /// The project's key, in capitals.
    pub project: String,
    /// The task's number in it, from 1.
    pub number: i64,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where it begins in the text, from 1.
    pub line: usize,
    /// The task that blocks and the one that is blocked.
    pub cells: Result<(TaskKey, TaskKey), RowProblem>,
}

/// Why a row says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowProblem {
    /// A stable word for programs: `not_a_key` or `too_few_cells`.
    pub code: &'static str,
    /// A sentence for people that says what to do.
    pub message: String,
}

/// Why a table can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CsvError {
    /// It is larger than [`MAX_BYTES`].
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// It has more than [`MAX_ROWS`] rows.
    TooManyRows {
        /// The line of the first one too many.
        line: usize,
    },
    /// A quote is never closed, so that nothing after it can be told apart.
    OpenQuote {
        /// The line where its row begins.
        line: usize,
    },
}

/// Reads a table. One without rows gives none.
///
/// # Errors
/// When a limit is exceeded or a quote is not closed. What is wrong in a single row stands in that row.
pub fn parse(text: &str) -> Result<Vec<Row>, CsvError> {
    if text.len() > MAX_BYTES {
        return Err(CsvError::TooLarge { bytes: text.len() });
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let text = format!("{}\n{LAST}", text.replace("\r\n", "\n").replace('\r', "\n"));
    let mut records = Records::of(&text);
    let mut rows = Vec::new();
    let Some((first, line)) = records.next()? else {
        return Ok(rows);
    };
    let named = Columns::named(&first);
    let columns = named.unwrap_or(Columns { blocker: 0, blocked: 1 });
    if named.is_none() {
        rows.push(Row { line, cells: columns.keys(&first) });
    }
    while let Some((record, line)) = records.next()? {
        if rows.len() == MAX_ROWS {
            return Err(CsvError::TooManyRows { line });
        }
        rows.push(Row { line, cells: columns.keys(&record) });
    }
    Ok(rows)
}

/// The rows with something in them, and the lines where they begin.
struct Records<'a> {
    text: &'a str,
    reader: csv::Reader<&'a [u8]>,
}

impl<'a> Records<'a> {
    /// The text ends in [`LAST`], and its lines in `\n`.
    fn of(text: &'a str) -> Self {
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .comment(Some(b'#'))
            .delimiter(separator(text))
            .from_reader(text.as_bytes());
        Self { text, reader }
    }

    fn next(&mut self) -> Result<Option<(StringRecord, usize)>, CsvError> {
        let mut record = StringRecord::new();
        while self.read(&mut record) {
            let end = self.reader.position();
            let inside: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
            // The reader counts blank lines and comments to the row after them, so the line is told from
            // where the row ends.
            let last_line = usize::try_from(end.line()).unwrap_or(usize::MAX);
            if usize::try_from(end.byte()).is_ok_and(|byte| byte >= self.text.len()) {
                let closed = record.len() == 1 && &record[0] == LAST;
                return if closed { Ok(None) } else { Err(CsvError::OpenQuote { line: last_line - inside }) };
            }
            if record.iter().any(|cell| !tidy(cell).is_empty()) {
                return Ok(Some((record, last_line - 1 - inside)));
            }
        }
        Ok(None)
    }

    fn read(&mut self, record: &mut StringRecord) -> bool {
        self.reader.read_record(record).expect("text that is cut at ASCII characters stays UTF-8")
    }
}

/// What separates the cells: the first line that is neither blank nor a comment tells.
fn separator(text: &str) -> u8 {
    let is_content = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
    let first = text.lines().find(is_content).unwrap_or_default();
    let mut quoted = false;
    for byte in first.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b',' | b';' | b'\t' if !quoted => return byte,
            _ => {}
        }
    }
    b','
}

/// Where the keys stand.
#[derive(Clone, Copy)]
struct Columns {
    blocker: usize,
    blocked: usize,
}

impl Columns {
    /// As the first row names them, if it does.
    fn named(record: &StringRecord) -> Option<Self> {
        let find = |name| record.iter().position(|cell| tidy(cell).eq_ignore_ascii_case(name));
        Some(Self { blocker: find("blocker")?, blocked: find("blocked")? })
    }

    fn keys(self, record: &StringRecord) -> Result<(TaskKey, TaskKey), RowProblem> {
        let cell = |at| record.get(at).map(tidy).filter(|cell| !cell.is_empty());
        match (cell(self.blocker), cell(self.blocked)) {
            (Some(from), Some(to)) => Ok((TaskKey::read(from)?, TaskKey::read(to)?)),
            _ => Err(RowProblem {
                code: "too_few_cells",
                message: "A key is missing here. Write two: the task that blocks and the one that is blocked, such as WEB-1,WEB-2.".into(),
            }),
        }
    }
}

impl TaskKey {
    fn read(cell: &str) -> Result<Self, RowProblem> {
        let Some((project, number)) = search_text::task_key(cell) else {
            let mut shown = visible_line(&cell.chars().take(SHOWN).collect::<String>());
            if cell.chars().nth(SHOWN).is_some() {
                shown.push('…');
            }
            let message = format!("“{shown}” is not the key of a task. Write one such as WEB-12.");
            return Err(RowProblem { code: "not_a_key", message });
        };
        Ok(Self { project, number: i64::from(number) })
    }
}

/// A cell without space and quotes around it.
fn tidy(cell: &str) -> &str {
    cell.trim().trim_matches('"').trim()
}

impl fmt::Display for TaskKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.project, self.number)
    }
}

impl fmt::Display for CsvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { bytes } => write!(
                f,
                "The table has {} kB and the limit is {} kB. Split it and import the parts one by one.",
                bytes.div_ceil(1024),
                MAX_BYTES / 1024
            ),
            Self::TooManyRows { line } => write!(
                f,
                "The table has more than {MAX_ROWS} rows: the first one too many is on line {line}. Split it and import the parts one by one."
            ),
            Self::OpenQuote { line } => {
                write!(
                    f,
                    "A quote in the row that begins on line {line} is never closed. Close it, or remove it."
                )
            }
        }
    }
}

impl std::error::Error for CsvError {}
