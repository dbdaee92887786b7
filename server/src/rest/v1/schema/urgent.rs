//! Urgent projects.

use super::{ProjectRef, UserRef};
use utoipa::ToSchema;
use uuid::Uuid;

/// Whether a project is urgent.
#[derive(ToSchema)]
pub struct CurrentEpisode {
    /// Whether it is.
    pub urgent: bool,
    /// The episode that goes on.
    #[schema(required = true)]
    pub episode: Option<Episode>,
}

/// One time that a project is urgent.
#[derive(ToSchema)]
pub struct Episode {
    /// Its id.
    pub id: Uuid,
    /// The project.
    pub project: ProjectRef,
    /// Who raised it.
    #[schema(required = true)]
    pub raised_by: Option<UserRef>,
    /// Why, in words.
    pub reason: String,
    /// When.
    #[schema(format = DateTime)]
    pub raised_at: String,
    /// Whether people are alerted; `false` where urgent alerts were turned off, so that it was only a label.
    pub rings: bool,
    /// The policy, as it was when the project was raised.
    pub policy: UrgentPolicy,
    /// How it stands.
    pub state: EpisodeState,
    /// When the next step is looked at, if one is left.
    #[schema(format = DateTime, required = true)]
    pub next_step_at: Option<String>,
    /// That step, counted from 0 in the policy.
    #[schema(required = true)]
    pub next_step: Option<i64>,
    /// Until when it is silent, while it is suspended.
    #[schema(format = DateTime, required = true)]
    pub suspended_until: Option<String>,
    /// When it was over.
    #[schema(format = DateTime, required = true)]
    pub ended_at: Option<String>,
    /// Who said so.
    #[schema(required = true)]
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
#[derive(ToSchema)]
pub struct NewEpisode {
    /// Made by the client or by the service.
    pub id: Option<Uuid>,
    /// Why, in words, up to 500 characters.
    #[schema(required = false)]
    pub reason: String,
}

/// Somebody's acknowledgement.
#[derive(ToSchema)]
pub struct Acknowledgement {
    /// When, by their own device where it had no connection.
    #[schema(format = DateTime)]
    pub at: String,
    /// Where.
    pub via: Via,
    /// What they said.
    pub note: String,
    /// The browser, if it said which.
    #[schema(required = true)]
    pub device_id: Option<Uuid>,
}

/// One person's alert.
#[derive(ToSchema)]
pub struct Alert {
    /// Its id.
    pub id: Uuid,
    /// The episode.
    pub episode_id: Uuid,
    /// Whose.
    pub user: UserRef,
    /// Why they are alerted.
    pub why: WhyAlerted,
    /// How it stands.
    pub state: AlertState,
    /// Since when.
    #[schema(format = DateTime)]
    pub since: String,
    /// How many times it has rung.
    pub rounds: i64,
    /// When it rings next.
    #[schema(format = DateTime, required = true)]
    pub next_at: Option<String>,
    /// Their acknowledgement.
    #[schema(required = true)]
    pub acknowledgement: Option<Acknowledgement>,
}

/// An alert of one's own that rings.
#[derive(ToSchema)]
pub struct OwnAlert {
    /// Its id.
    pub id: Uuid,
    /// The episode.
    pub episode_id: Uuid,
    /// The project.
    pub project: ProjectRef,
    /// Why the project is urgent.
    pub reason: String,
    /// Who raised it.
    #[schema(required = true)]
    pub raised_by: Option<UserRef>,
    /// Why oneself is alerted.
    pub why: WhyAlerted,
    /// Since when.
    #[schema(format = DateTime)]
    pub since: String,
    /// How many times it has rung.
    pub rounds: i64,
    /// When it rings next.
    #[schema(format = DateTime, required = true)]
    pub next_at: Option<String>,
}

/// What comes with an acknowledgement.
#[derive(ToSchema)]
pub struct Acknowledge {
    /// What they say, up to 500 characters.
    #[schema(required = false)]
    pub note: String,
    /// Where; `raise` and `email` are for PMS to say.
    pub via: Option<Via>,
    /// The browser.
    pub device: Option<Uuid>,
    /// When it was, where it could not be sent at once.
    #[schema(format = DateTime)]
    pub at: Option<String>,
}

/// What to say when an episode is over.
#[derive(ToSchema)]
pub struct Resolve {
    /// Up to 500 characters.
    #[schema(required = false)]
    pub note: String,
}

/// Until when an episode is silent, and why.
#[derive(ToSchema)]
pub struct Suspend {
    /// At most 24 hours from now.
    #[schema(format = DateTime)]
    pub until: String,
    /// Why, up to 500 characters.
    pub reason: String,
}

/// Somebody who would be alerted, and how.
#[derive(ToSchema)]
pub struct PersonReach {
    /// The person.
    pub user: UserRef,
    /// Why they would be.
    pub why: WhyAlerted,
    /// By which ways.
    pub reach: ReachWays,
}

/// By which ways a person can be reached at this moment.
#[derive(ToSchema)]
pub struct ReachWays {
    /// A page that may make a sound is open.
    pub sound: bool,
    /// A page is open in a browser that shows notifications of the system.
    pub notifications: bool,
    /// A browser takes push messages, with the page closed.
    pub push: bool,
    /// They have an address, and mail is set up.
    pub email: bool,
}

/// How urgent projects ring.
#[derive(ToSchema)]
pub struct UrgentPolicy {
    /// Whose acknowledgement ends it.
    #[schema(required = false)]
    pub needs: Needs,
    /// How often it rings again, one after the other; the last has no end.
    pub repeats: Vec<Repeat>,
    /// What is added with time, the earliest first.
    pub steps: Vec<PolicyStep>,
    /// Seconds after which it rings again for somebody who acknowledged, while the project is still urgent; `null`: never.
    pub again_after_seconds: Option<i64>,
}

/// So often, and so many times.
#[derive(ToSchema)]
pub struct Repeat {
    /// Seconds from one to the next, 30 to 900.
    pub every_seconds: i64,
    /// How many times, 1 to 100; `null` in the last one only: until the end.
    pub times: Option<i64>,
}

/// One step: when, who, by what.
#[derive(ToSchema)]
pub struct PolicyStep {
    /// Seconds after the project was raised (for members: after they were alerted).
    pub after_seconds: i64,
    /// Whom it alerts.
    pub who: Whom,
    /// By which ways; none for a webhook.
    #[schema(required = false)]
    pub ways: Vec<Way>,
}

/// Whom a step alerts.
#[derive(ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Whom {
    /// The project's members and watchers who have not acknowledged, now by these ways too.
    Members,
    /// The project's owner.
    Owner,
    /// The leads of the project's teams.
    TeamLeads,
    /// Whoever may suspend urgent projects everywhere.
    Administrators,
    /// Everyone with this role, in the project or in the workspace.
    Role {
        /// The role.
        role_id: Uuid,
    },
    /// One person.
    Person {
        /// The person.
        user_id: Uuid,
    },
    /// Another system.
    Webhook {
        /// Where it listens.
        url: String,
    },
}

