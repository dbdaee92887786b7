//! Mail.

use super::answer::{Answer, Script};
use async_trait::async_trait;

/// A mail to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The same for every try, so that a mail server that got it twice shows it once.
    pub id: uuid::Uuid,
    /// The reader's name.
    pub name: String,
    /// The reader's address.
    pub address: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// Where a mail program unsubscribes with one click (RFC 8058).
    pub unsubscribe: Option<String>,
    /// Whether it is to be shown as important.
    pub urgent: bool,
    /// What mails about the same belong to.
    pub thread: Option<uuid::Uuid>,
}

/// Hands mails to a mail server.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// One try.
    async fn send(&self, mail: &Mail) -> Answer;
}

#[async_trait]
impl Mailer for Script<Mail> {
    async fn send(&self, mail: &Mail) -> Answer {
        self.play(mail.clone()).await
    }
}
