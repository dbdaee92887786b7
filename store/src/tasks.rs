//! Tasks.
//!
//! `read` and `family` find them, `list` and `board` show many, `write` and `put_away` change them, `place` keeps their order,
//! `counts` the numbers that columns and parents carry, `text` the search.

mod board;
mod counts;
mod cursor;
mod faces;
mod family;
mod import;
mod list;
mod place;
mod put_away;
mod read;
mod row;
mod text;
mod tree;
mod watchers;
mod write;

pub use board::board;
pub use counts::{Counted, Counts, add_to_columns, add_to_counts};
pub use cursor::Cursor;
pub use family::family;
pub use import::{Imported, imported, update_imported};
pub use list::{Scope, assigned_counts, holding_up, list, quick, released};
pub use place::{End, Ground, Neighbour, above, below, ends_of, ground, rebalance, set_ranks};
pub use put_away::{put_away, take_back};
pub use read::{find, find_by_key, find_many};
pub use row::Found;
pub use tree::{Link, chain, depth_below, links, subtree};
pub use watchers::{concerned, unwatch, watch, watchers};
pub use write::{
    BulkChange, NewRow, add_assignees, add_labels, add_to_comments, insert, remove_assignees, remove_labels,
    set_assignees, set_labels, update, update_many,
};

use uuid::Uuid;

/// The lowest 62 bits of a task's id, which are random: the integer that SQLite's full text index needs.
pub fn search_id(id: Uuid) -> i64 {
    // 62 bits always fit.
    i64::try_from(id.as_u128() & ((1 << 62) - 1)).unwrap_or_default()
}

/// `ids` with the last one repeated up to a power of two, so that lists of any length make few different statements.
pub(crate) fn padded(ids: &[Uuid]) -> Vec<Uuid> {
    let mut padded = ids.to_vec();
    if let Some(last) = ids.last() {
        padded.resize(ids.len().next_power_of_two(), *last);
    }
    padded
}
