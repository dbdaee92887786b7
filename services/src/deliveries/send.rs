//! One try: what is said in the words of its channel, and what follows from the answer.

use super::words;
use crate::{Services, ports::answer::Answer, secrets};
use domain::{
    delivery::Channel,
    device::PushAddress,
    ids::{DeviceId, UserId},
    time::Timestamp,
};
use std::time::Duration;
use store::deliveries::{Claimed, Recipient, Settled};

/// Tries of one delivery at the most, however long it lasts.
const MOST_TRIES: i64 = 200;
/// Seconds until the second try; doubled with each that follows.
const FIRST_PAUSE: i64 = 5;
const LONGEST_PAUSE: i64 = 15 * 60;
/// What is urgent is not tried seldomer than this.
const LONGEST_URGENT_PAUSE: i64 = 60;
/// The longest wait that another side may ask for.
pub(super) const LONGEST_ASKED: i64 = 60 * 60;
const NOT_SET_UP: &str = "This way is not set up here.";
const TOO_LATE: &str = "It could not be sent in time.";
const UNREADABLE: &str = "What was to be sent could not be read.";
const NO_ANSWER: &str = "There was no answer in time.";

/// Sends it, or finds that it is not to be sent any more.
pub(super) async fn once(services: &Services, claimed: Claimed) -> Settled {
    if services.now() > claimed.not_after {
        return Settled::Failed { why: TOO_LATE.into() };
    }
    // Not only after an answer: something about it may end the program each time.
    if claimed.attempts > MOST_TRIES {
        return Settled::Failed { why: NO_ANSWER.into() };
    }
    let answer = match &claimed.recipient {
        Recipient::Outsider => return Settled::Dropped,
        Recipient::Unreadable => {
            tracing::error!(delivery = %claimed.id, "a delivery could not be read; it is given up");
            return Settled::Failed { why: UNREADABLE.into() };
        }
        Recipient::NoDevice => {
            return Settled::NoChannel { why: "The device takes no push messages any more.".into() };
        }
        Recipient::Address { .. } | Recipient::Browser { .. } | Recipient::Hook { .. } => {
            let patience = services.outlets.patience(channel_of(&claimed.recipient));
            let sending = tokio::time::timeout(patience, hand_over(services, &claimed)).await;
            sending.unwrap_or_else(|_| Answer::later(NO_ANSWER))
        }
    };
    match answer {
        Answer::Taken => Settled::Sent,
        Answer::Refused { why } => Settled::Failed { why },
        Answer::Later { after, why } => later(services, &claimed, after, why),
        Answer::Gone => gone(services, &claimed).await,
    }
}

/// By which way a recipient is reached.
const fn channel_of(recipient: &Recipient) -> Channel {
    match recipient {
        Recipient::Address { .. } => Channel::Email,
        Recipient::Hook { .. } => Channel::Webhook,
        _ => Channel::Push,
    }
}

async fn hand_over(services: &Services, claimed: &Claimed) -> Answer {
    let outlets = &services.outlets;
    let missing = || Answer::later(NOT_SET_UP);
    match &claimed.recipient {
        Recipient::Address { user, name, address } => match &outlets.mailer {
            Some(mailer) => mailer.send(&words::mail(services, claimed, (*user, name, address))).await,
            None => missing(),
        },
        Recipient::Browser { user, push, .. } => match &outlets.pusher {
            Some(pusher) => pusher.send(&words::push(services, claimed, (*user, push))).await,
            None => missing(),
        },
        Recipient::Hook { url, user, project } => match &outlets.hook {
            Some(hook) => hook.send(&words::call(services, claimed, (url, *user, *project))).await,
            None => missing(),
        },
        Recipient::Outsider | Recipient::NoDevice | Recipient::Unreadable => Answer::Gone,
    }
}

/// The next try, or the end, if there is no time for one.
fn later(services: &Services, claimed: &Claimed, after: Option<Duration>, why: String) -> Settled {
    let at = services.now().plus_seconds(pause(services, claimed, after));
    if claimed.attempts >= MOST_TRIES || at > claimed.not_after {
        return Settled::Failed { why };
    }
    Settled::Again { at, why }
}

/// Seconds until the next try: longer each time, and not the same for all who failed at the same moment.
fn pause(services: &Services, claimed: &Claimed, after: Option<Duration>) -> i64 {
    let longest = if claimed.message.urgent { LONGEST_URGENT_PAUSE } else { LONGEST_PAUSE };
    let doubled = FIRST_PAUSE << (claimed.attempts - 1).clamp(0, 10);
    let whole = doubled.min(longest);
    let ours = whole - i64::from(services.ids.secret()[31]) * whole / 2 / 255;
    let asked = after.map_or(0, |after| i64::try_from(after.as_secs()).unwrap_or(LONGEST_ASKED));
    ours.max(asked.min(LONGEST_ASKED)).max(1)
}

/// The other side says that there is nobody any more.
async fn gone(services: &Services, claimed: &Claimed) -> Settled {
    let why = match &claimed.recipient {
        Recipient::Browser { user, device, push } => {
            if let Err(error) = forget(services, (*user, *device), push).await {
                tracing::warn!(%error, %device, "a push address that is void could not be forgotten");
            }
            "The browser has given its push address up."
        }
        _ => "There is nobody at that address any more.",
    };
    Settled::NoChannel { why: why.into() }
}

async fn forget(services: &Services, device: (UserId, DeviceId), push: &PushAddress) -> domain::Result<()> {
    let mut tx = services.db.write_aside().await?;
    store::devices::forget_push(&mut tx, device, secrets::sha256(&push.endpoint)).await?;
    tx.commit().await?;
    Ok(())
}

/// For how long a push service is to keep a message.
pub(super) fn keep(now: Timestamp, not_after: Timestamp) -> Duration {
    // Push services take four weeks at the most.
    Duration::from_secs(u64::try_from(not_after.seconds_since(now)).unwrap_or(0).min(28 * 24 * 60 * 60))
}
