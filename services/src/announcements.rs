//! Announcements: written by people with the permission, told to everybody, a team or a project.

use crate::{
    Actor, Place, Services, authorize,
    journal::{Entry, Journal},
    markdown,
    projects::{changeable, readable},
};
use domain::{
    Error, Result,
    activity::{Action, Change, Tells},
    announcement::{
        Announcement, AnnouncementView, Audience, EditAnnouncement, NewAnnouncement, Recipient, TeamRef,
    },
    error::Fields,
    ids::{AnnouncementId, UserId},
    limits,
    page::{Page, Paged},
    permission::Permission,
    project::ProjectRef,
    validate,
};
use store::{Tx, announcements::Listed};

/// The announcements that concern the actor and were not withdrawn, newest first.
///
/// # Errors
/// [`Error::Unauthenticated`] for the program itself; [`Error::Invalid`] for a cursor that no page gave.
pub async fn list(services: &Services, actor: &Actor, page: Page) -> Result<Paged<Announcement>> {
    let user = authorize::person(actor)?;
    let before = page.after(|text| text.parse().ok())?;
    let all_teams = actor.allows(Permission::AnnouncementManage, Place::Workspace);
    let listed = Listed { user, visible: actor.visible(), all_teams };
    let mut tx = services.db.peek().await?;
    let rows = store::announcements::list(&mut tx, listed, (page.limit, before)).await?;
    drop(tx);
    Ok(rows.map(with_html))
}

/// Whether the actor may announce anything to anybody.
pub fn announces(actor: &Actor) -> bool {
    actor.allows(Permission::AnnouncementManage, Place::Workspace)
        || actor.allows_somewhere(Permission::ProjectAnnounce)
}

/// The announcement of that id, as the actor sees it.
///
/// # Errors
/// [`Error::NotFound`], also for one that is not addressed to them, or was withdrawn, unless they may manage it.
pub async fn find(services: &Services, actor: &Actor, id: AnnouncementId) -> Result<AnnouncementView> {
    let user = authorize::person(actor)?;
    let mut tx = services.db.read().await?;
    view(&mut tx, actor, (id, user)).await
}

