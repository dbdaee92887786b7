//! The text of a backup: lines of JSON.
//!
//! ```text
//! {"pms_backup":1,"made_at":"…","program":"0.1.0","engine":"sqlite","migrations":["0001_people",…]}
//! {"table":"person","columns":["id","username",…]}
//! [["AZ2q…"],"ada",null,1]           a row: ids and other bytes are base64 in brackets
//! {"rows":1,"sum":"…"}
//! …
//! {"end":41,"sha256":"…"}            how many tables there were, and the hash of all lines before this one
//! ```
//!
//! A table's sum is that of the first 16 bytes of each row's SHA-256: the order of the rows does not matter, so the sum
//! can be made again from whatever database the rows are in.

use super::{Failure, Summary};
use crate::Services;
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD as BASE64};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::io::{BufRead, Read as _, Write};
use store::{
    dump::{Cell, Row, Table},
    schema,
};

/// The form of the text. Another number is another form.
const FORMAT: u32 = 1;
/// No row is longer: the longest text has a hundredth of it.
const LONGEST_LINE: u64 = 64 * 1024 * 1024;

/// What a backup says about itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Header {
    pms_backup: u32,
    /// The moment whose state it has.
    pub made_at: Timestamp,
    /// The version of the program that wrote it.
    pub program: String,
    /// `sqlite` or `mysql`: where it comes from; it goes to both.
    pub engine: String,
    /// The migrations of its tables, by number.
    pub migrations: Vec<String>,
    /// The signing secret, if it was in the data folder and the file is encrypted.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub secret: Option<String>,
}

impl Header {
    /// Of the database as it is.
    pub(super) async fn of(services: &Services, secret: Option<String>) -> Result<Self, Failure> {
        let mut applied = schema::status(&services.db).await?;
        applied.retain(|migration| migration.state == schema::State::Applied);
        Ok(Self {
            pms_backup: FORMAT,
            made_at: services.now(),
            program: env!("CARGO_PKG_VERSION").into(),
            engine: services.db.dialect().as_str().into(),
            migrations: applied.iter().map(schema::Migration::full_name).collect(),
            secret,
        })
    }
}

/// A table of a backup.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableSum {
    /// Its name and columns.
    pub table: Table,
    /// How many rows it has.
    pub rows: u64,
    /// What its rows add up to.
    pub sum: u128,
}

impl TableSum {
    /// Of no rows yet.
    pub(super) fn new(table: Table) -> Self {
        Self { table, rows: 0, sum: 0 }
    }

    /// Counts a row in, by its line.
    pub(super) fn add(&mut self, line: &[u8]) {
        let hash: [u8; 32] = Sha256::digest(line).into();
        let (first, _) = hash.split_at(16);
        let number = first.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
        self.rows += 1;
        self.sum = self.sum.wrapping_add(number);
    }
}

#[derive(Serialize, Deserialize)]
struct TableLine {
    table: String,
    columns: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct SumLine {
    rows: u64,
    sum: String,
}

#[derive(Serialize, Deserialize)]
struct EndLine {
    end: usize,
    sha256: String,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Plain {
    Null(()),
    Int(i64),
    Text(String),
    Bytes([String; 1]),
}

/// The line of a row, without its end.
pub(super) fn line_of(Row(cells): &Row) -> Vec<u8> {
    let plain: Vec<Plain> = cells
        .iter()
        .map(|cell| match cell {
            Cell::Null => Plain::Null(()),
            Cell::Int(value) => Plain::Int(*value),
            Cell::Text(text) => Plain::Text(text.clone()),
            Cell::Bytes(bytes) => Plain::Bytes([BASE64.encode(bytes)]),
        })
        .collect();
    serde_json::to_vec(&plain).expect("numbers and texts are JSON")
}

fn row_of(line: &[u8]) -> Result<Row, Failure> {
    let plain: Vec<Plain> = parse(line)?;
    let cell = |value| {
        Ok(match value {
            Plain::Null(()) => Cell::Null,
            Plain::Int(value) => Cell::Int(value),
            Plain::Text(text) => Cell::Text(text),
            Plain::Bytes([text]) => {
                Cell::Bytes(BASE64.decode(text).map_err(|_| damaged("a row is unreadable"))?)
            }
        })
    };
    plain.into_iter().map(cell).collect::<Result<_, _>>().map(Row)
}

fn parse<'l, T: Deserialize<'l>>(line: &'l [u8]) -> Result<T, Failure> {
    serde_json::from_slice(line).map_err(|_| damaged("a line of it is unreadable"))
}

fn damaged(what: &str) -> Failure {
    Failure::Damaged(what.into())
}

/// Writes a backup, table by table.
pub(super) struct Writer<W> {
    out: W,
    hash: Sha256,
    header: Header,
    tables: Vec<TableSum>,
}

impl<W: Write> Writer<W> {
    pub(super) fn begin(out: W, header: Header) -> Result<Self, Failure> {
        let mut it = Self { out, hash: Sha256::new(), header: header.clone(), tables: Vec::new() };
        it.say(&header)?;
        Ok(it)
    }

