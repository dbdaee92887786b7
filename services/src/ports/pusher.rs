//! Web push: messages to a browser whose page may be closed.

use super::answer::{Answer, Script};
use async_trait::async_trait;
use domain::device::PushAddress;
use std::time::Duration;

/// A message to one browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// Where.
    pub to: PushAddress,
    /// What, as JSON; at most 3,900 bytes.
    pub body: String,
    /// For how long the push service keeps it while the browser is off.
    pub keep: Duration,
    /// Whether it wakes devices that sleep.
    pub urgent: bool,
    /// Those that the browser did not get yet are replaced by a newer one with the same topic: at most 32 characters of
    /// base64url.
    pub topic: Option<String>,
}

/// Hands messages to push services.
#[async_trait]
pub trait Pusher: Send + Sync {
    /// The public key by which push services know this server, in base64url: browsers ask for it when they subscribe.
    fn public_key(&self) -> String;
    /// Whether messages may go to that address.
    ///
    /// # Errors
    /// With a sentence that says why not.
    fn accepts(&self, endpoint: &str) -> Result<(), String>;
    /// One try.
    async fn send(&self, push: &Push) -> Answer;
}

#[async_trait]
impl Pusher for Script<Push> {
    fn public_key(&self) -> String {
        "BPlaceOfAKey".into()
    }

    fn accepts(&self, endpoint: &str) -> Result<(), String> {
        if endpoint.starts_with("https://push.example.org/") {
            Ok(())
        } else {
            Err("This is no push service that PMS knows.".into())
        }
    }

    async fn send(&self, push: &Push) -> Answer {
        self.play(push.clone()).await
    }
}