/// Publishes an announcement: those whom it is for are told after the commit.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`] for a project that is not theirs to see, [`Error::Invalid`];
/// [`Error::Refused`] with `archived` or `deleted`.
pub async fn publish(services: &Services, actor: &Actor, new: NewAnnouncement) -> Result<AnnouncementView> {
    let user = authorize::person(actor)?;
    let mut tx = services.db.write().await?;
    if new.project_id.is_none() {
        authorize::in_workspace(actor, Permission::AnnouncementManage)?;
    }
    let (team, project) = audience(&mut tx, actor, &new).await?;
    let (title, body) = check_texts(&new.title, &new.body)?;
    if let Some(id) = new.id
        && let Some(existing) = store::announcements::find(&mut tx, id).await?
    {
        let mine = existing.author.as_ref().map(|author| author.id) == Some(user);
        if mine && existing.audience() == wanted(&new) {
            return view(&mut tx, actor, (id, user)).await;
        }
        return Err(Error::field(
            "id",
            "taken",
            "This id is in use. Send the announcement with another one.",
        ));
    }
    let now = services.now();
    let it = Announcement {
        id: services.id_or_new(new.id),
        author: store::people::active(&mut tx, &[user]).await?.pop(),
        team,
        project,
        title,
        body,
        body_html: String::new(),
        acknowledge: new.acknowledge,
        told_count: 0,
        acknowledged_count: 0,
        withdrawn_at: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    store::announcements::insert(&mut tx, &it).await?;
    let mut journal = Journal::new(services, actor);
    let tells = Tells { announcement: Some(it.id), ..Tells::default() };
    journal.add(entry(Action::AnnouncementPublished, &it).tells(tells));
    journal.commit(tx).await?;
    Ok(AnnouncementView { announcement: with_html(it), told: false, acknowledged_at: None, may_manage: true })
}

/// Changes what an announcement says: those who were told see it as it is now, and are not told again.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], [`Error::Conflict`]; [`Error::Refused`] with `withdrawn`.
pub async fn update(
    services: &Services,
    actor: &Actor,
    id: AnnouncementId,
    edit: EditAnnouncement,
) -> Result<AnnouncementView> {
    let user = authorize::person(actor)?;
    let mut tx = services.db.write().await?;
    let before = manageable(&mut tx, actor, (id, user)).await?;
    let (title, body) = check_texts(
        edit.title.as_deref().unwrap_or(&before.title),
        edit.body.as_deref().unwrap_or(&before.body),
    )?;
    let acknowledge = edit.acknowledge.unwrap_or(before.acknowledge);
    let after = Announcement { title, body, acknowledge, ..before.clone() };
    change(services, actor, tx, (before, after, edit.version)).await
}

/// Takes an announcement back: it goes from the inboxes of those who were told.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Conflict`]; [`Error::Refused`] with `withdrawn`.
pub async fn withdraw(
    services: &Services,
    actor: &Actor,
    id: AnnouncementId,
    version: i64,
) -> Result<AnnouncementView> {
    let user = authorize::person(actor)?;
    let mut tx = services.db.write().await?;
    let before = manageable(&mut tx, actor, (id, user)).await?;
    let after = Announcement { withdrawn_at: Some(services.now()), ..before.clone() };
    change(services, actor, tx, (before, after, version)).await
}

/// Says that the actor has read it. Said again, it changes nothing.
///
/// # Errors
/// [`Error::NotFound`], also where they were not told; [`Error::Refused`] for a token that may only read.
pub async fn acknowledge(services: &Services, actor: &Actor, id: AnnouncementId) -> Result<AnnouncementView> {
    let user = authorize::own_act(actor)?;
    let mut tx = services.db.write_aside().await?;
    let before = view(&mut tx, actor, (id, user)).await?;
    if !before.told {
        return Err(Error::not_found("announcement"));
    }
    if before.acknowledged_at.is_some() {
        return Ok(before);
    }
    let new = store::announcements::acknowledge(&mut tx, id, user, services.now()).await?;
    let after = view(&mut tx, actor, (id, user)).await?;
    if let Some((own, _)) = store::announcements::told(&mut tx, id, user).await? {
        crate::notifications::take_back(&mut tx, services, &[own]).await?;
    }
    tx.commit().await?;
    if new {
        // Their other pages, and the author's, who sees how many have.
        let author = after.announcement.author.as_ref().map(|author| author.id);
        crate::notifications::told(services, [user].into_iter().chain(author).collect());
    }
    Ok(after)
}

/// Who was told and who has read it; only those who have, or only those who have not.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Invalid`] for a cursor that no page gave.
pub async fn recipients(
    services: &Services,
    actor: &Actor,
    (id, acknowledged): (AnnouncementId, Option<bool>),
    page: Page,
) -> Result<Paged<Recipient>> {
    let user = authorize::person(actor)?;
    let after = page.after(|text| text.parse().ok())?;
    let mut tx = services.db.read().await?;
    may_manage(&mut tx, actor, (id, user)).await?;
    Ok(store::announcements::recipients(&mut tx, id, acknowledged, (page.limit, after)).await?)
}

async fn view(tx: &mut Tx, actor: &Actor, (id, user): (AnnouncementId, UserId)) -> Result<AnnouncementView> {
    let not_found = || Error::not_found("announcement");
    let it = store::announcements::find(tx, id).await?.ok_or_else(not_found)?;
    let told = store::announcements::told(tx, id, user).await?;
    if let Some(project) = &it.project {
        readable(tx, actor, project.id).await.map_err(|error| error.about("announcement"))?;
    }
    let may_manage = manages(actor, &it);
    let addressed = match it.audience() {
        Audience::Everybody | Audience::Project(_) => true,
        Audience::Team(team) => may_manage || store::teams::is_member(tx, team, user).await?,
    };
    if !may_manage && (!addressed || it.withdrawn_at.is_some()) {
        return Err(not_found());
    }
    Ok(AnnouncementView {
        announcement: with_html(it),
        told: told.is_some(),
        acknowledged_at: told.and_then(|(_, at)| at),
        may_manage,
    })
}

/// The announcement, if the actor sees it and may change it.
async fn may_manage(
    tx: &mut Tx,
    actor: &Actor,
    (id, user): (AnnouncementId, UserId),
) -> Result<Announcement> {
    let seen = view(tx, actor, (id, user)).await?;
    match seen.announcement.audience() {
        Audience::Project(project) => {
            authorize::in_project(actor, Permission::ProjectAnnounce, project, "announcement")?;
        }
        Audience::Everybody | Audience::Team(_) => {
            authorize::in_workspace(actor, Permission::AnnouncementManage)?;
        }
    }
    Ok(seen.announcement)
}

/// As [`may_manage`], of one that was not withdrawn, in a project in use.
async fn manageable(
    tx: &mut Tx,
    actor: &Actor,
    (id, user): (AnnouncementId, UserId),
) -> Result<Announcement> {
    let it = may_manage(tx, actor, (id, user)).await?;
    if let Some(project) = &it.project {
        changeable(tx, actor, Permission::ProjectAnnounce, project.id).await?;
    }
    if it.withdrawn_at.is_some() {
        return Err(Error::refused(
            "withdrawn",
            "This announcement was withdrawn. Publish a new one if there is more to say.",
        ));
    }
    Ok(it)
}

fn manages(actor: &Actor, it: &Announcement) -> bool {
    match it.audience() {
        Audience::Project(project) => actor.allows(Permission::ProjectAnnounce, project),
        Audience::Everybody | Audience::Team(_) => {
            actor.allows(Permission::AnnouncementManage, Place::Workspace)
        }
    }
}

/// The team or project that a new announcement is for, if the actor may announce there.
async fn audience(
    tx: &mut Tx,
    actor: &Actor,
    new: &NewAnnouncement,
) -> Result<(Option<TeamRef>, Option<ProjectRef>)> {
    match (new.team_id, new.project_id) {
        (Some(_), Some(_)) => {
            let message = "An announcement is for a team or for a project, not for both. Leave one out.";
            Err(Error::field("team_id", "too_many", message))
        }
        (None, Some(project)) => {
            let it = changeable(tx, actor, Permission::ProjectAnnounce, project).await?;
            Ok((None, Some(ProjectRef::from(it))))
        }
        (Some(team), None) => {
            let unknown = || Error::field("team_id", "unknown", "There is no such team. Choose another.");
            let team = store::teams::find(tx, team).await?.ok_or_else(unknown)?;
            Ok((Some(TeamRef { id: team.id, name: team.name }), None))
        }
        (None, None) => Ok((None, None)),
    }
}

fn wanted(new: &NewAnnouncement) -> Audience {
    match (new.project_id, new.team_id) {
        (Some(project), _) => Audience::Project(project),
        (None, Some(team)) => Audience::Team(team),
        (None, None) => Audience::Everybody,
    }
}

async fn change(
    services: &Services,
    actor: &Actor,
    mut tx: Tx,
    (before, mut after, seen): (Announcement, Announcement, i64),
) -> Result<AnnouncementView> {
    let stale =
        |it: &Announcement| Error::conflict("announcement", serde_json::to_string(it).unwrap_or_default());
    if before.version != seen {
        return Err(stale(&before));
    }
    let user = authorize::person(actor)?;
    let changes = differences(&before, &after);
    let withdrawn = after.withdrawn_at.is_some();
    if changes.is_empty() && !withdrawn {
        return view(&mut tx, actor, (before.id, user)).await;
    }
    after.version += 1;
    after.updated_at = services.now();
    if !store::announcements::update(&mut tx, &after, seen).await? {
        return Err(stale(&before));
    }
    let action = if withdrawn { Action::AnnouncementWithdrawn } else { Action::AnnouncementUpdated };
    let mut journal = Journal::new(services, actor);
    journal.add(entry(action, &after).changes(changes));
    let after = view(&mut tx, actor, (after.id, user)).await?;
    journal.commit(tx).await?;
    Ok(after)
}

fn differences(before: &Announcement, after: &Announcement) -> Vec<Change> {
    let asked =
        |it: &Announcement| Some(if it.acknowledge { "asked for" } else { "not asked for" }.to_owned());
    [
        Change::of("title", Some(before.title.clone()), Some(after.title.clone())),
        crate::tasks::changed_text("body", &before.body, &after.body),
        Change::of("acknowledgement", asked(before), asked(after)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn entry(action: Action, it: &Announcement) -> Entry {
    let entry = Entry::new(action, &it.title);
    match &it.project {
        Some(project) => entry.project(project.id),
        None => entry,
    }
}

fn check_texts(title: &str, body: &str) -> Result<(String, String)> {
    let mut fields = Fields::new();
    let title = fields.check("title", validate::name(title, limits::TITLE));
    let body = fields.check("body", validate::required_text(body, limits::TEXT));
    fields.finish()?;
    Ok((title, body))
}

fn with_html(mut it: Announcement) -> Announcement {
    it.body_html = markdown::to_html(&it.body);
    it
}