/// A policy with its version.
#[derive(ToSchema)]
pub struct KeptPolicy {
    /// The policy that counts.
    pub policy: UrgentPolicy,
    /// Whether the project has its own; in the workspace, whether it was ever changed.
    pub own: bool,
    /// The version to change it with; 0 while there is none of its own.
    pub version: i64,
    /// For whoever may change it: its own webhooks, with what their calls are signed with.
    pub webhooks: Vec<Webhook>,
}

/// A webhook of a policy.
#[derive(ToSchema)]
pub struct Webhook {
    /// Its address.
    pub url: String,
    /// What its calls are signed with.
    pub secret: String,
}

/// A policy over the version that the caller saw.
#[derive(ToSchema)]
pub struct SetPolicy {
    /// The version that the caller saw.
    #[schema(required = false)]
    pub version: i64,
    /// The policy.
    pub policy: UrgentPolicy,
}

/// A policy to try.
#[derive(ToSchema)]
pub struct TestPolicy {
    /// `null`: the one that counts.
    pub policy: Option<UrgentPolicy>,
}

/// One line of a test: what would happen, and to whom.
#[derive(ToSchema)]
pub struct TestLine {
    /// When, by which ways, and which step.
    pub planned: Planned,
    /// Whom it would alert; nobody for a webhook, and for a step that finds nobody.
    pub people: Vec<UserRef>,
}

/// One line of a policy's timetable.
#[derive(ToSchema)]
pub struct Planned {
    /// Seconds after the project was raised.
    pub after_seconds: i64,
    /// The step that alerts others; `null`: members who have not acknowledged are alerted (again).
    #[schema(required = true)]
    pub step: Option<i64>,
    /// By which ways, besides the open page.
    pub ways: Vec<Way>,
}

/// What came of an episode.
#[derive(ToSchema)]
pub struct EpisodeReport {
    /// The episode.
    pub episode: Episode,
    /// Its people, those who have not acknowledged first.
    pub alerts: Vec<Alert>,
    /// What was sent, by way and result.
    pub sends: Vec<Sends>,
    /// What could not be sent, the last first.
    pub failures: Vec<SendFailure>,
    /// How many times the project was raised in the 30 days before this.
    pub raised_before: i64,
}

/// How many messages went by one way with one result.
#[derive(ToSchema)]
pub struct Sends {
    /// The way.
    pub channel: SendChannel,
    /// The result.
    pub state: SendState,
    /// How many.
    pub count: i64,
}

/// A message that did not reach its recipient.
#[derive(ToSchema)]
pub struct SendFailure {
    /// Whom it was for; nobody for a webhook.
    #[schema(required = true)]
    pub user: Option<UserRef>,
    /// The way.
    pub channel: SendChannel,
    /// The result.
    pub state: SendState,
    /// When it was to be sent.
    #[schema(format = DateTime)]
    pub at: String,
    /// What went wrong.
    pub why: String,
}

macro_rules! words {
    ($($(#[doc = $what:literal])+ $name:ident: $words:expr;)+) => {$(
        $(#[doc = $what])+
        pub struct $name;

        impl ToSchema for $name {}

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                super::names::one_of(concat!($($what),+).trim(), $words)
            }
        }
    )+};
}

words! {
    /// How an episode stands.
    EpisodeState: ["open", "suspended", "resolved", "put_away"];
    /// How an alert stands.
    AlertState: ["ringing", "acknowledged", "ended"];
    /// Why somebody is alerted.
    WhyAlerted: ["member", "watcher", "escalation"];
    /// Where somebody acknowledged.
    Via: ["raise", "page", "notification", "push", "email", "api"];
    /// Whose acknowledgement it takes.
    Needs: ["everyone", "first"];
    /// A way to a person besides the open page, which always rings.
    Way: ["push", "email"];
    /// The way of a message.
    SendChannel: ["email", "push", "webhook"];
    /// What became of a message.
    SendState: ["queued", "sending", "sent", "failed", "dropped", "no_channel"];
}
