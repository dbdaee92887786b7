//! What came of an episode: who acknowledged when, what was sent, and what did not arrive.

use super::readable_episode;
use crate::{Actor, Services, deliveries};
use domain::{
    Result,
    delivery::{Delivery, DeliveryState},
    ids::{EpisodeId, UserId},
    limits::urgent as limits,
    urgent::{Alert, Failure, Report, Sends},
    user::UserRef,
};
use std::collections::HashMap;
use uuid::Uuid;

const DAYS: i64 = 30 * 24 * 60 * 60;
/// Failures that are told one by one.
const FAILURES: usize = 100;

/// The report of an episode, also while it goes on.
///
/// # Errors
/// [`domain::Error::NotFound`].
pub async fn report(services: &Services, actor: &Actor, id: EpisodeId) -> Result<Report> {
    let mut tx = services.db.read().await?;
    let episode = readable_episode(&mut tx, actor, id).await?.episode;
    let alerts = store::urgent::of_episode(&mut tx, id, limits::PEOPLE).await?;
    let references: Vec<Uuid> = alerts.iter().map(|alert| alert.id.uuid()).chain([id.uuid()]).collect();
    let sent = deliveries::of_references(&mut tx, &references).await?;
    let since = episode.raised_at.plus_seconds(-DAYS);
    let raised = store::urgent::raised_since(&mut tx, episode.project.id, since).await?;
    let before = raised.into_iter().filter(|at| *at < episode.raised_at).count();
    Ok(Report {
        sends: counted(&sent),
        failures: failures(&sent, &alerts),
        raised_before: i64::try_from(before).unwrap_or(i64::MAX),
        episode,
        alerts,
    })
}

fn counted(sent: &[Delivery]) -> Vec<Sends> {
    let mut counts: Vec<Sends> = Vec::new();
    for one in sent {
        match counts.iter_mut().find(|sends| (sends.channel, sends.state) == (one.channel, one.state)) {
            Some(sends) => sends.count += 1,
            None => counts.push(Sends { channel: one.channel, state: one.state, count: 1 }),
        }
    }
    counts.sort_by_key(|sends| (sends.channel, sends.state.as_str()));
    counts
}

fn failures(sent: &[Delivery], alerts: &[Alert]) -> Vec<Failure> {
    let people: HashMap<UserId, &UserRef> = alerts.iter().map(|alert| (alert.user.id, &alert.user)).collect();
    let failed = |one: &&Delivery| matches!(one.state, DeliveryState::Failed | DeliveryState::NoChannel);
    sent.iter()
        .rev()
        .filter(failed)
        .take(FAILURES)
        .map(|one| Failure {
            user: one.user_id.and_then(|id| people.get(&id).copied().cloned()),
            channel: one.channel,
            state: one.state,
            at: one.created_at,
            why: one.last_error.clone().unwrap_or_default(),
        })
        .collect()
}
