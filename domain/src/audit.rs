//! The audit log: security-relevant acts, by id, so that nothing in it ever has to be blacked out.

use crate::{ids::AuditId, time::Timestamp, user::UserRef};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How an act ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused.
    Refused,
}

impl Outcome {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }

    /// The outcome of that name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Done, Self::Refused].into_iter().find(|outcome| outcome.as_str() == text)
    }
}

/// One row of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who; `None` for nobody signed in, or the program itself.
    pub actor: Option<UserRef>,
    /// What was done, `thing.verb`.
    pub action: String,
    /// The kind of thing that it was done to: `user`, `role`, `token` …
    pub target_kind: String,
    /// That thing's id; `None` where there is none, as for an unknown user name.
    pub target_id: Option<Uuid>,
    /// How it ended.
    pub outcome: Outcome,
    /// The address that the request came from.
    pub address: String,
    /// The request's id, as in the log.
    pub request_id: String,
}
