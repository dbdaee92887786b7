//! SQL that depends on the request: filters, lists of ids. It only ever grows from text in the source code and
//! from bound values, so no request can write SQL.

use super::Dialect;
use super::{Value, statement::Args};

/// A statement in the making.
#[derive(Debug)]
pub struct Sql {
    pub(super) text: String,
    pub(super) args: Args,
    pub(super) failed: Option<sqlx::Error>,
    pub(super) kept: bool,
}

impl Sql {
    /// Begins with `text`.
    pub fn new(dialect: Dialect, text: &'static str) -> Self {
        Self { text: text.into(), args: Args::new(dialect), failed: None, kept: false }
    }

    /// Adds words of the source code.
    #[must_use]
    pub fn push(mut self, text: &'static str) -> Self {
        self.text.push_str(text);
        self
    }

    /// Adds words of the source code where `condition` holds.
    #[must_use]
    pub fn push_if(self, condition: bool, text: &'static str) -> Self {
        if condition { self.push(text) } else { self }
    }

    /// Adds `text`, which has one `?`, and its value.
    #[must_use]
    pub fn bind(self, text: &'static str, value: impl Value + 'static) -> Self {
        self.push(text).value(value)
    }

    /// Adds `text`, which has one `?`, and its value, where there is one.
    #[must_use]
    pub fn bind_some<V: Value + 'static>(self, text: &'static str, value: Option<V>) -> Self {
        match value {
            Some(value) => self.bind(text, value),
            None => self,
        }
    }

    /// Adds only a value, for a `?` that is there already.
    #[must_use]
    pub fn value(mut self, value: impl Value + 'static) -> Self {
        if let Err(error) = self.args.add(value) {
            self.failed.get_or_insert(sqlx::Error::Encode(error));
        }
        self
    }

    /// Adds `(?, ?, …)` with the values; `(NULL)`, which nothing is in, where there are none.
    #[must_use]
    pub fn list<V: Value + 'static>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        let start = self.text.len();
        for value in values {
            self.text.push_str(if self.text.len() == start { "(?" } else { ", ?" });
            self = self.value(value);
        }
        self.text.push_str(if self.text.len() == start { "(NULL)" } else { ")" });
        self
    }

    /// Adds the rows of an insert, `(?, ?), (?, ?) …`: `row` binds each one's values in order.
    #[must_use]
    pub fn rows<R>(
        mut self,
        rows: impl IntoIterator<Item = R>,
        columns: usize,
        row: impl Fn(Self, R) -> Self,
    ) -> Self {
        let marks = format!("({})", vec!["?"; columns].join(", "));
        let mut first = true;
        for item in rows {
            self.text.push_str(if first { "" } else { ", " });
            self.text.push_str(&marks);
            self = row(self, item);
            first = false;
        }
        self
    }
}

impl Sql {
    /// Adds a query for each item, all their rows together; each has an order and an end of its own.
    #[must_use]
    pub fn union_all<I>(
        mut self,
        items: impl IntoIterator<Item = I>,
        query: impl Fn(Self, I) -> Self,
    ) -> Self {
        let mut between = "SELECT * FROM (";
        for item in items {
            // SQLite takes an order and an end only of a query in a query; MySQL wants a name for that.
            self = query(self.push(between), item).push(") AS one");
            between = " UNION ALL SELECT * FROM (";
        }
        self
    }

    /// Lets the connection keep it prepared although it has many values, where `often`: it has as many each time, as a full
    /// piece of rows has. To prepare a statement, MySQL sends a message for each of its values.
    #[must_use]
    pub fn kept(mut self, often: bool) -> Self {
        self.kept = often;
        self
    }

    /// Adds names of tables or columns, as the database itself told them, with commas between them.
    pub(crate) fn names(mut self, names: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let start = self.text.len();
        for name in names {
            let name = name.as_ref();
            // Ours are words like these; nothing else becomes SQL.
            if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                self.failed.get_or_insert_with(|| sqlx::Error::Protocol(format!("{name:?} is no name")));
            }
            self.text.push_str(if self.text.len() == start { "`" } else { ", `" });
            self.text.push_str(name);
            self.text.push('`');
        }
        self
    }

    /// A whole statement of an embedded migration file.
    pub(crate) fn of_migration(dialect: Dialect, text: String) -> Self {
        Self { text, args: Args::new(dialect), failed: None, kept: false }
    }
}
