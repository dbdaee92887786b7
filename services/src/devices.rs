//! Devices: what a person's browsers say about themselves, and whom one can reach at this moment.

use crate::{
    Actor, Services,
    audit::{self, Act},
    authorize, deliveries, secrets,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Error, Result,
    delivery::{Channel, Delivery, Message, NewDelivery},
    device::{Device, PushAddress, Reach, Reachable, ReportDevice},
    error::Fields,
    ids::{DeviceId, UserId},
    limits,
    time::Timestamp,
    validate,
};
use std::collections::HashSet;
use store::Tx;

/// A report that says nothing new is not written again before this many seconds.
const SEEN_SECONDS: i64 = 30;
const DAY_SECONDS: i64 = 24 * 60 * 60;
/// Seconds between two tests of a person, and their tests within a day.
const TEST_SECONDS: i64 = 10;
const TESTS: usize = 20;
/// Seconds for which it is told what became of a test.
const TOLD_SECONDS: i64 = DAY_SECONDS;
/// Devices that were not seen for this long are forgotten.
const FORGOTTEN_SECONDS: i64 = 180 * 24 * 60 * 60;
/// What tests are queued as.
const TEST: &str = "test";

/// The person's own devices, last seen first.
///
/// # Errors
/// [`Error::Unauthenticated`] for the program itself.
pub async fn list(services: &Services, actor: &Actor) -> Result<Vec<Device>> {
    let user = authorize::person(actor)?;
    let mut tx = services.db.peek().await?;
    Ok(store::devices::list(&mut tx, user, services.now(), most()).await?)
}

/// Writes what a browser says about itself, whether PMS knows it already or not. Of more than 20 devices the one that was
/// not seen for the longest makes way. Whoever had the browser before does not get messages there any more.
///
/// # Errors
/// [`Error::Invalid`] for a name that is too long, or a push address that is none or that PMS sends nothing to.
pub async fn report(
    services: &Services,
    actor: &Actor,
    id: DeviceId,
    report: ReportDevice,
) -> Result<Device> {
    let user = authorize::own_act(actor)?;
    let report = checked(services, report)?;
    let now = services.now();
    let hash = report.push.as_ref().map(|push| secrets::sha256(&push.endpoint));
    let said = store::devices::Said { session: actor.session_id, report, endpoint_hash: hash };
    let mut tx = services.db.peek().await?;
    let before = store::devices::said(&mut tx, (user, id)).await?;
    drop(tx);
    let news = before.as_ref().is_none_or(|(before, _)| *before != said);
    let stale = before.is_none_or(|(_, seen)| now.seconds_since(seen) >= SEEN_SECONDS);
    if news || stale {
        write(services, (user, id), &said).await?;
    }
    let mut tx = services.db.peek().await?;
    store::devices::find(&mut tx, (user, id), now).await?.ok_or_else(|| Error::not_found("device"))
}

/// Removes one of the person's own devices: nothing is sent there any more, until it reports again.
///
/// # Errors
/// [`Error::NotFound`] if they have none of that id.
pub async fn remove(services: &Services, actor: &Actor, id: DeviceId) -> Result<()> {
    let user = authorize::own_act(actor)?;
    let mut tx = services.db.write_aside().await?;
    if !store::devices::remove(&mut tx, user, id).await? {
        return Err(Error::not_found("device"));
    }
    audit::note(&mut tx, services, actor, Act::done("device.removed", "device", id)).await?;
    tx.commit().await?;
    Ok(())
}

/// Sends a test to one of the person's own devices: a push message, or a mail where the device takes none. Gives what was
/// queued; what becomes of it is told by [`last_tests`].
///
/// # Errors
/// [`Error::NotFound`]; [`Error::TooMany`] within ten seconds of the last one to any device, and after twenty in a day.
pub async fn test(services: &Services, actor: &Actor, id: DeviceId) -> Result<Delivery> {
    let user = authorize::own_act(actor)?;
    let now = services.now();
    let mut tx = services.db.write_aside().await?;
    store::users::lock(&mut tx, user).await?;
    let found = store::devices::find(&mut tx, (user, id), now).await?;
    let device = found.ok_or_else(|| Error::not_found("device"))?;
    let before = store::deliveries::to_devices(&mut tx, user, TEST, now.plus_seconds(-DAY_SECONDS)).await?;
    let wait = |test: Option<&Delivery>, seconds| {
        test.map_or(0, |test: &Delivery| seconds - now.seconds_since(test.created_at))
    };
    let wait = wait(before.first(), TEST_SECONDS).max(wait(before.get(TESTS - 1), DAY_SECONDS));
    if wait > 0 {
        return Err(Error::TooMany { retry_after: wait.unsigned_abs() });
    }
    store::devices::tested(&mut tx, (user, id), now).await?;
    let queued = deliveries::queue(services, &mut tx, &[test_of(user, &device, now)]).await?;
    tx.commit().await?;
    deliveries::wake(services);
    queued.into_iter().next().ok_or_else(|| Error::not_found("device"))
}

