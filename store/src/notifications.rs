//! What people are told: rows of their inboxes.

mod audience;
mod due;
mod gone;
mod history;
mod list;
mod marks;
mod rhythm;
mod wishes;
mod write;

pub use audience::{Interest, Reach, interested, members_of_teams, reach};
pub use due::{Due, due, time_zones};
pub use gone::{forget, remove_choices, remove_of_project, remove_of_tasks, unannounced};
pub use history::{Position, Row as HistoryRow, after, anything_new, move_on, position};
pub(crate) use list::{counted, over, up_to};
pub use list::{find, list, of_ids, to_digest, unread};
pub use marks::{Piece, archived_before, digested, mark, mark_until, not_in_digest, own, remove};
pub use rhythm::{digests_due, is_digest_due, rhythms, set_digest_due, set_rhythm};
pub use wishes::{choose, chosen_projects, end, wishes};
pub use write::{New, Place, insert};
