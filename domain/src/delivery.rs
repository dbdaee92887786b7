//! Messages on their way to people outside the pages: by e-mail, web push and webhook.

use crate::{
    ids::{DeliveryId, DeviceId, ProjectId, UserId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// By which way.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// To the person's address.
    Email,
    /// To one of the person's browsers, open or not.
    Push,
    /// To another program.
    Webhook,
}

impl Channel {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Email, Self::Push, Self::Webhook];

    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Push => "push",
            Self::Webhook => "webhook",
        }
    }

    /// The channel of a stored word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == text)
    }

    /// In words for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Email => "E-mail",
            Self::Push => "Push",
            Self::Webhook => "Webhook",
        }
    }
}

/// How far a delivery is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Waits for its time.
    Queued,
    /// On its way just now.
    Sending,
    /// Taken by the mail server, the push service or the webhook.
    Sent,
    /// Given up.
    Failed,
    /// Not wanted any more before it was sent.
    Dropped,
    /// There was no way: no mail server is set up, or the person has no device that takes push messages.
    NoChannel,
}

impl DeliveryState {
    /// Every one.
    pub const ALL: [Self; 6] =
        [Self::Queued, Self::Sending, Self::Sent, Self::Failed, Self::Dropped, Self::NoChannel];

    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
            Self::NoChannel => "no_channel",
        }
    }

    /// The state of a stored word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// In words for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Queued => "waiting",
            Self::Sending => "being sent",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Dropped => "not needed any more",
            Self::NoChannel => "no way to reach",
        }
    }
}

/// What is said, whichever way it goes. Links are paths of PMS (`/projects/WEB`); the address before them and the
/// signatures of one-time links are put in when it is sent.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Message {
    /// A mail's subject, a notification's title.
    pub title: String,
    /// The rest, in plain text.
    pub text: String,
    /// The page that it is about, as a path.
    pub link: String,
    /// What replaces one another on a device: `alert-<id>`. At most 32 of `A–Z a–z 0–9 - _` count for the push service.
    #[serde(default)]
    pub tag: String,
    /// Whether it goes before others and wakes devices that sleep.
    #[serde(default)]
    pub urgent: bool,
    /// The alert that its reader may acknowledge from the message: it gets a signed one-time link `/acknowledge?token=…`.
    #[serde(default)]
    pub acknowledge: Option<Uuid>,
    /// What its reader may unsubscribe from, at most 64 characters: it gets a signed link `/unsubscribe?token=…` and, in
    /// a mail, the headers for one click.
    #[serde(default)]
    pub unsubscribe: Option<String>,
    /// More for programs: the `data` of a webhook's body.
    #[serde(default)]
    pub data: Option<String>,
}

/// Something to send.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewDelivery {
    /// Made by the caller, or `None`. One that is there already is not queued twice.
    pub id: Option<DeliveryId>,
    /// To whom; `None` only for a webhook.
    pub user_id: Option<UserId>,
    /// By which way.
    pub channel: Channel,
    /// To which device; `None` for push: to each of the person's devices that takes it.
    pub device_id: Option<DeviceId>,
    /// The webhook's address.
    pub url: Option<String>,
    /// What it belongs to, an alert or a notification, by which it is dropped again.
    pub reference: Option<Uuid>,
    /// The project that the person must still see when it is sent; of a webhook, the one whose own policy names it.
    pub project_id: Option<ProjectId>,
    /// Why, as a word for programs: `alert`, `assigned`, `digest`, `test` …
    pub reason: &'static str,
    /// What is said.
    pub message: Message,
    /// Not before this instant; `None`: now.
    pub not_before: Option<Timestamp>,
    /// Not after this instant: what is late then is given up. `None`: a day after it was queued.
    pub not_after: Option<Timestamp>,
}

impl NewDelivery {
    /// To a person by this way, now.
    pub const fn to(user: UserId, channel: Channel, reason: &'static str, message: Message) -> Self {
        Self {
            id: None,
            user_id: Some(user),
            channel,
            device_id: None,
            url: None,
            reference: None,
            project_id: None,
            reason,
            message,
            not_before: None,
            not_after: None,
        }
    }

    /// To the webhook at `url`, now.
    pub const fn hook(url: String, reason: &'static str, message: Message) -> Self {
        Self {
            id: None,
            user_id: None,
            channel: Channel::Webhook,
            device_id: None,
            url: Some(url),
            reference: None,
            project_id: None,
            reason,
            message,
            not_before: None,
            not_after: None,
        }
    }
}

/// A delivery and what became of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// To whom; nobody for a webhook.
    pub user_id: Option<UserId>,
    /// By which way.
    pub channel: Channel,
    /// To which device, which may be gone by now.
    pub device_id: Option<DeviceId>,
    /// What it belongs to.
    pub reference: Option<Uuid>,
    /// Why.
    pub reason: String,
    /// How far it is.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it is tried again.
    pub next_at: Option<Timestamp>,
    /// When it was sent, given up or dropped.
    pub ended_at: Option<Timestamp>,
    /// What the last try that failed said, in PMS's words.
    pub last_error: Option<String>,
}
