//! Acknowledging: each person their own alert, as often as they like.

use super::{check_note, shown, take_back, tell};
use crate::{
    Actor, Services, access,
    audit::{self, Act},
    authorize,
    journal::{Entry, Journal},
    links::{self, Purpose},
};
use domain::{
    Error, Result, Timestamp,
    activity::{Action, Change},
    ids::{AlertId, UserId},
    limits::urgent as limits,
    permission::Permission,
    urgent::{Acknowledge, Acknowledgement, Alert, AlertState, Episode, Needs, OwnAlert, Via},
};
use store::{
    Tx,
    urgent::{Acked, AlertRow},
};

/// Alerts of one person that are given at once.
const OWN: i64 = 100;

/// What rings for the actor, the oldest first. Nothing where urgent alerts are turned off.
///
/// # Errors
/// [`Error::Unauthenticated`] for the program itself.
pub async fn own(services: &Services, actor: &Actor) -> Result<Vec<OwnAlert>> {
    let user = authorize::person(actor)?;
    if !services.features.urgent {
        return Ok(Vec::new());
    }
    let mut tx = services.db.peek().await?;
    let mut alerts = store::urgent::own(&mut tx, user, OWN).await?;
    // The engine ends the alerts of whoever lost access within a second; until then nothing of it is told either.
    alerts.retain(|alert| actor.allows(Permission::ProjectView, alert.project.id));
    Ok(alerts)
}

/// Acknowledges an alert of one's own. The same again changes nothing; one that has ended is acknowledged late.
///
/// # Errors
/// [`Error::NotFound`] for somebody else's; [`Error::Invalid`] for a long note; [`Error::Refused`] with
/// `read_only_token`.
pub async fn acknowledge(
    services: &Services,
    actor: &Actor,
    id: AlertId,
    with: Acknowledge,
) -> Result<Alert> {
    let user = authorize::own_act(actor)?;
    let via = match with.via {
        // What a caller can't know of, they don't say either.
        None | Some(Via::Raise | Via::Email) if actor.token_id.is_some() => Via::Api,
        None | Some(Via::Raise | Via::Email) => Via::Page,
        Some(via) => via,
    };
    answer(services, actor, (user, id), (Acknowledge { via: Some(via), ..with }, with.at)).await
}

/// The alert that a link from an e-mail is about, for the page that asks before it acknowledges: mail programs open
/// links by themselves.
///
/// # Errors
/// [`Error::NotFound`] for a link that is not ours, has ended, or whose person may not see the project any more.
pub async fn own_by_link(services: &Services, token: &str) -> Result<(Alert, Episode)> {
    let (actor, id, _) = linked(services, token).await?;
    let user = authorize::person(&actor)?;
    let mut tx = services.db.read().await?;
    let row = own_alert(&mut tx, &actor, (user, id)).await?;
    let episode = store::urgent::by_id(&mut tx, row.alert.episode_id).await?.ok_or_else(not_found)?;
    Ok((row.alert, shown(&actor, episode.episode)))
}

/// Acknowledges by a link from an e-mail, which acts as the person who got it, and for nothing else. The second time it
/// changes nothing, also where the alert rings again: that needs a link that was made since.
///
/// # Errors
/// As [`own_by_link`].
pub async fn acknowledge_by_link(
    services: &Services,
    token: &str,
    (address, request_id): (&str, &str),
) -> Result<Alert> {
    let (actor, id, made) = linked(services, token).await?;
    let actor = Actor { address: address.into(), request_id: request_id.into(), ..actor };
    let user = authorize::person(&actor)?;
    let with = Acknowledge { via: Some(Via::Email), ..Acknowledge::default() };
    answer(services, &actor, (user, id), (with, Some(made))).await
}

/// Who acts by a link, on what, and when it was made.
async fn linked(services: &Services, token: &str) -> Result<(Actor, AlertId, Timestamp)> {
    let link = links::check(services, Purpose::Acknowledge, token).ok_or_else(not_found)?;
    let id: AlertId = link.subject.parse().map_err(|_| not_found())?;
    let access = access::read(services, link.user_id).await?.ok_or_else(not_found)?;
    Ok((Actor::person(link.user_id, access), id, link.expires_at.plus_seconds(-limits::LINK_SECONDS)))
}

