//! What one wants to be told of, and when one is written to.

use super::local_time::{is_time_zone, next_digest};
use crate::{Actor, Services, authorize, projects::readable};
use domain::{
    Error, Result,
    error::Fields,
    ids::{ProjectId, UserId},
    limits,
    preference::{Choice, EditPreferences, Preferences, cells},
    project::ProjectRef,
    rhythm::{Digest, Rhythm},
    wish::locked,
};
use store::Tx;

/// The actor's preferences, for all projects or for one.
///
/// # Errors
/// [`Error::NotFound`] for a project that they may not see.
pub async fn preferences(
    services: &Services,
    actor: &Actor,
    project: Option<ProjectId>,
) -> Result<Preferences> {
    let user = authorize::person(actor)?;
    let mut tx = services.db.read().await?;
    let project = seen(&mut tx, actor, project).await?;
    read(&mut tx, services, actor, (user, project)).await
}

/// Changes what the actor is told of; cells that are not named stay. What is locked can't be turned off.
///
/// # Errors
/// [`Error::NotFound`] for a project that they may not see; [`Error::Invalid`]; [`Error::Refused`] with `locked` for what
/// can't be turned off, and with `read_only_token`.
pub async fn choose(
    services: &Services,
    actor: &Actor,
    project: Option<ProjectId>,
    edit: EditPreferences,
) -> Result<Preferences> {
    let user = authorize::own_act(actor)?;
    check(&edit.choices)?;
    let mut tx = services.db.write_aside().await?;
    let project = seen(&mut tx, actor, project).await?;
    let id = project.as_ref().map(|project| project.id);
    let choices: Vec<_> =
        edit.choices.iter().map(|choice| (choice.event, choice.channel, choice.kept(id))).collect();
    store::notifications::choose(&mut tx, (user, id), &choices).await?;
    let after = read(&mut tx, services, actor, (user, project)).await?;
    tx.commit().await?;
    Ok(after)
}

/// Sets when the actor is written to.
///
/// # Errors
/// [`Error::Invalid`] for a time zone, hour or day that is none; [`Error::Conflict`]; [`Error::Refused`] with
/// `read_only_token`.
pub async fn set_rhythm(services: &Services, actor: &Actor, rhythm: Rhythm) -> Result<Rhythm> {
    let user = authorize::own_act(actor)?;
    check_rhythm(&rhythm)?;
    let seen = rhythm.version;
    let after = Rhythm { version: seen + 1, ..rhythm };
    let mut tx = services.db.write_aside().await?;
    let before = rhythm_of(&mut tx, user).await?;
    // What waits for a digest comes in a last one.
    let ends = before.digest != Digest::Never && after.digest == Digest::Never;
    let due = if ends { services.now() } else { next_digest(&after, services.now()) };
    if !store::notifications::set_rhythm(&mut tx, user, (&after, seen), due).await? {
        let current = rhythm_of(&mut tx, user).await?;
        return Err(Error::conflict("rhythm", serde_json::to_string(&current).unwrap_or_default()));
    }
    tx.commit().await?;
    Ok(after)
}

async fn read(
    tx: &mut Tx,
    services: &Services,
    actor: &Actor,
    (user, project): (UserId, Option<ProjectRef>),
) -> Result<Preferences> {
    let wishes = store::notifications::wishes(tx, &[user]).await?.remove(&user).unwrap_or_default();
    let mut projects = store::notifications::chosen_projects(tx, user).await?;
    projects.retain(|project| actor.allows(domain::permission::Permission::ProjectView, project.id));
    Ok(Preferences {
        cells: cells(&wishes, project.as_ref().map(|project| project.id)),
        project,
        projects,
        rhythm: rhythm_of(tx, user).await?,
        has_email: super::mail::is_set_up(services),
    })
}

async fn rhythm_of(tx: &mut Tx, user: UserId) -> Result<Rhythm> {
    Ok(store::notifications::rhythms(tx, &[user]).await?.remove(&user).unwrap_or_default())
}

async fn seen(tx: &mut Tx, actor: &Actor, project: Option<ProjectId>) -> Result<Option<ProjectRef>> {
    let Some(id) = project else { return Ok(None) };
    Ok(Some(ProjectRef::from(readable(tx, actor, id).await?)))
}

fn check(choices: &[Choice]) -> Result<()> {
    if choices.len() > limits::CHOICES {
        let message = format!("At most {} cells are changed at once. Send each cell once.", limits::CHOICES);
        return Err(Error::field("choices", "too_many", message));
    }
    for (index, choice) in choices.iter().enumerate() {
        let twin = |other: &Choice| (other.event, other.channel) == (choice.event, choice.channel);
        if choices[..index].iter().any(twin) {
            return Err(Error::field("choices", "repeated", "A cell is named twice. Send each cell once."));
        }
        if choice.wanted == Some(false)
            && let Some(why) = locked(choice.event, choice.channel)
        {
            return Err(Error::refused("locked", why));
        }
    }
    Ok(())
}

fn check_rhythm(rhythm: &Rhythm) -> Result<()> {
    let mut fields = Fields::new();
    if !is_time_zone(&rhythm.time_zone) {
        fields.add("time_zone", "unknown", "There is no such time zone. Write it like Europe/Berlin.");
    }
    if rhythm.quiet.is_some_and(|quiet| !quiet.is_sound()) {
        let message = "Quiet hours begin and end at two different times of a day.";
        fields.add("quiet", "out_of_range", message);
    }
    if !(0..24).contains(&rhythm.digest_hour) {
        fields.add("digest_hour", "out_of_range", "An hour is 0 to 23.");
    }
    if !(1..8).contains(&rhythm.digest_weekday) {
        fields.add("digest_weekday", "out_of_range", "A day of the week is 1 (Monday) to 7 (Sunday).");
    }
    fields.finish()
}
