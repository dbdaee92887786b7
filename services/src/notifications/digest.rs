//! What comes together in one e-mail, at the hour that its reader chose.

use super::{local_time::next_digest, mail};
use crate::{Actor, Services, access, deliveries};
use domain::{
    Result,
    delivery::{Channel, NewDelivery},
    ids::UserId,
    limits,
};

/// People of one round.
const ROUND: i64 = 100;

/// One round: writes to some people whose hour has come, if there is anything that they have not read; gives to how many of
/// them, written to or not. A digest and the next hour are one transaction, so that after a crash nobody gets it twice, and
/// a server that was down sends one, not one for each hour that it missed.
///
/// # Errors
/// What the database says.
pub async fn digests(services: &Services) -> Result<u64> {
    let due = {
        let mut tx = services.db.peek().await?;
        store::notifications::digests_due(&mut tx, services.now(), ROUND).await?
    };
    for user in &due {
        digest(services, *user).await?;
    }
    if !due.is_empty() {
        deliveries::wake(services);
    }
    Ok(u64::try_from(due.len()).unwrap_or(u64::MAX))
}

async fn digest(services: &Services, user: UserId) -> Result<()> {
    let counter = {
        let mut tx = services.db.peek().await?;
        store::counters::read(&mut tx).await?.access
    };
    let access = access::of(services, user, counter).await?;
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
            let new = NewDelivery::to(user, Channel::Email, "digest", message);
            deliveries::queue(services, &mut tx, &[new]).await?;
        }
    }
    store::notifications::digested(&mut tx, user).await?;
    store::notifications::set_digest_due(&mut tx, user, next_digest(&rhythm, services.now())).await?;
    tx.commit().await?;
    Ok(())
}
