//! Pages of lists by cursor: the cursor is opaque to callers and names the last row they saw.

use crate::{Error, Result, limits};
use serde::{Deserialize, Serialize};

/// Which part of a list to give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Rows at the most, 1 to [`limits::PAGE`].
    pub limit: i64,
    /// Where the last page ended; `None` for the first page.
    pub cursor: Option<String>,
}

impl Default for Page {
    fn default() -> Self {
        Self { limit: limits::PAGE_DEFAULT, cursor: None }
    }
}

impl Page {
    /// A page of `limit` rows (brought into its bounds) after `cursor`.
    pub fn new(limit: Option<i64>, cursor: Option<String>) -> Self {
        let limit = limit.unwrap_or(limits::PAGE_DEFAULT).clamp(1, limits::PAGE);
        Self { limit, cursor: cursor.filter(|text| !text.is_empty()) }
    }

    /// Where the page begins, as `read` understands its cursor; `None` for the first page.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cursor that no page gave.
    pub fn after<C>(&self, read: impl Fn(&str) -> Option<C>) -> Result<Option<C>> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        read(cursor).map(Some).ok_or_else(|| {
            let message = "This page of the list is not known. Start from the first page.";
            Error::field("cursor", "unknown", message)
        })
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paged<T> {
    /// The rows.
    pub items: Vec<T>,
    /// The cursor of the next page; `None` on the last.
    pub next: Option<String>,
}

impl<T> Paged<T> {
    /// Cuts `rows`, of which one more than `limit` was asked for, and makes the cursor from the last one kept.
    pub fn cut(mut rows: Vec<T>, limit: i64, cursor: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(cursor) } else { None };
        Self { items: rows, next }
    }

    /// The same page with each row changed.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Paged<U> {
        Paged { items: self.items.into_iter().map(change).collect(), next: self.next }
    }
}
