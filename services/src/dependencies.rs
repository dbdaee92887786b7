//! Dependencies that act: a task with an open blocker is blocked by itself, and goes on by itself.
//!
//! `links` adds and removes them, `web` looks for loops, `settle` keeps numbers and states right in the transaction of
//! whatever changes them, `rule` refuses what blocked tasks may not do, `unblock` is the way around it by hand, `view`,
//! `graph` and `import` show and bring them, `check` compares everything with what it should be.

mod batch;
mod check;
mod graph;
mod import;
mod links;
mod rule;
mod settle;
mod unblock;
mod view;
mod web;

pub use check::{Check, check, kept, prepare, recompute};
pub use graph::graph;
pub use import::{csv as import_csv, refuse as refuse_import};
pub use links::{add, remove};
pub use unblock::{unblock, withdraw};
pub use view::find;

pub(crate) use batch::{Batch, Fate};
pub(crate) use rule::{Stuck, refuse_blocked, sees};
pub(crate) use settle::{Turned, project_turned, settle, settle_column};
pub(crate) use view::of;
pub(crate) use web::{refuse_parent_loop, refuse_parent_loops};

use crate::Services;
use domain::{Error, Result};

/// Lets through where dependencies are turned on.
///
/// # Errors
/// [`Error::Refused`] with `turned_off`.
fn turned_on(services: &Services) -> Result<()> {
    if services.features.dependencies {
        return Ok(());
    }
    Err(Error::refused(
        "turned_off",
        "Dependencies are turned off on this server. Ask whoever runs it to turn them on.",
    ))
}
