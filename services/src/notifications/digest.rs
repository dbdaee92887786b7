//! What comes together in one e-mail, at the hour that its reader chose.

use super::{
    local_time::{next_digest, quiet_until},
    mail,
};
use crate::{Actor, Services, access, deliveries};
use domain::{
    Result,
    delivery::{Channel, NewDelivery},
    ids::UserId,
    limits,
};

/// People of one round.
const ROUND: usize = 100;

/// Writes to those whose hour has come, if there is anything that they have not read; gives to how many of them, written to
/// or not. A digest and the next hour are one transaction, so that after a crash nobody gets it twice, and a server that was
/// down sends one, not one for each hour that it missed.
///
/// # Errors
/// What the database says.
pub async fn digests(services: &Services) -> Result<u64> {
    let mut total = 0;
    loop {
        let (due, done) = round(services).await?;
        total += done;
        if done > 0 {
            deliveries::wake(services);
        }
        if due < ROUND || done == 0 {
            return Ok(u64::try_from(total).unwrap_or(u64::MAX));
        }
    }
}

/// How many there were, and for how many of them it is done.
async fn round(services: &Services) -> Result<(usize, usize)> {
    let mut tx = services.db.peek().await?;
    let limit = i64::try_from(ROUND).unwrap_or(i64::MAX);
    let due = store::notifications::digests_due(&mut tx, services.now(), limit).await?;
    drop(tx);
    let mut done = 0;
    for user in &due {
        match digest(services, *user).await {
            Ok(()) => done += 1,
            // The others do not wait for it; it is tried again with the next round.
            Err(error) => tracing::warn!(%error, %user, "a digest could not be made; it is made later"),
        }
    }
    Ok((due.len(), done))
}

async fn digest(services: &Services, user: UserId) -> Result<()> {
    let access = access::read(services, user).await?;
    // One at a time: another instance that came first has set the next hour.
    let mut tx = services.db.write().await?;
    let rhythm = store::notifications::rhythms(&mut tx, &[user]).await?.remove(&user).unwrap_or_default();
    let still_due = store::notifications::is_digest_due(&mut tx, user, services.now()).await?;
    if !still_due {
        return Ok(());
    }
    if let Some(access) = access {
        let actor = Actor::person(user, access);
        let rows = store::notifications::to_digest(&mut tx, (user, actor.visible()), limits::DIGEST).await?;
        if !rows.items.is_empty() && mail::is_set_up(services) {
            let message = mail::digest(&rows.items, rows.next.is_some());
            // One that is late because the server was down does not come in the night.
            let not_before = quiet_until(&rhythm, services.now());
            let new = NewDelivery { not_before, ..NewDelivery::to(user, Channel::Email, "digest", message) };
            deliveries::queue(services, &mut tx, &[new]).await?;
        }
    }
    store::notifications::digested(&mut tx, user).await?;
    let next = next_digest(&rhythm, services.now());
    store::notifications::set_digest_due(&mut tx, user, (rhythm.version, next)).await?;
    tx.commit().await?;
    Ok(())
}