async fn own_alert(tx: &mut Tx, actor: &Actor, (user, id): (UserId, AlertId)) -> Result<AlertRow> {
    let row = store::urgent::find(tx, id).await?.filter(|row| row.alert.user.id == user);
    let row = row.ok_or_else(not_found)?;
    authorize::in_project(actor, Permission::ProjectView, row.project_id, "alert")?;
    Ok(row)
}

fn not_found() -> Error {
    Error::not_found("alert")
}

/// `meant`: when its person pressed, or the link was made that they pressed. Nothing of before an acknowledgement counts
/// for what rings again after it.
async fn answer(
    services: &Services,
    actor: &Actor,
    (user, id): (UserId, AlertId),
    (with, meant): (Acknowledge, Option<Timestamp>),
) -> Result<Alert> {
    let note = check_note("note", &with.note)?;
    let mut tx = services.db.write().await?;
    let AlertRow { alert, .. } = own_alert(&mut tx, actor, (user, id)).await?;
    if let Some(before) = &alert.acknowledgement
        && (alert.state != AlertState::Ringing || meant.is_some_and(|meant| meant <= before.at))
    {
        return Ok(alert);
    }
    let row = store::urgent::by_id(&mut tx, alert.episode_id).await?.ok_or_else(not_found)?;
    let now = services.now();
    let acked = Acked {
        acknowledgement: Acknowledgement {
            at: said_at(with.at, (alert.since, now)),
            via: with.via.unwrap_or(Via::Api),
            note: note.clone(),
            device_id: with.device,
        },
        received_at: now,
        address: actor.address.clone(),
        again_at: again_at(&row.episode, now),
    };
    let mut people = vec![user];
    store::urgent::acknowledge(&mut tx, id, &acked).await?;
    take_back(services, &mut tx, std::iter::once(id), None).await?;
    let counts = alert.state == AlertState::Ringing && row.episode.state.is_open();
    let for_all = counts && row.episode.policy.needs == Needs::First;
    if for_all {
        people.extend(end_others(services, &mut tx, &row.episode).await?);
    }
    let after = store::urgent::find(&mut tx, id).await?.ok_or_else(not_found)?;
    finish(services, actor, tx, (&row.episode, id, note, for_all)).await?;
    tell(services, people);
    Ok(after.alert)
}

async fn finish(
    services: &Services,
    actor: &Actor,
    mut tx: Tx,
    (episode, id, note, for_all): (&Episode, AlertId, String, bool),
) -> Result<()> {
    audit::note(&mut tx, services, actor, Act::done("alert.acknowledged", "alert", id)).await?;
    let note = Change::of("note", None, Some(note).filter(|note| !note.is_empty()));
    let entry = |action| Entry::new(action, &episode.project.name).project(episode.project.id);
    let mut journal = Journal::new(services, actor);
    journal.add(entry(Action::AlertAcknowledged).changes(note));
    if for_all {
        journal.add(entry(Action::UrgentAnswered));
    }
    journal.commit(tx).await
}

/// When it was: what a device says that was offline, as far as it can be.
fn said_at(said: Option<Timestamp>, (since, now): (Timestamp, Timestamp)) -> Timestamp {
    said.map_or(now, |at| at.max(since).min(now))
}

fn again_at(episode: &Episode, now: Timestamp) -> Option<Timestamp> {
    let again = episode.policy.again_after_seconds.filter(|_| episode.state.is_open());
    again.map(|seconds| now.plus_seconds(seconds))
}

/// The first acknowledgement was enough: everybody else's alert ends. Gives whose.
async fn end_others(services: &Services, tx: &mut Tx, episode: &Episode) -> Result<Vec<UserId>> {
    let others = store::urgent::ringing_of_episode(tx, episode.id).await?;
    store::urgent::end_ringing(tx, episode.id).await?;
    store::urgent::set_answered(tx, episode.id).await?;
    take_back(services, tx, others.iter().map(|(id, _)| *id), Some(episode.id)).await?;
    Ok(others.into_iter().map(|(_, user)| user).collect())
}
