//! The files of `migrations/`, and what is read in them.

use crate::db::Dialect;
use std::collections::BTreeMap;

#[derive(rust_embed::RustEmbed)]
#[folder = "../migrations"]
struct Files;

/// The migrations of one engine, by number.
#[derive(Clone, Debug)]
pub struct Migrations(Vec<Step>);

/// One of them.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub version: i64,
    pub name: String,
    /// Statements that make it.
    pub up: Vec<String>,
    /// Statements that take it back.
    pub down: Vec<String>,
}

impl Step {
    /// Number and name, as its file is called.
    pub fn full_name(&self) -> String {
        format!("{:04}_{}", self.version, self.name)
    }
}

impl Migrations {
    /// Those of this program.
    pub fn of_program(dialect: Dialect) -> Self {
        let read = |file: std::borrow::Cow<'static, str>| {
            let content = Files::get(&file)?;
            Some((file.into_owned(), String::from_utf8_lossy(&content.data).into_owned()))
        };
        Self::of_files(dialect, Files::iter().filter_map(read))
    }

    /// Those of files: their names (`0003_search.mysql.sql`) and texts.
    pub fn of_files(dialect: Dialect, files: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut files: Vec<_> = files.into_iter().collect();
        files.sort();
        let mut steps: BTreeMap<i64, Step> = BTreeMap::new();
        for (file, text) in files {
            let Some((stem, down, engine)) = parse_file_name(&file) else { continue };
            if engine.is_some_and(|engine| engine != dialect.as_str()) {
                continue;
            }
            let Some((number, name)) = stem.split_once('_') else { continue };
            let Ok(version) = number.parse() else { continue };
            let step = steps.entry(version).or_insert_with(|| Step {
                version,
                name: name.into(),
                up: Vec::new(),
                down: Vec::new(),
            });
            let statements = split(&text);
            // What came last is taken back first.
            if down {
                step.down.splice(0..0, statements)
            } else {
                step.up.splice(step.up.len().., statements)
            };
        }
        Self(steps.into_values().collect())
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.0
    }
}

/// `0003_search.mysql.down.sql` → stem `0003_search`, down, for MySQL only.
fn parse_file_name(file: &str) -> Option<(&str, bool, Option<&str>)> {
    let stem = file.strip_suffix(".sql")?;
    let (stem, down) = stem.strip_suffix(".down").map_or((stem, false), |stem| (stem, true));
    Some(match stem.split_once('.') {
        Some((stem, engine)) => (stem, down, Some(engine)),
        None => (stem, down, None),
    })
}

/// The statements of a file: each ends with `;` at the end of a line, a trigger with a line `END;`.
fn split(text: &str) -> Vec<String> {
    let mut statements = Vec::new();
    let mut current = String::new();
    for line in text.lines() {
        let line = line.trim_end();
        if line.trim_start().starts_with("--") || (current.is_empty() && line.is_empty()) {
            continue;
        }
        if !current.is_empty() {
            current.push('\n');
        }
        current.push_str(line);
        let trigger = current.starts_with("CREATE TRIGGER");
        if (trigger && line == "END;") || (!trigger && line.ends_with(';')) {
            current.pop();
            statements.push(std::mem::take(&mut current));
        }
    }
    statements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_split_at_statement_ends_and_triggers_stay_whole() {
        let text = "-- why\nCREATE TABLE a (\n  b BIGINT -- no\n);\n\nCREATE TRIGGER t AFTER INSERT ON a BEGIN\n  \
                    DELETE FROM a;\nEND;\nDROP TABLE a;\n";
        let statements = split(text);
        assert_eq!(statements.len(), 3);
        assert!(statements[1].ends_with("END"));
    }

    #[test]
    fn every_migration_can_be_taken_back_on_both_engines() {
        for dialect in [Dialect::Sqlite, Dialect::MySql] {
            for step in Migrations::of_program(dialect).steps() {
                assert!(!step.up.is_empty(), "{:04} goes up", step.version);
                assert!(!step.down.is_empty(), "{:04} comes down", step.version);
            }
        }
    }
}
