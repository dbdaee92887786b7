//! Alerts follow who belongs to a project: whoever comes is alerted, whoever goes is left alone.
//!
//! Not at each of the many ways in and out (people, teams, roles, accounts): all of them move the access counter, and an
//! episode knows for which value of it its alerts are right.

use super::{
    raise::{hurried, ways_to},
    take_back,
};
use crate::Services;
use domain::{
    Result, Timestamp,
    ids::{AlertId, EpisodeId, UserId},
};
use std::collections::BTreeSet;
use store::{
    Tx,
    urgent::{self, Found, NewAlert},
};

/// Episodes of one round.
const ROUND: i64 = 50;

/// Brings the alerts of episodes up to date whose project's people may have changed. Gives whose alerts changed, and how
/// many episodes there were.
pub(super) async fn run(services: &Services, tx: &mut Tx, now: Timestamp) -> Result<(Vec<UserId>, usize)> {
    let episodes = urgent::changed_access(tx, ROUND).await?;
    if episodes.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let mut people = Vec::new();
    let is_all = |found: usize| i64::try_from(found).is_ok_and(|found| found < urgent::PIECE);
    let strayed = urgent::strayed(tx, &episodes).await?;
    let mut all = is_all(strayed.len());
    if !strayed.is_empty() {
        let alerts: Vec<AlertId> = strayed.iter().map(|(id, _)| *id).collect();
        urgent::leave(tx, &alerts).await?;
        take_back(services, tx, alerts.into_iter(), None).await?;
        people.extend(strayed.into_iter().map(|(_, user)| user));
    }
    let back = urgent::returned(tx, &episodes, now).await?;
    let missing = urgent::missing(tx, &episodes).await?;
    all = all && is_all(back.len()) && is_all(missing.len());
    if !(back.is_empty() && missing.is_empty()) {
        people.extend(alert(services, tx, (back, missing), now).await?);
        urgent::wake_steps(tx, &episodes, now).await?;
    }
    if all {
        urgent::seen_access(tx, &episodes).await?;
    }
    Ok((people, episodes.len()))
}

/// Alerts those who are missing. As when a project is raised, nobody is waited for whom nothing reaches, nor of those who
/// are back. Gives whom.
async fn alert(
    services: &Services,
    tx: &mut Tx,
    (back, missing): (Vec<(EpisodeId, UserId)>, Vec<Found>),
    now: Timestamp,
) -> Result<Vec<UserId>> {
    let come: Vec<(EpisodeId, UserId)> =
        missing.iter().map(|found| (found.episode_id, found.user_id)).chain(back).collect();
    let people: Vec<UserId> = come.iter().map(|(_, user)| *user).collect();
    let ways = ways_to(services, tx, &people).await?;
    let unreached = |user: &UserId| !ways.get(user).is_some_and(|reach| reach.any());
    let hastened: BTreeSet<EpisodeId> =
        come.iter().filter(|(_, user)| unreached(user)).map(|(episode, _)| *episode).collect();
    urgent::hasten(tx, &hastened.into_iter().collect::<Vec<_>>(), now).await?;
    let alerts: Vec<NewAlert> = missing
        .into_iter()
        .map(|found| NewAlert {
            id: AlertId(services.ids.id()),
            episode_id: found.episode_id,
            user_id: found.user_id,
            why: found.why,
            step: None,
            hurried: hurried(ways.get(&found.user_id)),
            next_at: (!found.suspended).then_some(now),
            since: now,
            raised: false,
        })
        .collect();
    urgent::insert(tx, &alerts).await?;
    Ok(people)
}
