//! Carries messages from the database to the bus, after the commit that caused them.

use crate::{
    Services,
    journal::CHANGE,
    ports::bus::{Changed, Event},
};
use domain::Result;
use store::outbox::Message;

/// Messages of one round.
const ROUND: i64 = 500;

/// For so long messages stay, so that each server on the database hands them to those who listen there.
const KEPT_SECONDS: i64 = 10 * 60;

/// One round: hands over, in their order, the oldest messages that were not handed over here yet; gives how many there
/// were. A server that has just started begins with the oldest, so those who listen may hear of a change twice, never of
/// none.
///
/// # Errors
/// What the database says.
pub async fn dispatch(services: &Services) -> Result<usize> {
    // Held until the end: two rounds at once would mix up the order.
    let mut handed = services.bus.handed().lock().await;
    let messages = {
        let mut tx = services.db.peek().await?;
        store::outbox::after(&mut tx, *handed, ROUND).await?
    };
    let Some(last) = messages.last().map(|message| message.seq) else {
        return Ok(0);
    };
    for message in &messages {
        hand_over(services, message);
    }
    *handed = last;
    Ok(messages.len())
}

/// Removes what every server has had the time to hand over; gives how much. Not at each round: it is a transaction.
///
/// # Errors
/// What the database says.
pub async fn purge(services: &Services) -> Result<u64> {
    let mut tx = services.db.write_aside().await?;
    let removed = store::outbox::remove_until(&mut tx, services.now().plus_seconds(-KEPT_SECONDS)).await?;
    tx.commit().await?;
    Ok(removed)
}

fn hand_over(services: &Services, message: &Message) {
    let changed = serde_json::from_str::<Changed>(&message.payload);
    if let (CHANGE, Ok(changed)) = (message.topic.as_str(), changed) {
        services.bus.publish(Event::Changed(changed));
    } else {
        // Nobody could do better with it later, and it would stop what comes behind it.
        tracing::error!(seq = message.seq, topic = message.topic, "message left out");
    }
}
