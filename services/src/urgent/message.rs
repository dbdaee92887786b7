//! What is said outside the pages.

use domain::{
    Timestamp,
    delivery::{Channel, Message, NewDelivery},
    ids::{AlertId, ProjectId, UserId},
    limits::urgent as limits,
    urgent::Way,
};
use serde_json::json;
use store::urgent::DueEpisode;

/// Why it is sent, for programs.
const REASON: &str = "alert";

/// The message to one person, by one way. A push message is worth nothing once the next one is due, and of mails not many
/// come at once after a mail server was down.
pub(super) fn to_person(
    episode: &DueEpisode,
    (alert, user): (AlertId, UserId),
    way: Way,
    (now, next_at): (Timestamp, Timestamp),
) -> NewDelivery {
    let (channel, not_after) = match way {
        Way::Push => (Channel::Push, next_at),
        Way::Email => (Channel::Email, now.plus_seconds(2 * limits::EMAIL_PAUSE)),
    };
    let message = Message {
        acknowledge: Some(alert.uuid()),
        tag: format!("alert-{}", alert.uuid().simple()),
        ..about(episode)
    };
    NewDelivery {
        reference: Some(alert.uuid()),
        project_id: Some(episode.project_id),
        not_after: Some(not_after),
        ..NewDelivery::to(user, channel, REASON, message)
    }
}

/// The message to another system, which the project's `own` policy names, or the workspace's.
pub(super) fn to_hook(episode: &DueEpisode, url: &str, own: Option<ProjectId>) -> NewDelivery {
    let data = json!({
        "episode": episode.id,
        "project": { "id": episode.project_id, "key": episode.key, "name": episode.name },
        "reason": episode.reason,
    });
    let message = Message { data: Some(data.to_string()), ..about(episode) };
    NewDelivery {
        reference: Some(episode.id.uuid()),
        project_id: own,
        ..NewDelivery::hook(url.into(), REASON, message)
    }
}

fn about(episode: &DueEpisode) -> Message {
    let who = episode.raiser.as_deref().unwrap_or("PMS");
    Message {
        title: format!("Urgent: {} ({})", episode.name, episode.key),
        text: format!(
            "{}\n\nRaised by {who}. This repeats until you acknowledge it; it cannot be turned off.",
            episode.reason
        ),
        link: format!("/urgent/{}", episode.id),
        urgent: true,
        ..Message::default()
    }
}
