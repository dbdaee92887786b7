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
    /// Which of its letters it is: where one is missing, something was not heard.
    pub number: u64,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Word> {
        Letter::read(text.as_bytes()).map(|letter| letter.word)
    }

    #[test]
    fn a_letter_is_read_as_it_was_written() {
        let user = UserId(Uuid::from_u128(7));
        let words = [
            Word::Wake,
            Word::SignedOut { user },
            Word::People { what: Personal::Urgent, people: vec![user] },
            Word::Looking(Looking {
                project: Uuid::from_u128(1).into(),
                task: Uuid::from_u128(2).into(),
                user,
                here: true,
            }),
        ];
        for word in words {
            let letter = Letter { from: Uuid::from_u128(3), number: 9, word: word.clone() };
            assert_eq!(read(&letter.to_json()), Some(word));
        }
    }

    #[test]
    fn what_a_newer_version_says_is_left_out_and_what_no_server_says_is_none() {
        let from = Uuid::from_u128(3);
        assert_eq!(
            read(&format!(r#"{{"from":"{from}","number":1,"kind":"song","verse":2}}"#)),
            Some(Word::Unknown)
        );
        assert_eq!(read("{}"), None);
        assert_eq!(read("hello"), None);
        let long = format!(r#"{{"from":"{from}","number":1,"kind":"beat","x":"{}"}}"#, "x".repeat(TOO_LONG));
        assert_eq!(read(&long), None);
    }
}
