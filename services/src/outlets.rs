//! The ways out of PMS to people, as they are set up: mail, push, webhooks, and what signs the links in them.

use crate::{
    links::SigningKey,
    ports::{hook::Hook, mailer::Mailer, pusher::Pusher},
};
use domain::delivery::Channel;
use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;

/// The ways out. Cheap to clone.
#[derive(Clone)]
pub struct Outlets {
    /// Mail; `None`: no mail server is set up.
    pub mailer: Option<Arc<dyn Mailer>>,
    /// Web push.
    pub pusher: Option<Arc<dyn Pusher>>,
    /// Webhooks.
    pub hook: Option<Arc<dyn Hook>>,
    /// How people reach PMS: what stands before the paths in messages, as `https://pms.example.org`.
    pub base_url: Arc<str>,
    /// What signs links and webhooks.
    pub key: SigningKey,
    /// How long one try may take; a mail's, some times as long.
    pub patience: Duration,
    /// Says that something was queued: one for each channel.
    pub(crate) woken: Arc<[Notify; 3]>,
}

/// A mail is a conversation, in which the server may look at the letter before it takes it.
const TIMES_FOR_MAIL: u32 = 6;

impl Outlets {
    /// How long one try on that channel may take.
    pub fn patience(&self, channel: Channel) -> Duration {
        self.patience * if channel == Channel::Email { TIMES_FOR_MAIL } else { 1 }
    }

    /// No way out: what is queued has no channel.
    pub fn none() -> Self {
        Self {
            mailer: None,
            pusher: None,
            hook: None,
            base_url: "http://localhost:3000".into(),
            key: SigningKey::new([0; 32]),
            patience: Duration::from_secs(20),
            woken: Arc::default(),
        }
    }
}