    pub(super) const fn header(&self) -> &Header {
        &self.header
    }

    pub(super) fn table(&mut self, table: &Table) -> Result<(), Failure> {
        self.say(&TableLine { table: table.name.clone(), columns: table.columns.clone() })?;
        self.tables.push(TableSum::new(table.clone()));
        Ok(())
    }

    pub(super) fn row(&mut self, row: &Row) -> Result<(), Failure> {
        let line = line_of(row);
        if let Some(table) = self.tables.last_mut() {
            table.add(&line);
        }
        self.line(&line)
    }

    pub(super) fn end_table(&mut self) -> Result<(), Failure> {
        let Some(TableSum { rows, sum, .. }) = self.tables.last() else { return Ok(()) };
        let line = SumLine { rows: *rows, sum: format!("{sum:032x}") };
        self.say(&line)
    }

    pub(super) fn finish(mut self) -> Result<(Summary, W), Failure> {
        let sha256 = text_of(self.hash.clone());
        self.say(&EndLine { end: self.tables.len(), sha256 })?;
        Ok((Summary { header: self.header, tables: self.tables }, self.out))
    }

    fn say(&mut self, what: &impl Serialize) -> Result<(), Failure> {
        let line = serde_json::to_vec(what).expect("names and numbers are JSON");
        self.line(&line)
    }

    fn line(&mut self, line: &[u8]) -> Result<(), Failure> {
        hash_line(&mut self.hash, line);
        self.out.write_all(line)?;
        Ok(self.out.write_all(b"\n")?)
    }
}

fn hash_line(hash: &mut Sha256, line: &[u8]) {
    hash.update(line);
    hash.update(b"\n");
}

fn text_of(hash: Sha256) -> String {
    BASE64.encode(hash.finalize())
}

/// What a reader comes across.
pub(super) enum Piece {
    /// A table begins.
    Table(Table),
    /// A row of it.
    Row(Row),
    /// All its rows were there.
    EndOfTable,
}

/// Reads a backup from its beginning to its end, and looks whether all of it is there.
pub(super) struct Reader<R> {
    input: R,
    line: Vec<u8>,
    hash: Sha256,
    header: Header,
    tables: Vec<TableSum>,
    in_table: bool,
}

impl<R: BufRead> Reader<R> {
    pub(super) fn begin(input: R) -> Result<Self, Failure> {
        #[derive(Deserialize)]
        struct Form {
            pms_backup: u32,
        }
        let mut line = Vec::new();
        let mut input = input;
        next_line(&mut input, &mut line)?;
        let Form { pms_backup } = serde_json::from_slice(&line)
            .map_err(|_| damaged("it does not begin as a backup of PMS does"))?;
        if pms_backup != FORMAT {
            return Err(Failure::Refused(format!(
                "The backup has the form {pms_backup}, and this version of PMS reads {FORMAT}. Use the version that made it, \
                 or a newer one."
            )));
        }
        let header = parse(&line)?;
        let mut hash = Sha256::new();
        hash_line(&mut hash, &line);
        Ok(Self { input, line, hash, header, tables: Vec::new(), in_table: false })
    }

    /// What comes next; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Piece>, Failure> {
        next_line(&mut self.input, &mut self.line)?;
        if !self.in_table && self.line.starts_with(b"{\"end\"") {
            return self.end();
        }
        hash_line(&mut self.hash, &self.line);
        if !self.in_table {
            let TableLine { table: name, columns } = parse(&self.line)?;
            let table = Table { name, columns };
            self.tables.push(TableSum::new(table.clone()));
            self.in_table = true;
            return Ok(Some(Piece::Table(table)));
        }
        let Some(table) = self.tables.last_mut() else { return Err(damaged("a row has no table")) };
        if self.line.starts_with(b"[") {
            let row = row_of(&self.line)?;
            if row.0.len() != table.table.columns.len() {
                return Err(Failure::Damaged(format!("a row of {} has other columns", table.table.name)));
            }
            table.add(&self.line);
            return Ok(Some(Piece::Row(row)));
        }
        let SumLine { rows, sum } = parse(&self.line)?;
        if rows != table.rows || sum != format!("{:032x}", table.sum) {
            return Err(Failure::Damaged(format!("the rows of {} do not add up", table.table.name)));
        }
        self.in_table = false;
        Ok(Some(Piece::EndOfTable))
    }

