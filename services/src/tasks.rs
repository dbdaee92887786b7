//! Tasks.

mod bulk;
mod check;
mod choices;
mod create;
mod edit;
mod gate;
mod history;
mod list;
mod moving;
mod page;
mod put_away;
mod ranks;
mod save;
mod view;
mod watching;

pub use bulk::bulk;
pub use choices::{Choices, choices};
pub use create::create;
pub use edit::update;
pub use list::{board, list, list_with_projects};
pub use moving::{complete, move_to, reopen};
pub use page::{TaskPage, page};
pub use put_away::{archive, delete, restore, unarchive};
pub use view::{find, find_by_key, view};
pub use watching::{unwatch, watch};

pub(crate) use gate::{changeable, changeable_found, found_in_use, readable, stale};
pub(crate) use history::text as changed_text;
pub(crate) use ranks::Ranks;
pub(crate) use view::by_key;
