//! Urgent projects: somebody raises a project with a reason, and everyone in it is alerted until they acknowledge.

mod policy;
mod schedule;
mod span;

pub use policy::{Needs, Policy, Repeat, Step, Way, Who};
pub use schedule::{Planned, Ringing};
pub use span::{parse_span, span_text};

use crate::{
    delivery::{Channel, DeliveryState},
    device,
    ids::{AlertId, EpisodeId},
    project::ProjectRef,
    time::Timestamp,
    user::UserRef,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $text:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stored number.
            pub const fn code(self) -> i16 {
                match self { $(Self::$variant => $code),+ }
            }

            /// What has that number.
            pub fn from_code(code: i16) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }

            /// The name that people read.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

coded! {
    /// How an episode stands.
    EpisodeState {
        /// It rings.
        Open = 0, "Urgent";
        /// It is silent for a while, by somebody's decision.
        Suspended = 1, "Suspended";
        /// Somebody said that it is over.
        Resolved = 2, "Resolved";
        /// The project was archived or deleted.
        PutAway = 3, "Put away";
    }
}

coded! {
    /// How an alert stands.
    AlertState {
        /// It rings until its person acknowledges.
        Ringing = 0, "Not acknowledged";
        /// Its person acknowledged.
        Acknowledged = 1, "Acknowledged";
        /// It ended without its person: the episode is over, they left, or somebody else's word was enough.
        Ended = 2, "Ended";
    }
}

coded! {
    /// Why somebody is alerted.
    Why {
        /// They belong to the project.
        Member = 0, "Member";
        /// They watch something in it.
        Watcher = 1, "Watcher";
        /// Others did not acknowledge in time.
        Escalation = 2, "Escalation";
    }
}

coded! {
    /// Where somebody acknowledged.
    Via {
        /// By raising the project themselves.
        Raise = 0, "raised it";
        /// In a page.
        Page = 1, "in a page";
        /// In a system notification.
        Notification = 2, "in a notification";
        /// In a push message.
        Push = 3, "in a push message";
        /// By the link in an e-mail.
        Email = 4, "by the link in an e-mail";
        /// By the API.
        Api = 5, "by the API";
    }
}

impl EpisodeState {
    /// Whether it still goes on.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Suspended)
    }
}

/// One time that a project is urgent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    /// Its id.
    pub id: EpisodeId,
    /// The project.
    pub project: ProjectRef,
    /// Who raised it.
    pub raised_by: Option<UserRef>,
    /// Why, in words.
    pub reason: String,
    /// When.
    pub raised_at: Timestamp,
    /// Whether people are alerted; `false` where urgent alerts were turned off, so that it was only a label.
    pub rings: bool,
    /// The policy, as it was when the project was raised.
    pub policy: Policy,
    /// How it stands.
    pub state: EpisodeState,
    /// When the next step is taken, if one is left.
    pub next_step_at: Option<Timestamp>,
    /// That step, counted from 0 in the policy.
    pub next_step: Option<usize>,
    /// Until when it is silent, while it is suspended.
    pub suspended_until: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// Who said so.
    pub ended_by: Option<UserRef>,
    /// What they said, or why it is suspended.
    pub note: String,
    /// How many people's alerts ring.
    pub ringing: i64,
    /// How many people acknowledged.
    pub acknowledged: i64,
    /// Grows with every change of its state.
    pub version: i64,
}

/// A project to raise.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct NewEpisode {
    /// Made by the client or by the service.
    #[serde(default)]
    pub id: Option<EpisodeId>,
    /// See [`Episode::reason`].
    #[serde(default)]
    pub reason: String,
}

/// Somebody's acknowledgement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// When, by their own device where it had no connection.
    pub at: Timestamp,
    /// Where.
    pub via: Via,
    /// What they said.
    pub note: String,
    /// The browser, if it said which.
    pub device_id: Option<Uuid>,
}

/// One person's alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Its id.
    pub id: AlertId,
    /// The episode.
    pub episode_id: EpisodeId,
    /// Whose.
    pub user: UserRef,
    /// Why they are alerted.
    pub why: Why,
    /// How it stands.
    pub state: AlertState,
    /// Since when.
    pub since: Timestamp,
    /// How many times it has rung.
    pub rounds: i64,
    /// When it rings next.
    pub next_at: Option<Timestamp>,
    /// Their acknowledgement.
    pub acknowledgement: Option<Acknowledgement>,
}

/// An alert of one's own that rings, with what a dialog has to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnAlert {
    /// Its id.
    pub id: AlertId,
    /// The episode.
    pub episode_id: EpisodeId,
    /// The project.
    pub project: ProjectRef,
    /// Why the project is urgent.
    pub reason: String,
    /// Who raised it.
    pub raised_by: Option<UserRef>,
    /// Why oneself is alerted.
    pub why: Why,
    /// Since when.
    pub since: Timestamp,
    /// How many times it has rung.
    pub rounds: i64,
    /// When it rings next.
    pub next_at: Option<Timestamp>,
}

/// What comes with an acknowledgement.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Acknowledge {
    /// See [`Acknowledgement::note`].
    #[serde(default)]
    pub note: String,
    /// See [`Acknowledgement::via`].
    #[serde(default)]
    pub via: Option<Via>,
    /// See [`Acknowledgement::device_id`].
    #[serde(default)]
    pub device: Option<Uuid>,
    /// When it was, where it could not be sent at once.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

/// A policy with its version: the workspace's, or a project's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPolicy {
    /// The policy that counts.
    pub policy: Policy,
    /// Whether the project has its own; in the workspace, whether it was ever changed.
    pub own: bool,
    /// The version to change it with; 0 while there is none of its own.
    pub version: i64,
}

/// Somebody who would be alerted, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// The person.
    pub user: UserRef,
    /// Why they would be.
    pub why: Why,
    /// By which ways.
    pub reach: device::Reach,
}

/// What came of an episode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The episode.
    pub episode: Episode,
    /// Its people, those who have not acknowledged first.
    pub alerts: Vec<Alert>,
    /// What was sent, by way and result.
    pub sends: Vec<Sends>,
    /// What could not be sent, the last first.
    pub failures: Vec<Failure>,
    /// How many times the project was raised in the 30 days before this.
    pub raised_before: i64,
}

/// How many messages went by one way with one result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sends {
    /// The way.
    pub channel: Channel,
    /// The result.
    pub state: DeliveryState,
    /// How many.
    pub count: i64,
}

/// A message that did not reach its recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Whom it was for; nobody for a webhook.
    pub user: Option<UserRef>,
    /// The way.
    pub channel: Channel,
    /// The result.
    pub state: DeliveryState,
    /// When it was to be sent.
    pub at: Timestamp,
    /// What went wrong.
    pub why: String,
}

/// One line of a test of a policy: what would happen, and to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestLine {
    /// When, by which ways, and which step.
    pub planned: Planned,
    /// Whom it would alert; nobody for a webhook, and for a step that finds nobody.
    pub people: Vec<UserRef>,
}
