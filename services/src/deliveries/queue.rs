//! Queueing, inside the transaction that causes it.

use super::has;
use crate::{Services, secrets};
use domain::{
    Result,
    delivery::{Channel, Delivery, DeliveryState, Message, NewDelivery},
    ids::{DeliveryId, DeviceId, UserId},
    limits,
    time::Timestamp,
};
use std::collections::{BTreeSet, HashMap};
use store::{Tx, deliveries::NewRow};
use uuid::Uuid;

/// Seconds for which something is tried, unless it says otherwise.
const USUAL_SECONDS: i64 = 24 * 60 * 60;
const NO_MAIL: &str = "No mail server is set up.";
const NO_PUSH: &str = "Push messages are not set up.";
const NO_HOOKS: &str = "Webhooks are not set up.";
const NO_DEVICE: &str = "The person has no device that takes push messages.";

/// Queues these, and gives what came of it: a row for each recipient and way. A push message to no device in particular
/// becomes one for each of the person's devices that takes them. Where there is no way, the row says so at once. One
/// statement for each fifty rows. [`super::wake`] after the commit lets it go at once.
///
/// # Errors
/// What the database says.
pub async fn queue(services: &Services, tx: &mut Tx, new: &[NewDelivery]) -> Result<Vec<Delivery>> {
    let devices = devices_of(tx, new).await?;
    let rows: Vec<NewRow> = new.iter().flat_map(|new| rows_of(services, new, &devices)).collect();
    store::deliveries::insert(tx, &rows).await?;
    Ok(rows.into_iter().map(|row| row.delivery).collect())
}

/// Drops what is not sent yet of these references: it is never sent later. Gives how many.
///
/// # Errors
/// What the database says.
pub async fn drop_queued(services: &Services, tx: &mut Tx, references: &[Uuid]) -> Result<u64> {
    Ok(store::deliveries::drop_of(tx, references, services.now()).await?)
}

/// The devices that take push messages, of everybody who is to get one on whichever device.
async fn devices_of(tx: &mut Tx, new: &[NewDelivery]) -> Result<HashMap<UserId, Vec<DeviceId>>> {
    let users: BTreeSet<UserId> = new
        .iter()
        .filter(|new| new.channel == Channel::Push && new.device_id.is_none())
        .filter_map(|new| new.user_id)
        .collect();
    let users: Vec<UserId> = users.into_iter().collect();
    let mut devices: HashMap<UserId, Vec<DeviceId>> = HashMap::new();
    for (user, device) in store::devices::with_push(tx, &users).await? {
        devices.entry(user).or_default().push(device);
    }
    Ok(devices)
}

fn rows_of(services: &Services, new: &NewDelivery, devices: &HashMap<UserId, Vec<DeviceId>>) -> Vec<NewRow> {
    let missing = |why: &str| vec![row(services, new, (new.device_id, Some(why)))];
    match (new.channel, new.user_id) {
        (Channel::Email, _) if !has(services, Channel::Email) => missing(NO_MAIL),
        (Channel::Webhook, _) if !has(services, Channel::Webhook) => missing(NO_HOOKS),
        (Channel::Push, _) if !has(services, Channel::Push) => missing(NO_PUSH),
        (Channel::Push, Some(user)) if new.device_id.is_none() => match devices.get(&user) {
            Some(devices) => devices.iter().map(|device| row(services, new, (Some(*device), None))).collect(),
            None => missing(NO_DEVICE),
        },
        _ => vec![row(services, new, (new.device_id, None))],
    }
}

/// The row of one recipient; `missing` says why there is no way.
fn row(
    services: &Services,
    new: &NewDelivery,
    (device, missing): (Option<DeviceId>, Option<&str>),
) -> NewRow {
    let now = services.now();
    let state = if missing.is_some() { DeliveryState::NoChannel } else { DeliveryState::Queued };
    NewRow {
        delivery: Delivery {
            id: id_of(services, new, device),
            user_id: new.user_id,
            channel: new.channel,
            device_id: device,
            reference: new.reference,
            reason: new.reason.into(),
            state,
            attempts: 0,
            created_at: now,
            next_at: missing.is_none().then(|| new.not_before.map_or(now, |at| at.max(now))),
            ended_at: missing.map(|_| now),
            last_error: missing.map(String::from),
        },
        url: new.url.clone(),
        project_id: new.project_id,
        message: within_limits(&new.message),
        not_after: new.not_after.unwrap_or_else(|| usual_end(new.not_before.unwrap_or(now))),
    }
}

const fn usual_end(begin: Timestamp) -> Timestamp {
    begin.plus_seconds(USUAL_SECONDS)
}

/// The id that the caller made. Where it becomes rows of several devices, each has an id of its own that is the same when
/// the caller comes again.
fn id_of(services: &Services, new: &NewDelivery, device: Option<DeviceId>) -> DeliveryId {
    match (new.id, device) {
        (Some(id), Some(device)) if new.device_id.is_none() => {
            let both = [*id.uuid().as_bytes(), *device.uuid().as_bytes()].concat();
            let mut bytes = [0; 16];
            bytes.copy_from_slice(&secrets::sha256(both)[..16]);
            DeliveryId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
        }
        (Some(id), _) => id,
        (None, _) => DeliveryId(services.ids.id()),
    }
}

fn within_limits(message: &Message) -> Message {
    let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    // One line: a line end in a title would be a header of its own in a mail.
    let title: String = message
        .title
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(limits::MESSAGE_TITLE)
        .collect();
    Message {
        title,
        text: cut(&message.text, limits::MESSAGE_TEXT),
        link: cut(&message.link, limits::ENDPOINT),
        tag: cut(&message.tag, 64),
        unsubscribe: message.unsubscribe.as_deref().map(|what| cut(what, crate::links::SUBJECT)),
        // JSON that was cut would be none.
        data: message.data.clone().filter(|data| data.len() <= limits::MESSAGE_TEXT),
        ..message.clone()
    }
}
