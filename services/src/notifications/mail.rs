//! By e-mail: what is sent, and how its reader ends it with one click.

use crate::{
    Services, deliveries,
    links::{self, Purpose},
};
use domain::{
    Result,
    delivery::{Channel, Message, NewDelivery},
    ids::{NotificationId, UserId},
    limits,
    notification::{Event, Notification},
    time::Timestamp,
    wish::{self, locked},
};
use std::collections::HashMap;
use store::Tx;

/// Letters kept for what stands after the lines of a digest.
const REST: usize = 100;
/// What a digest's link unsubscribes from.
pub(super) const EVERYTHING: &str = "everything";

/// Whether there is a way to send e-mail at all.
pub(super) fn is_set_up(services: &Services) -> bool {
    deliveries::has(services, Channel::Email)
}

/// A notification that is sent by itself.
#[derive(Clone, Copy)]
pub(super) struct Mail {
    pub(super) id: NotificationId,
    /// For which its reader wants e-mail; what it is shown as may be another.
    pub(super) event: Event,
    /// The end of the person's quiet hours.
    pub(super) not_before: Option<Timestamp>,
}

/// Hands these over, in the transaction that made them; those that were told before are not there and not sent.
pub(super) async fn queue(tx: &mut Tx, services: &Services, mails: &[Mail]) -> Result<()> {
    let ids: Vec<_> = mails.iter().map(|mail| mail.id).collect();
    let found = store::notifications::of_ids(tx, &ids).await?;
    let mails: HashMap<_, _> = mails.iter().map(|mail| (mail.id, mail)).collect();
    let new: Vec<NewDelivery> = found
        .iter()
        .filter_map(|(user, it)| Some((user, it, mails.get(&it.id)?)))
        .map(|(user, it, mail)| NewDelivery {
            reference: Some(it.id.uuid()),
            // Who may not see it any more does not get it: asked again when it is sent.
            project_id: it.project.as_ref().map(|project| project.id),
            not_before: mail.not_before,
            ..NewDelivery::to(*user, Channel::Email, mail.event.as_str(), message(it, mail.event))
        })
        .collect();
    if !new.is_empty() {
        deliveries::queue(services, tx, &new).await?;
    }
    Ok(())
}

/// Takes back what was not sent yet of notifications that their person has read meanwhile.
pub(crate) async fn take_back(tx: &mut Tx, services: &Services, ids: &[NotificationId]) -> Result<()> {
    if ids.is_empty() || !is_set_up(services) {
        return Ok(());
    }
    let references: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    deliveries::drop_queued(services, tx, &references).await?;
    Ok(())
}

fn message(it: &Notification, event: Event) -> Message {
    let mut text = vec![it.act() + "."];
    if let Some(excerpt) = it.excerpt() {
        text.push(excerpt.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n"));
    }
    if it.waits() {
        text.push("You are asked to say that you have read it.".into());
    }
    text.push(format!("You get this e-mail: {}", it.why().replacen("Because", "because", 1)));
    Message {
        title: format!("{}: {}", it.about(), it.act()),
        text: text.join("\n\n"),
        link: it.path(),
        unsubscribe: Some(event.as_str().into()),
        ..Message::default()
    }
}

/// A digest of these, of which there may be more.
pub(super) fn digest(rows: &[Notification], more: bool) -> Message {
    let mut room = limits::MESSAGE_TEXT - REST;
    let lines = rows.iter().map(|row| format!("- {}: {}", row.about(), row.act()));
    let lines: Vec<_> = lines
        .take_while(|line| {
            let fits = line.len() < room;
            room = room.saturating_sub(line.len() + 1);
            fits
        })
        .collect();
    let more = more || lines.len() < rows.len();
    let rest = if more { "\n\nThere is more in your inbox." } else { "" };
    let count = lines.len();
    let what = if count == 1 && !more { "notification" } else { "notifications" };
    let than = if more { "more than " } else { "" };
    Message {
        title: format!("{than}{count} unread {what}"),
        text: format!("{}{rest}", lines.join("\n")),
        link: "/inbox".into(),
        unsubscribe: Some(EVERYTHING.into()),
        ..Message::default()
    }
}

/// What a link in an e-mail ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unsubscribed {
    /// E-mails about this.
    From(Event),
    /// All e-mails of notifications.
    FromEverything,
}

impl Unsubscribed {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::From(event) => event.label(),
            Self::FromEverything => "All notifications",
        }
    }

    fn events(self) -> Vec<Event> {
        match self {
            Self::From(event) => vec![event],
            Self::FromEverything => Event::ALL.into(),
        }
    }
}

/// What the link with this token ends; `None` for one that was not made here or has ended.
pub fn unsubscribes_from(services: &Services, token: &str) -> Option<Unsubscribed> {
    told_by(services, token).map(|(_, what)| what)
}

/// Ends it, in all projects: what was chosen for single ones too. Clicked again, it changes nothing.
///
/// # Errors
/// What the database says.
pub async fn unsubscribe(services: &Services, token: &str) -> Result<Option<Unsubscribed>> {
    let Some((user, what)) = told_by(services, token) else { return Ok(None) };
    let events: Vec<_> =
        what.events().into_iter().filter(|event| locked(*event, wish::Channel::Email).is_none()).collect();
    let mut tx = services.db.write_aside().await?;
    store::notifications::end(&mut tx, user, (&events, wish::Channel::Email)).await?;
    store::notifications::not_in_digest(&mut tx, user, &events).await?;
    tx.commit().await?;
    Ok(Some(what))
}

fn told_by(services: &Services, token: &str) -> Option<(UserId, Unsubscribed)> {
    let link = links::check(services, Purpose::Unsubscribe, token)?;
    let what = match link.subject.as_str() {
        EVERYTHING => Unsubscribed::FromEverything,
        event => Unsubscribed::From(Event::parse(event)?),
    };
    Some((link.user_id, what))
}
