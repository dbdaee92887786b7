//! A message in the words of each channel, with whole addresses and signed links.

use super::send::keep;
use crate::{
    Services,
    links::{self, Link, Purpose},
    ports::{hook::Call, mailer::Mail, pusher::Push},
    secrets,
};
use domain::{
    device::PushAddress,
    ids::{ProjectId, UserId},
    limits,
};
use serde_json::{Value, json};
use std::fmt::Write as _;
use store::deliveries::Claimed;

/// Seconds for which a link to unsubscribe works: for long.
const UNSUBSCRIBE_SECONDS: i64 = 60 * 24 * 60 * 60;
/// Bytes of a push message's text: with title, links and keys it stays below the 3,900 that services take.
const PUSH_TEXT: usize = 1_200;

/// The signed links of a message to `user`, as far as it has any.
struct Links {
    page: String,
    acknowledge: Option<String>,
    unsubscribe: Option<String>,
}

fn links_of(services: &Services, claimed: &Claimed, user: Option<UserId>) -> Links {
    let base = &services.outlets.base_url;
    let signed = |purpose: Purpose, subject: Option<String>, seconds: i64| {
        let link = Link {
            subject: subject?,
            user_id: user?,
            expires_at: claimed.not_after.max(claimed.created_at.plus_seconds(seconds)),
        };
        let token = links::make(&services.outlets.key, purpose, &link);
        Some(format!("{base}{}?token={token}", purpose.path()))
    };
    let message = &claimed.message;
    Links {
        page: format!("{base}{}", message.link),
        acknowledge: signed(
            Purpose::Acknowledge,
            message.acknowledge.map(|id| id.to_string()),
            limits::urgent::LINK_SECONDS,
        ),
        unsubscribe: signed(Purpose::Unsubscribe, message.unsubscribe.clone(), UNSUBSCRIBE_SECONDS),
    }
}

/// As a mail.
pub(super) fn mail(
    services: &Services,
    claimed: &Claimed,
    (user, name, address): (UserId, &str, &str),
) -> Mail {
    let message = &claimed.message;
    let links = links_of(services, claimed, Some(user));
    let mut text = format!("{}\n", message.text);
    // Writing into a string does not fail.
    if let Some(link) = &links.acknowledge {
        let _ = write!(text, "\nAcknowledge: {link}\n");
    }
    if !message.link.is_empty() {
        let _ = write!(text, "\nOpen in PMS: {}\n", links.page);
    }
    if let Some(link) = &links.unsubscribe {
        let _ = write!(text, "\n-- \nNo more mails of this kind: {link}\n");
    }
    Mail {
        id: claimed.id.uuid(),
        name: name.into(),
        address: address.into(),
        subject: message.title.clone(),
        text,
        unsubscribe: links.unsubscribe,
        urgent: message.urgent,
        thread: message.acknowledge,
    }
}

/// As a push message: in the shape of Declarative Web Push, which some browsers show by themselves; the others' service
/// worker reads the same.
pub(super) fn push(services: &Services, claimed: &Claimed, (user, to): (UserId, &PushAddress)) -> Push {
    let message = &claimed.message;
    let links = links_of(services, claimed, Some(user));
    let body = json!({
        "web_push": 8030,
        "notification": {
            "title": message.title,
            "body": bytes(&message.text, PUSH_TEXT),
            "navigate": links.page,
            "tag": message.tag,
            "requireInteraction": message.urgent,
            "data": {
                "id": claimed.id,
                "reason": claimed.reason,
                "urgent": message.urgent,
                "alert": message.acknowledge,
                "acknowledge": links.acknowledge,
            },
        },
        "mutable": true,
    });
    Push {
        to: to.clone(),
        body: body.to_string(),
        keep: keep(services.now(), claimed.not_after),
        urgent: message.urgent,
        // A hash, because an id with a word before it is longer than the 32 characters of a topic.
        topic: (!message.tag.is_empty())
            .then(|| secrets::text(secrets::sha256(&message.tag)).chars().take(32).collect()),
    }
}

/// As a webhook's body.
pub(super) fn call(
    services: &Services,
    claimed: &Claimed,
    (url, user, project): (&str, Option<UserId>, Option<ProjectId>),
) -> Call {
    let message = &claimed.message;
    let data: Value =
        message.data.as_deref().and_then(|data| serde_json::from_str(data).ok()).unwrap_or(Value::Null);
    let body = json!({
        "id": claimed.id,
        "reason": claimed.reason,
        "at": claimed.created_at,
        "title": message.title,
        "text": message.text,
        "link": links_of(services, claimed, None).page,
        "urgent": message.urgent,
        "user_id": user,
        "data": data,
    });
    Call {
        id: claimed.id.uuid(),
        url: url.into(),
        body: body.to_string(),
        at: services.now().micros() / 1_000_000,
        secret: services.outlets.key.webhook_secret(project, url),
    }
}

/// The beginning of `text`, at most `most` bytes, in whole characters.
fn bytes(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(bytes("Übung", 1), "");
        assert_eq!(bytes("Übung", 2), "Ü");
        assert_eq!(bytes("Übung", 100), "Übung");
    }
}
