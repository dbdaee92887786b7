//! What a request or a job waited for in the database, for traces: the text of each statement, which has `?` where values
//! are, and what kind of error it met. Never a value, and never the driver's words, which may quote one.

use super::{Dialect, Error};
use futures::FutureExt as _;
use std::fmt;
use tracing::{Instrument as _, Span, field::Empty};

/// The target of spans that are made for traces alone: the log leaves them out, and where nothing is traced they cost a
/// look at a flag.
pub const TRACES: &str = "pms::traces";

/// Bytes of a statement's text: lists of values can make it long.
const LONGEST: usize = 2_000;

/// Something that is waited for. Dropped before it was noted how it ended, it says that nobody waited any longer.
pub(super) struct Wait {
    span: Span,
    has_ended: bool,
}

impl Wait {
    const fn of(span: Span) -> Self {
        Self { span, has_ended: false }
    }

    /// Does what is waited for, and notes how it came out.
    pub(super) fn watch<T>(
        self,
        work: impl Future<Output = Result<T, Error>>,
    ) -> impl Future<Output = Result<T, Error>> {
        work.instrument(self.span.clone()).inspect(|done| self.note(done))
    }

    /// How what was done came out.
    fn note<T>(mut self, done: &Result<T, Error>) {
        self.has_ended = true;
        if let Err(error) = done {
            self.span.record("otel.status_code", "ERROR");
            self.span.record("error.type", error.kind());
        }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if !self.has_ended {
            self.span.record("error.type", "cancelled");
        }
    }
}

/// Of a statement.
pub(super) fn statement(dialect: Dialect, text: &str) -> Wait {
    Wait::of(tracing::info_span!(
        target: TRACES,
        "statement",
        otel.kind = "client",
        otel.name = %Name(text),
        otel.status_code = Empty,
        db.system.name = system(dialect),
        db.query.text = &text[..text.floor_char_boundary(LONGEST)],
        "error.type" = Empty,
    ))
}

/// Of something else that the database, or a connection to it, is waited for.
pub(super) fn step(dialect: Dialect, name: &'static str) -> Wait {
    Wait::of(tracing::info_span!(
        target: TRACES,
        "step",
        otel.kind = "client",
        otel.name = name,
        otel.status_code = Empty,
        db.system.name = system(dialect),
        "error.type" = Empty,
    ))
}

const fn system(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "sqlite",
        Dialect::MySql => "mysql",
    }
}

/// What a statement does and with which table, as `SELECT task`: few for a program, as names of spans should be.
struct Name<'t>(&'t str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = self.0.split_ascii_whitespace();
        let verb = words.next().unwrap_or("statement");
        f.write_str(verb)?;
        let table = match verb {
            "UPDATE" => words.next(),
            _ => words.skip_while(|word| !matches!(*word, "FROM" | "INTO")).nth(1),
        };
        // Behind `FROM` may stand another statement in brackets.
        match table.filter(|table| table.starts_with(|first: char| first.is_ascii_lowercase())) {
            Some(table) => write!(f, " {}", table.trim_end_matches([',', ')', ';'])),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        fmt::Write as _,
        sync::{Arc, Mutex},
    };
    use tracing::{
        Event, Metadata, Subscriber,
        span::{Attributes, Id, Record},
        subscriber::with_default,
    };

    /// What spans are told after they began.
    #[derive(Clone, Default)]
    struct Told(Arc<Mutex<String>>);

    impl Subscriber for Told {
        fn enabled(&self, _: &Metadata<'_>) -> bool {
            true
        }

        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }

        fn record(&self, _: &Id, values: &Record<'_>) {
            write!(self.0.lock().unwrap(), "{values:?}").unwrap();
        }

        fn record_follows_from(&self, _: &Id, _: &Id) {}

        fn event(&self, _: &Event<'_>) {}

        fn enter(&self, _: &Id) {}

        fn exit(&self, _: &Id) {}
    }

    #[test]
    fn what_nobody_waited_for_does_not_look_as_if_it_had_gone_well() {
        let told = |end: fn(Wait)| {
            let told = Told::default();
            with_default(told.clone(), || end(step(Dialect::Sqlite, "BEGIN")));
            told.0.lock().unwrap().clone()
        };
        assert!(told(drop).contains("cancelled"), "{}", told(drop));
        assert_eq!(told(|wait| wait.note(&Ok(()))), "");
        let refused = told(|wait| wait.note::<()>(&Err(Error::Corrupt("herring".into()))));
        assert!(refused.contains("corrupt") && !refused.contains("cancelled"), "{refused}");
        assert!(!refused.contains("herring"), "{refused}");
    }

    #[test]
    fn a_statement_is_named_by_what_it_does_with_which_table() {
        for (text, name) in [
            ("SELECT id, title FROM task WHERE id = ?", "SELECT task"),
            ("SELECT COUNT(*)\n             FROM person\n", "SELECT person"),
            ("INSERT INTO session (id) VALUES (?)", "INSERT session"),
            ("UPDATE project SET name = ?", "UPDATE project"),
            ("DELETE FROM token WHERE id = ?", "DELETE token"),
            ("SELECT x FROM (SELECT 1 AS x) one", "SELECT"),
            ("WITH RECURSIVE up (id) AS (SELECT id FROM task)", "WITH task"),
            ("", "statement"),
        ] {
            assert_eq!(Name(text).to_string(), name);
        }
    }
}
