//! The few places where SQLite and MySQL need other words.

/// Which engine's words to use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// SQLite 3.
    Sqlite,
    /// MySQL 8 and MariaDB 10.11 or newer.
    MySql,
}

impl Dialect {
    /// The short name, as in migration overlays.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::MySql => "mysql",
        }
    }

    /// Locks the selected rows until the transaction ends. SQLite has one writer anyway.
    pub const fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::MySql => " FOR UPDATE",
        }
    }

    /// Joins a table after those before it, in the order in which they stand. SQLite may guess that a column which is the
    /// same in most rows finds a handful, and MySQL begins where it likes.
    pub const fn join_in_order(self) -> &'static str {
        match self {
            Self::Sqlite => " CROSS JOIN ",
            Self::MySql => " STRAIGHT_JOIN ",
        }
    }

    /// Finds sub-tasks by their parent. Most tasks have none, from which SQLite learns that a parent has thousands, and would read
    /// all tasks instead.
    pub const fn by_parent(self) -> &'static str {
        match self {
            Self::Sqlite => " INDEXED BY task_by_parent",
            Self::MySql => "",
        }
    }

    /// Begins an insert that leaves a row with the same key as it is.
    pub const fn insert_ignore(self) -> &'static str {
        match self {
            Self::Sqlite => "INSERT OR IGNORE INTO ",
            Self::MySql => "INSERT IGNORE INTO ",
        }
    }

    /// Ends an insert so that a row with the same `key` gets the new value of `column` instead.
    pub const fn on_conflict_update(self) -> OnConflict {
        OnConflict(self)
    }

    /// What a `CREATE TABLE` needs at its end. MySQL's default collation would take `a` and `Ä` for the same.
    pub const fn table_suffix(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::MySql => " ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
        }
    }
}

/// See [`Dialect::on_conflict_update`].
#[derive(Clone, Copy, Debug)]
pub struct OnConflict(Dialect);

impl OnConflict {
    /// The words for `key` (a column list, for SQLite) up to the assignments, which both engines write
    /// `column = ?`.
    pub fn set(self, key: &str) -> String {
        match self.0 {
            Dialect::Sqlite => format!(" ON CONFLICT ({key}) DO UPDATE SET "),
            Dialect::MySql => " ON DUPLICATE KEY UPDATE ".into(),
        }
    }
}
