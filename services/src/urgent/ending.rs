//! Ending an episode, or silencing it for a while.

use super::{check_note, check_reason, readable_episode, shown, take_back, tell};
use crate::{
    Actor, Services,
    audit::{self, Act},
    authorize,
    journal::{Entry, Journal},
};
use domain::{
    Error, Result, Timestamp,
    activity::{Action, Change},
    ids::{EpisodeId, ProjectId, UserId},
    limits::urgent as limits,
    permission::Permission,
    urgent::{Episode, EpisodeState},
};
use store::{Tx, urgent::EpisodeRow};

/// Says that a project is not urgent any more: what rings falls silent. One that is over already stays as it is.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] without `urgent.resolve`; [`Error::Invalid`] for a long note.
pub async fn resolve(services: &Services, actor: &Actor, id: EpisodeId, note: &str) -> Result<Episode> {
    let note = check_note("note", note)?;
    let mut tx = services.db.write().await?;
    let row = allowed(&mut tx, actor, Permission::UrgentResolve, id).await?;
    if !row.episode.state.is_open() {
        return Ok(shown(actor, row.episode));
    }
    let mut journal = Journal::new(services, actor);
    let people = end(&mut tx, &mut journal, &row.episode, (EpisodeState::Resolved, &note)).await?;
    audit::note(&mut tx, services, actor, Act::done("urgent.resolved", "episode", id)).await?;
    let after = again(&mut tx, id).await?;
    journal.commit(tx).await?;
    tell(services, people);
    Ok(shown(actor, after))
}

/// Ends the episode of a project that is archived or deleted, in that transaction; back in use, it does not ring again.
/// Gives whom to [`tell`] after the commit.
pub(crate) async fn project_turned(
    tx: &mut Tx,
    journal: &mut Journal<'_>,
    project: ProjectId,
    in_use: bool,
) -> Result<Vec<UserId>> {
    if in_use {
        return Ok(Vec::new());
    }
    match store::urgent::open_of_project(tx, project).await? {
        Some(row) => end(tx, journal, &row.episode, (EpisodeState::PutAway, "")).await,
        None => Ok(Vec::new()),
    }
}

async fn end(
    tx: &mut Tx,
    journal: &mut Journal<'_>,
    episode: &Episode,
    (state, note): (EpisodeState, &str),
) -> Result<Vec<UserId>> {
    let services = journal.services();
    let (by, now, project) = (journal.actor().user_id, services.now(), &episode.project);
    let ringing = store::urgent::ringing_of_episode(tx, episode.id).await?;
    store::urgent::end(tx, (episode.id, project.id), state, (by, now, note)).await?;
    store::urgent::end_of_episode(tx, episode.id).await?;
    take_back(services, tx, ringing.iter().map(|(id, _)| *id), Some(episode.id)).await?;
    store::projects::touch(tx, project.id, now).await?;
    let note = Change::of("note", None, Some(note.to_owned()).filter(|note| !note.is_empty()));
    journal.add(Entry::new(Action::UrgentResolved, &project.name).project(project.id).changes(note));
    Ok(ringing.into_iter().map(|(_, user)| user).collect())
}

/// Silences an episode until a time, at most 24 hours from now. It goes on by itself then; meanwhile people may
/// acknowledge.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] without `urgent.suspend`; [`Error::Invalid`] without a reason or for an end
/// that is past or too far; [`Error::Refused`] with `over` if the episode is.
pub async fn suspend(
    services: &Services,
    actor: &Actor,
    id: EpisodeId,
    (until, reason): (Timestamp, &str),
) -> Result<Episode> {
    let mut tx = services.db.write().await?;
    let row = allowed(&mut tx, actor, Permission::UrgentSuspend, id).await?;
    let reason = check_reason("reason", reason)?;
    let now = services.now();
    let most = now.plus_seconds(limits::SUSPEND_HOURS * 60 * 60);
    if until <= now || until > most {
        return Err(Error::field("until", "out_of_range", "Suspend it for up to 24 hours from now."));
    }
    if !row.episode.state.is_open() {
        return Err(over());
    }
    let ringing = store::urgent::ringing_of_episode(&mut tx, id).await?;
    store::urgent::suspend(&mut tx, id, (now, until), &reason).await?;
    take_back(services, &mut tx, ringing.iter().map(|(id, _)| *id), Some(id)).await?;
    audit::note(&mut tx, services, actor, Act::done("urgent.suspended", "episode", id)).await?;
    let project = &row.episode.project;
    let changes =
        [Change::of("until", None, Some(until.to_string())), Change::of("reason", None, Some(reason))];
    let entry = Entry::new(Action::UrgentSuspended, &project.name).project(project.id);
    let mut journal = Journal::new(services, actor);
    journal.add(entry.changes(changes.into_iter().flatten()));
    let after = again(&mut tx, id).await?;
    journal.commit(tx).await?;
    tell(services, ringing.into_iter().map(|(_, user)| user).collect());
    Ok(shown(actor, after))
}

/// Lets a suspended episode ring on before its time. One that rings already stays as it is.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] without `urgent.suspend`; [`Error::Refused`] with `over` if it is.
pub async fn resume(services: &Services, actor: &Actor, id: EpisodeId) -> Result<Episode> {
    let mut tx = services.db.write().await?;
    let row = allowed(&mut tx, actor, Permission::UrgentSuspend, id).await?;
    match row.episode.state {
        EpisodeState::Suspended => {}
        EpisodeState::Open => return Ok(shown(actor, row.episode)),
        EpisodeState::Resolved | EpisodeState::PutAway => return Err(over()),
    }
    let now = services.now();
    let policy = &row.episode.policy;
    // Looked at at once: the engine finds the time that the step has by the clock without the pause.
    let next = policy.escalation(row.step).map(|(index, _)| (index, now));
    store::urgent::resume(&mut tx, now, &[(id, next)]).await?;
    let ringing = store::urgent::ringing_of_episode(&mut tx, id).await?;
    audit::note(&mut tx, services, actor, Act::done("urgent.resumed", "episode", id)).await?;
    let project = &row.episode.project;
    let mut journal = Journal::new(services, actor);
    journal.add(Entry::new(Action::UrgentResumed, &project.name).project(project.id));
    let after = again(&mut tx, id).await?;
    journal.commit(tx).await?;
    tell(services, ringing.into_iter().map(|(_, user)| user).collect());
    Ok(shown(actor, after))
}

async fn allowed(tx: &mut Tx, actor: &Actor, permission: Permission, id: EpisodeId) -> Result<EpisodeRow> {
    let row = readable_episode(tx, actor, id).await?;
    authorize::in_project(actor, permission, row.episode.project.id, "episode")?;
    Ok(row)
}

async fn again(tx: &mut Tx, id: EpisodeId) -> Result<Episode> {
    let row = store::urgent::by_id(tx, id).await?;
    row.map(|row| row.episode).ok_or_else(|| Error::not_found("episode"))
}

fn over() -> Error {
    Error::refused("over", "This project is not urgent any more, so there is nothing to suspend.")
}
