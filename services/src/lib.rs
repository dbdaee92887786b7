//! Use cases: one function for each thing a person can intend.
//!
//! Each walks the same way: authorise, open a transaction, read and write through `store`, journal what changed,
//! commit. Nothing here knows HTTP, the page or Redis; the outside is behind the traits of [`ports`].
#![warn(missing_docs)]

pub mod access;
pub mod accounts;
pub mod activity;
pub mod actor;
mod attempts;
pub mod audit;
pub mod authorize;
pub mod board_columns;
pub mod comments;
pub mod dependencies;
pub mod features;
pub mod home;
pub mod idempotency;
pub mod import;
pub mod journal;
pub mod labels;
pub mod markdown;
pub mod outbox;
pub mod passwords;
pub mod ports;
pub mod project_members;
pub mod projects;
pub mod roles;
pub mod search;
mod secrets;
pub mod seed;
pub mod sessions;
pub mod set_up;
pub mod sign_in;
pub mod tasks;
pub mod teams;
pub mod tokens;
pub mod turns;
pub mod users;
pub mod why;
pub mod workspace;

pub use actor::{Actor, Place};
pub use features::Features;

use domain::time::Timestamp;
use ports::{bus::Bus, clock::Clock, ids::Ids};
use std::sync::Arc;
use store::Db;

/// What use cases work with. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids and secrets.
    pub ids: Arc<dyn Ids>,
    /// Where other parts of the program hear of changes.
    pub bus: Arc<dyn Bus>,
    /// Password hashing, bounded and off the async threads.
    pub passwords: passwords::Passwords,
    /// Who tries to sign in, one after the other.
    pub turns: turns::Turns,
    /// What is turned on.
    pub features: Features,
    /// Permissions by person, valid until anything about them changes.
    pub access: access::AccessCache,
}

impl Services {
    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The id that the client made, or a new one.
    pub fn id_or_new<I: From<uuid::Uuid>>(&self, given: Option<I>) -> I {
        given.unwrap_or_else(|| self.ids.id().into())
    }
}
