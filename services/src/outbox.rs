//! Carries messages from the database to the bus, after the commit that caused them.

use crate::{Services, journal::CHANGE, ports::bus::Event};
use domain::Result;
use store::outbox::Message;

/// Messages of one round.
const ROUND: i64 = 500;

/// One round: hands over the oldest messages in their order, then removes them; gives how many there were. After a
/// crash in between they are handed over again, so those who listen may hear of a change twice, never of none.
///
/// # Errors
/// What the database says; nothing is removed then.
pub async fn dispatch(services: &Services) -> Result<usize> {
    let messages = {
        let mut tx = services.db.peek().await?;
        store::outbox::oldest(&mut tx, ROUND).await?
    };
    let Some(last) = messages.last().map(|message| message.seq) else {
        return Ok(0);
    };
    for message in &messages {
        hand_over(services, message);
    }
    let mut tx = services.db.write_aside().await?;
    store::outbox::remove_until(&mut tx, last).await?;
    tx.commit().await?;
    Ok(messages.len())
}

fn hand_over(services: &Services, message: &Message) {
    let event = serde_json::from_str::<Event>(&message.payload);
    if let (CHANGE, Ok(event)) = (message.topic.as_str(), event) {
        services.bus.publish(event);
    } else {
        // Nobody could do better with it later, and it would stop what comes behind it.
        tracing::error!(seq = message.seq, topic = message.topic, "message left out");
    }
}
