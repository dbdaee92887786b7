//! Raising a project.

use super::{check_reason, policies, readable_episode, shown, tell};
use crate::{
    Actor, Services,
    audit::{self, Act},
    deliveries,
    journal::{Entry, Journal},
    projects::changeable,
};
use domain::{
    Error, Result, Timestamp,
    activity::{Action, Change},
    delivery::Channel,
    device,
    ids::{AlertId, EpisodeId, ProjectId, UserId},
    limits::urgent as limits,
    permission::Permission,
    project::Project,
    urgent::{Episode, NewEpisode, Reach, Why},
    user::UserRef,
};
use std::collections::HashMap;
use store::{
    Tx,
    urgent::{NewAlert, NewRow},
};

const HOUR: i64 = 60 * 60;

/// Who would be alerted if the project were raised now, and how each can be reached.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] without `urgent.raise`; [`Error::Refused`] while it is put away.
pub async fn reach(services: &Services, actor: &Actor, project: ProjectId) -> Result<Vec<Reach>> {
    let mut tx = services.db.read().await?;
    changeable(&mut tx, actor, Permission::UrgentRaise, project).await?;
    let people = store::urgent::would_be_alerted(&mut tx, project).await?;
    reach_of(services, &mut tx, people).await
}

/// How people can be reached, in their order.
pub(super) async fn reach_of(
    services: &Services,
    tx: &mut Tx,
    people: Vec<(UserRef, Why)>,
) -> Result<Vec<Reach>> {
    let ids: Vec<UserId> = people.iter().map(|(person, _)| person.id).collect();
    let ways = ways_to(services, tx, &ids).await?;
    Ok(people
        .into_iter()
        .map(|(user, why)| Reach { reach: ways.get(&user.id).copied().unwrap_or_default(), user, why })
        .collect())
}

/// The ways to people, as far as they are set up.
pub(super) async fn ways_to(
    services: &Services,
    tx: &mut Tx,
    people: &[UserId],
) -> Result<HashMap<UserId, device::Reach>> {
    let found = store::devices::reachable(tx, people, services.now()).await?;
    let (mail, push) = (deliveries::has(services, Channel::Email), deliveries::has(services, Channel::Push));
    Ok(found
        .into_iter()
        .map(|one| {
            let reach =
                device::Reach { push: one.reach.push && push, email: one.reach.email && mail, ..one.reach };
            (one.user_id, reach)
        })
        .collect())
}

/// Whether nothing but e-mail reaches somebody: then it is not waited for.
pub(super) fn hurried(reach: Option<&device::Reach>) -> bool {
    reach.is_none_or(|reach| !(reach.sound || reach.notifications || reach.push))
}

/// Raises a project to urgent: everyone in it is alerted until they acknowledge. Whoever raises it knows already.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`] without a reason; [`Error::Refused`] while it is put
/// away; [`Error::Conflict`] with the episode that goes on already; [`Error::TooMany`] after three times in an hour.
pub async fn raise(services: &Services, actor: &Actor, id: ProjectId, new: NewEpisode) -> Result<Episode> {
    let mut tx = services.db.write().await?;
    let project = changeable(&mut tx, actor, Permission::UrgentRaise, id).await?;
    if let Some(given) = new.id
        && store::urgent::by_id(&mut tx, given).await?.is_some()
    {
        let there = readable_episode(&mut tx, actor, given).await?.episode;
        return same_raise(shown(actor, there), id);
    }
    let reason = check_reason("reason", &new.reason)?;
    if let Some(open) = store::urgent::open_of_project(&mut tx, id).await? {
        return Err(already(&shown(actor, open.episode)));
    }
    if let Some(wait) = must_wait(&mut tx, id, services.now()).await? {
        audit::note(&mut tx, services, actor, Act::refused("urgent.raised", "project", Some(id.uuid())))
            .await?;
        tx.commit().await?;
        return Err(Error::TooMany { retry_after: wait });
    }
    let (episode, people) = begin(services, actor, &mut tx, (&project, reason, new.id)).await?;
    finish(services, actor, tx, (&project, &episode)).await?;
    tell(services, people);
    Ok(shown(actor, episode))
}

