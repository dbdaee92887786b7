//! Use cases: one function for each thing a person can intend.
//!
//! Each walks the same way: authorise, open a transaction, read and write through `store`, journal what changed,
//! commit. Nothing here knows HTTP, the page or Redis; the outside is behind the traits of [`ports`].
#![warn(missing_docs)]

pub mod access;
pub mod accounts;
pub mod activity;
pub mod actor;
pub mod announcements;
mod attempts;
pub mod audit;
pub mod authorize;
pub mod backlog;
pub mod backup;
pub mod board_columns;
pub mod clocks;
pub mod comments;
pub mod deliveries;
pub mod dependencies;
pub mod devices;
pub mod doctor;
pub mod features;
pub mod home;
pub mod idempotency;
pub mod import;
pub mod journal;
pub mod labels;
pub mod links;
pub mod live;
pub mod maintenance;
pub mod markdown;
pub mod network;
pub mod notifications;
pub mod outbox;
pub mod outlets;
pub mod passwords;
pub mod ports;
pub mod presence;
pub mod project_members;
pub mod projects;
pub mod roles;
pub mod rounds;
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
pub mod urgent;
pub mod users;
pub mod why;
pub mod workspace;

pub use actor::{Actor, Place};
pub use features::Features;
pub use outlets::Outlets;

use domain::{Error, Result, ids::UserId, time::Timestamp};
use ports::{
    bus::{Bus, Event, Personal},
    clock::Clock,
    ids::Ids,
    rate_limits::RateLimits,
};
use std::{sync::Arc, time::Duration};
use store::{Db, Tx};
use tokio::time::timeout;

/// How long a replica may take for a read: a little longer than it lets a statement run, in case that it hangs.
const READING: Duration = Duration::from_secs(6);

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
    /// How often who may ask.
    pub rate_limits: Arc<dyn RateLimits>,
    /// The ways out to people: mail, push, webhooks.
    pub outlets: Outlets,
    /// Password hashing, bounded and off the async threads.
    pub passwords: passwords::Passwords,
    /// Who tries to sign in, one after the other.
    pub turns: turns::Turns,
    /// What is turned on.
    pub features: Features,
    /// Permissions by person, valid until anything about them changes.
    pub access: access::AccessCache,
    /// Who looks at which task.
    pub presence: presence::Presence,
}

impl Services {
    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A read that a replica may answer: of what is listed, and changed by [`Db::write`] alone. What the replica began and
    /// did not bring to an end, the primary database reads from the beginning.
    ///
    /// # Errors
    /// What `read` says of what the primary database shows, and what that database says.
    pub async fn read_listed<T, F>(&self, actor: &Actor, read: impl Fn(Tx) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>> + Send,
    {
        let Some(seen) = actor.seen else { return read(self.db.read().await?).await };
        if let Some(tx) = self.db.read_replica(seen).await
            && let Ok(done) = timeout(READING, read(tx)).await
            && !matches!(done, Err(Error::Unavailable { .. } | Error::Internal { .. }))
        {
            return done;
        }
        read(self.db.read().await?).await
    }

    /// Says that something of these people's own changed. Call it after the commit.
    pub fn tell(&self, what: Personal, mut people: Vec<UserId>) {
        if people.is_empty() {
            return;
        }
        people.sort_unstable();
        people.dedup();
        self.bus.publish(Event::People(what, people.into()));
    }

    /// The id that the client made, or a new one.
    pub fn id_or_new<I: From<uuid::Uuid>>(&self, given: Option<I>) -> I {
        given.unwrap_or_else(|| self.ids.id().into())
    }
}