    pub(super) fn summary(self) -> Summary {
        Summary { header: self.header, tables: self.tables }
    }

    fn end(&mut self) -> Result<Option<Piece>, Failure> {
        let EndLine { end, sha256 } = parse(&self.line)?;
        if end != self.tables.len() || sha256 != text_of(self.hash.clone()) {
            return Err(damaged("its lines are not those that were written"));
        }
        // Reads to the end of the file, where its last part shows whether it is authentic.
        if self.input.by_ref().take(1).read_to_end(&mut self.line)? > 0 {
            return Err(damaged("something follows its end"));
        }
        Ok(None)
    }
}

/// Reads a line without its end.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> Result<(), Failure> {
    line.clear();
    input.take(LONGEST_LINE).read_until(b'\n', line)?;
    match line.pop() {
        Some(b'\n') => Ok(()),
        Some(_) if line.len() as u64 + 1 == LONGEST_LINE => Err(damaged("a line of it is too long")),
        _ => Err(damaged("it ends too early")),
    }
}

/// Reads all of a backup and changes nothing.
///
/// # Errors
/// [`Failure::Damaged`] if a byte of it is missing or another one.
pub fn verify(input: impl BufRead) -> Result<Summary, Failure> {
    let mut reader = Reader::begin(input)?;
    while reader.next()?.is_some() {}
    Ok(reader.summary())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Header {
        Header {
            pms_backup: FORMAT,
            made_at: Timestamp(1),
            program: "0.1.0".into(),
            engine: "sqlite".into(),
            migrations: vec!["0001_people".into()],
            secret: None,
        }
    }

    fn rows() -> Vec<Row> {
        vec![
            Row(vec![Cell::Bytes(vec![0, 255, 7]), Cell::Text("Ärger \"mit\" \n Zeilen".into()), Cell::Null]),
            Row(vec![Cell::Bytes(Vec::new()), Cell::Text("[]".into()), Cell::Int(i64::MIN)]),
        ]
    }

    fn backup() -> Vec<u8> {
        let table = Table { name: "thing".into(), columns: ["id", "name", "n"].map(String::from).to_vec() };
        let mut writer = Writer::begin(Vec::new(), header()).unwrap();
        writer.table(&table).unwrap();
        for row in rows() {
            writer.row(&row).unwrap();
        }
        writer.end_table().unwrap();
        writer.finish().unwrap().1
    }

    #[test]
    fn what_was_written_is_read() {
        let bytes = backup();
        let mut reader = Reader::begin(bytes.as_slice()).unwrap();
        let mut read = Vec::new();
        while let Some(piece) = reader.next().unwrap() {
            if let Piece::Row(row) = piece {
                read.push(row);
            }
        }
        assert_eq!(read, rows());
        let summary = reader.summary();
        assert_eq!((summary.header, summary.tables[0].rows), (header(), 2));
    }

    #[test]
    fn cut_off_anywhere_it_is_refused() {
        let bytes = backup();
        for end in 0..bytes.len() {
            assert!(matches!(verify(&bytes[..end]), Err(Failure::Damaged(_))), "cut off at {end}");
        }
        assert!(matches!(verify([&bytes[..], b"x"].concat().as_slice()), Err(Failure::Damaged(_))));
    }

    #[test]
    fn a_changed_byte_is_noticed_wherever_it_is() {
        let bytes = backup();
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            assert!(verify(changed.as_slice()).is_err(), "byte {place}");
        }
    }

    #[test]
    fn another_form_is_refused_by_its_number() {
        let text = String::from_utf8(backup()).unwrap().replacen("\"pms_backup\":1", "\"pms_backup\":2", 1);
        let Err(Failure::Refused(sentence)) = verify(text.as_bytes()) else { panic!("it was taken") };
        assert!(sentence.contains("form 2"), "{sentence}");
    }
}