/// What became of the last test of each of the person's own devices that had one within the last day.
///
/// # Errors
/// [`Error::Unauthenticated`] for the program itself.
pub async fn last_tests(services: &Services, actor: &Actor) -> Result<Vec<Delivery>> {
    let user = authorize::person(actor)?;
    let since = services.now().plus_seconds(-TOLD_SECONDS);
    let mut tx = services.db.peek().await?;
    let mut tests = store::deliveries::to_devices(&mut tx, user, TEST, since).await?;
    let mut told = HashSet::new();
    tests.retain(|test| told.insert(test.device_id));
    Ok(tests)
}

/// By which ways these people can be reached now; whoever may not sign in is left out. For use cases, which have asked
/// whether the caller may know.
///
/// # Errors
/// What the database says.
pub async fn reachable(services: &Services, tx: &mut Tx, users: &[UserId]) -> Result<Vec<Reachable>> {
    let mail = deliveries::has(services, Channel::Email);
    let push = deliveries::has(services, Channel::Push);
    let found = store::devices::reachable(tx, users, services.now()).await?;
    Ok(found
        .into_iter()
        .map(|Reachable { user_id, reach }| Reachable {
            user_id,
            reach: Reach { email: reach.email && mail, push: reach.push && push, ..reach },
        })
        .collect())
}

/// The person signs out of this browser: it is none of their devices any more.
///
/// # Errors
/// What the database says.
pub async fn leave(services: &Services, actor: &Actor) -> Result<()> {
    let (Some(user), Some(session)) = (actor.user_id, actor.session_id) else { return Ok(()) };
    let mut tx = services.db.write_aside().await?;
    store::devices::remove_of_session(&mut tx, user, session).await?;
    tx.commit().await?;
    Ok(())
}

/// Forgets devices that were not seen for half a year; gives how many.
///
/// # Errors
/// What the database says.
pub async fn sweep(services: &Services) -> Result<u64> {
    let mut tx = services.db.write_aside().await?;
    let forgotten = store::devices::sweep(&mut tx, services.now().plus_seconds(-FORGOTTEN_SECONDS)).await?;
    tx.commit().await?;
    Ok(forgotten)
}

async fn write(
    services: &Services,
    (user, id): (UserId, DeviceId),
    said: &store::devices::Said,
) -> Result<()> {
    let now = services.now();
    let mut tx = services.db.write_aside().await?;
    // Two pages of a new browser report at once.
    store::users::lock(&mut tx, user).await?;
    if !store::devices::update(&mut tx, (user, id), said, now).await? {
        make_room(&mut tx, user, now).await?;
        store::devices::insert(&mut tx, (user, id), now).await?;
        store::devices::update(&mut tx, (user, id), said, now).await?;
    }
    tx.commit().await?;
    if let (Some(push), Some(hash)) = (&said.report.push, said.endpoint_hash) {
        // By itself: it may touch the row of another person.
        let mut tx = services.db.write_aside().await?;
        store::devices::hand_over(&mut tx, (user, id), push, hash).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn make_room(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<()> {
    let devices = store::devices::list(tx, user, now, most()).await?;
    if let (true, Some(oldest)) = (devices.len() >= limits::DEVICES, devices.last()) {
        store::devices::remove(tx, user, oldest.id).await?;
    }
    Ok(())
}

fn most() -> i64 {
    i64::try_from(limits::DEVICES).unwrap_or(i64::MAX)
}

fn checked(services: &Services, report: ReportDevice) -> Result<ReportDevice> {
    let mut fields = Fields::new();
    let name = fields.check("name", validate::optional_line(&report.name, limits::NAME));
    // Where push messages are not set up, an address would be of no use, and nothing to refuse either.
    let pusher = services.outlets.pusher.as_ref();
    let push = report.push.filter(|_| pusher.is_some());
    if let (Some(push), Some(pusher)) = (&push, pusher) {
        if push.endpoint.len() > limits::ENDPOINT {
            fields.add("push.endpoint", "too_long", "This address is too long for a push service’s.");
        } else if let Err(why) = pusher.accepts(&push.endpoint) {
            fields.add("push.endpoint", "not_allowed", why);
        }
        if !has_keys(push) {
            fields.add("push", "keys", "These are not the keys of a push subscription.");
        }
    }
    fields.finish()?;
    Ok(ReportDevice { name, push, ..report })
}

/// Whether the keys have the form of a point of P-256, uncompressed, and of 16 bytes.
fn has_keys(push: &PushAddress) -> bool {
    let decoded = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).unwrap_or_default();
    if push.p256dh.len() > 100 || push.auth.len() > 50 {
        return false;
    }
    let point = decoded(&push.p256dh);
    point.len() == 65 && point[0] == 4 && decoded(&push.auth).len() == 16
}

fn test_of(user: UserId, device: &Device, now: Timestamp) -> NewDelivery {
    let channel = if device.push { Channel::Push } else { Channel::Email };
    let message = Message {
        title: "Test from PMS".into(),
        text: format!("This is the test that you asked for, for “{}”. Nothing is to be done.", device.name),
        link: "/account/devices".into(),
        tag: format!("test-{}", device.id),
        ..Message::default()
    };
    NewDelivery {
        device_id: Some(device.id),
        not_after: Some(now.plus_seconds(10 * 60)),
        ..NewDelivery::to(user, channel, TEST, message)
    }
}
