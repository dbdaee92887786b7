//! What servers write to each other: JSON, ids only. A server of another version leaves out what it does not know.

use domain::ids::UserId;
use serde::{Deserialize, Serialize};
use services::ports::bus::{Event, Looking, Personal};
use uuid::Uuid;

/// People named in one letter: an announcement goes to all.
const PEOPLE: usize = 500;
/// Bytes that no letter has.
const TOO_LONG: usize = 64 * 1024;

#[derive(Debug, Serialize, Deserialize)]
pub struct Letter {
    /// Which server wrote it: it hears itself, too.
    pub from: Uuid,
    #[serde(flatten)]
    pub word: Word,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Word {
    /// There is something new in the outbox.
    Wake,
    /// Something of these people's own changed.
    People { what: Personal, people: Vec<UserId> },
    /// This person was signed out.
    SignedOut { user: UserId },
    /// Somebody looks at a task.
    Looking(Looking),
    /// What the writer said in the meantime may be lost.
    Missed,
    /// Nothing: the writer hears by it that Redis is there.
    Beat,
    /// Of another version.
    #[serde(other)]
    Unknown,
}

impl Letter {
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("ids and names are JSON")
    }

    /// `None` for what no server writes.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        (bytes.len() < TOO_LONG).then(|| serde_json::from_slice(bytes).ok())?
    }
}

impl Word {
    /// What others are to hear of an event.
    pub fn of(event: &Event) -> Vec<Self> {
        match event {
            Event::People(what, people) => {
                let letter = |people: &[UserId]| Self::People { what: *what, people: people.into() };
                people.chunks(PEOPLE).map(letter).collect()
            }
            Event::SignedOut(user) => vec![Self::SignedOut { user: *user }],
            // Each server has the first from the outbox and makes the second of `Looking`.
            Event::Changed(_) | Event::Present(..) | Event::Missed => Vec::new(),
        }
    }
}
