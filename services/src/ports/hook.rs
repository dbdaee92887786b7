//! Webhooks: telling other programs.

use super::answer::{Answer, Script};
use async_trait::async_trait;

/// A call of another program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The same for every try, so that the other side can leave out what it has seen.
    pub id: uuid::Uuid,
    /// Where.
    pub url: String,
    /// What, as JSON.
    pub body: String,
    /// When, in seconds since 1970: signed with the body, so that an old call can't be played again.
    pub at: i64,
    /// What both sides sign with.
    pub secret: String,
}

/// Calls other programs.
#[async_trait]
pub trait Hook: Send + Sync {
    /// Whether calls may go to that address. What its name stands for is only seen when it is called.
    ///
    /// # Errors
    /// With a sentence that says why not.
    fn accepts(&self, url: &str) -> Result<(), String>;
    /// One try.
    async fn send(&self, call: &Call) -> Answer;
}

#[async_trait]
impl Hook for Script<Call> {
    fn accepts(&self, url: &str) -> Result<(), String> {
        if url.starts_with("https://") {
            Ok(())
        } else {
            Err("A webhook's address begins with https://.".into())
        }
    }

    async fn send(&self, call: &Call) -> Answer {
        self.play(call.clone()).await
    }
}
