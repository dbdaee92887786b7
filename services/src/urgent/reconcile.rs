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
use store::{
    Tx,
    urgent::{self, NewAlert},
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
    let strayed = urgent::strayed(tx, &episodes).await?;
    if !strayed.is_empty() {
        let alerts: Vec<AlertId> = strayed.iter().map(|(id, _)| *id).collect();
        urgent::leave(tx, &alerts).await?;
        take_back(services, tx, alerts.into_iter(), None).await?;
        people.extend(strayed.into_iter().map(|(_, user)| user));
    }
    let back = urgent::returned(tx, &episodes, now).await?;
    let new = alert_new(services, tx, (&episodes, now)).await?;
    if !(back.is_empty() && new.is_empty()) {
        urgent::wake_steps(tx, &episodes, now).await?;
    }
    people.extend(back);
    people.extend(new);
    urgent::seen_access(tx, &episodes).await?;
    Ok((people, episodes.len()))
}

async fn alert_new(
    services: &Services,
    tx: &mut Tx,
    (episodes, now): (&[EpisodeId], Timestamp),
) -> Result<Vec<UserId>> {
    let missing = urgent::missing(tx, episodes).await?;
    let people: Vec<UserId> = missing.iter().map(|found| found.user_id).collect();
    if people.is_empty() {
        return Ok(people);
    }
    let ways = ways_to(services, tx, &people).await?;
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