async fn begin(
    services: &Services,
    actor: &Actor,
    tx: &mut Tx,
    (project, reason, id): (&Project, String, Option<EpisodeId>),
) -> Result<(Episode, Vec<UserId>)> {
    let now = services.now();
    let id: EpisodeId = services.id_or_new(id);
    let policy = policies::effective(tx, Some(project.id)).await?.policy;
    let rings = services.features.urgent;
    let people = if rings { store::urgent::would_be_alerted(tx, project.id).await? } else { Vec::new() };
    let people = reach_of(services, tx, people).await?;
    let others = || people.iter().filter(|person| Some(person.user.id) != actor.user_id);
    // Somebody who can't be reached at all can't acknowledge: the next people are told at once.
    let hasten = others().any(|person| !person.reach.any());
    let next = policy
        .escalation(0)
        .map(|(index, step)| (index, if hasten { now } else { now.plus_seconds(step.after_seconds) }));
    let row = NewRow {
        id,
        project_id: project.id,
        raised_by: actor.user_id,
        reason,
        raised_at: now,
        rings,
        next: next.filter(|_| rings),
        hasten,
        policy,
        access: store::counters::read(tx).await?.access,
    };
    store::urgent::insert_episode(tx, &row).await?;
    let alerts: Vec<NewAlert> = people.iter().map(|person| new_alert(services, actor, id, person)).collect();
    store::urgent::insert(tx, &alerts).await?;
    let told = people.iter().map(|person| person.user.id).collect();
    let there = store::urgent::by_id(tx, id).await?.ok_or_else(|| Error::not_found("episode"))?;
    Ok((there.episode, told))
}

fn new_alert(services: &Services, actor: &Actor, episode: EpisodeId, person: &Reach) -> NewAlert {
    let now = services.now();
    NewAlert {
        id: AlertId(services.ids.id()),
        episode_id: episode,
        user_id: person.user.id,
        why: person.why,
        step: None,
        hurried: hurried(Some(&person.reach)),
        next_at: Some(now),
        since: now,
        raised: Some(person.user.id) == actor.user_id,
    }
}

async fn finish(
    services: &Services,
    actor: &Actor,
    mut tx: Tx,
    (project, episode): (&Project, &Episode),
) -> Result<()> {
    store::projects::touch(&mut tx, project.id, services.now()).await?;
    audit::note(&mut tx, services, actor, Act::done("urgent.raised", "project", project.id)).await?;
    let mut journal = Journal::new(services, actor);
    let reason = Change::of("reason", None, Some(episode.reason.clone()));
    journal.add(Entry::new(Action::UrgentRaised, &project.name).project(project.id).changes(reason));
    journal.commit(tx).await
}

fn same_raise(there: Episode, project: ProjectId) -> Result<Episode> {
    if there.project.id == project {
        Ok(there)
    } else {
        Err(Error::field("id", "taken", "This id is in use. Raise the project with another one."))
    }
}

fn already(open: &Episode) -> Error {
    Error::conflict("urgent project", serde_json::to_string(open).unwrap_or_default())
}

/// Seconds until the project may be raised again, if it was raised too often.
async fn must_wait(tx: &mut Tx, project: ProjectId, now: Timestamp) -> Result<Option<u64>> {
    let mut raised = store::urgent::raised_since(tx, project, now.plus_seconds(-HOUR)).await?;
    // Where the clock went back, what is to come counts for nothing.
    raised.retain(|at| *at <= now);
    let most = usize::try_from(limits::RAISES_AN_HOUR).unwrap_or(usize::MAX);
    if raised.len() < most {
        return Ok(None);
    }
    let free = raised[raised.len() - most].plus_seconds(HOUR);
    Ok(Some(u64::try_from(free.seconds_since(now)).unwrap_or_default().max(1)))
}
