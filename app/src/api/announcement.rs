//! Announcements.

use crate::AppError;
use domain::{
    announcement::{Announcement, AnnouncementView, Recipient},
    ids::AnnouncementId,
    page::Paged,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What one was told, and whether one may tell others.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Announcements {
    /// A page of those that concern one, newest first.
    pub rows: Paged<Announcement>,
    /// Whether one may announce anything to anybody.
    pub may_announce: bool,
}

/// A page of the announcements that concern one, newest first.
#[server(name = ListAnnouncements, prefix = "/fn", endpoint = "announcement/list")]
pub async fn list_announcements(#[server(default)] cursor: String) -> Result<Announcements, AppError> {
    use crate::ssr;
    use domain::page::Page;
    use services::announcements::{announces, list};
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let rows = list(&services, &actor, Page::new(None, Some(cursor))).await?;
    Ok(Announcements { rows, may_announce: announces(&actor) })
}

/// One announcement.
#[server(name = FindAnnouncement, prefix = "/fn", endpoint = "announcement/find")]
pub async fn find_announcement(id: String) -> Result<AnnouncementView, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let id = id.parse().map_err(|_| domain::Error::not_found("announcement"))?;
    Ok(services::announcements::find(&services, &actor, id).await?)
}

/// Who was told, a page at a time; those who have not acknowledged it, or those who have.
#[server(name = ListRecipients, prefix = "/fn", endpoint = "announcement/recipients")]
pub async fn list_recipients(
    id: AnnouncementId,
    acknowledged: bool,
    #[server(default)] cursor: String,
) -> Result<Paged<Recipient>, AppError> {
    use crate::ssr;
    use domain::page::Page;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let page = Page::new(Some(domain::limits::PAGE), Some(cursor));
    Ok(services::announcements::recipients(&services, &actor, (id, Some(acknowledged)), page).await?)
}

/// Publishes one: `audience` is empty for everybody, `team:…` or `project:…` with an id. Without script, goes to it.
#[server(name = PublishAnnouncement, prefix = "/fn", endpoint = "announcement/publish")]
pub async fn publish_announcement(
    #[server(default)] audience: String,
    title: String,
    body: String,
    #[server(default)] acknowledge: bool,
) -> Result<AnnouncementView, AppError> {
    use crate::ssr;
    use domain::{Error, announcement::NewAnnouncement};
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let unknown = || Error::field("audience", "unknown", "Choose whom it is for.");
    let mut new = NewAnnouncement { title, body, acknowledge, ..NewAnnouncement::default() };
    match audience.split_once(':') {
        None if audience.is_empty() => {}
        Some(("team", id)) => new.team_id = Some(id.parse().map_err(|_| unknown())?),
        Some(("project", id)) => new.project_id = Some(id.parse().map_err(|_| unknown())?),
        _ => return Err(unknown().into()),
    }
    let it = services::announcements::publish(&services, &actor, new).await?;
    super::account::landing::without_script(&crate::paths::announcement(it.announcement.id));
    Ok(it)
}

/// Changes what one says.
#[server(name = UpdateAnnouncement, prefix = "/fn", endpoint = "announcement/update")]
pub async fn update_announcement(
    id: AnnouncementId,
    version: i64,
    title: String,
    body: String,
    #[server(default)] acknowledge: bool,
) -> Result<AnnouncementView, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let edit = domain::announcement::EditAnnouncement {
        version,
        title: Some(title),
        body: Some(body),
        acknowledge: Some(acknowledge),
    };
    Ok(services::announcements::update(&services, &actor, id, edit).await?)
}

/// Takes one back.
#[server(name = WithdrawAnnouncement, prefix = "/fn", endpoint = "announcement/withdraw")]
pub async fn withdraw_announcement(id: AnnouncementId, version: i64) -> Result<AnnouncementView, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::announcements::withdraw(&services, &actor, id, version).await?)
}

/// Says that one has read it.
#[server(name = AcknowledgeAnnouncement, prefix = "/fn", endpoint = "announcement/acknowledge")]
pub async fn acknowledge_announcement(id: AnnouncementId) -> Result<AnnouncementView, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::announcements::acknowledge(&services, &actor, id).await?)
}

/// Whom the signed-in person may announce to: `audience` and words.
#[server(name = AnnouncementAudiences, prefix = "/fn", endpoint = "announcement/audiences")]
pub async fn announcement_audiences() -> Result<Vec<(String, String)>, AppError> {
    use crate::ssr;
    use domain::{page::Page, permission::Permission, project::ProjectFilter};
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let all = || Page::new(Some(domain::limits::PAGE), None);
    let mut audiences = Vec::new();
    if actor.allows(Permission::AnnouncementManage, services::Place::Workspace) {
        audiences.push((String::new(), "Everybody".to_owned()));
        let teams = store_teams(&services, &actor, all()).await?;
        audiences.extend(
            teams.into_iter().map(|team| (format!("team:{}", team.id), format!("Team {}", team.name))),
        );
    }
    let projects = services::projects::list(&services, &actor, ProjectFilter::default(), all()).await?.items;
    let projects = projects
        .into_iter()
        .filter(|project| actor.allows(Permission::ProjectAnnounce, project.id))
        .map(|project| (format!("project:{}", project.id), format!("{} {}", project.key, project.name)));
    audiences.extend(projects);
    Ok(audiences)
}

/// The teams; none for those who may not see teams.
#[cfg(feature = "ssr")]
async fn store_teams(
    services: &services::Services,
    actor: &services::Actor,
    page: domain::page::Page,
) -> Result<Vec<domain::team::Team>, AppError> {
    match services::teams::list(services, actor, page).await {
        Ok(teams) => Ok(teams.items),
        Err(domain::Error::Forbidden { .. }) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}
