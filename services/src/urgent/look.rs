//! What people see of urgent projects.

use super::{readable_episode, shown, shown_alerts};
use crate::{Actor, Services, projects::readable};
use domain::{
    Result,
    ids::{EpisodeId, ProjectId},
    limits::urgent as limits,
    page::{Page, Paged},
    urgent::{Alert, Episode},
};
use store::urgent::Cursor;

/// The episode that goes on in a project.
///
/// # Errors
/// [`domain::Error::NotFound`].
pub async fn current(services: &Services, actor: &Actor, project: ProjectId) -> Result<Option<Episode>> {
    let mut tx = services.db.read().await?;
    readable(&mut tx, actor, project).await?;
    Ok(store::urgent::open_of_project(&mut tx, project).await?.map(|row| shown(actor, row.episode)))
}

/// The episode of that id.
///
/// # Errors
/// [`domain::Error::NotFound`].
pub async fn find(services: &Services, actor: &Actor, id: EpisodeId) -> Result<Episode> {
    let mut tx = services.db.read().await?;
    Ok(shown(actor, readable_episode(&mut tx, actor, id).await?.episode))
}

/// Episodes of one project, or of all that the actor may see, the newest first: all, or only those that go on (`open`) or
/// are over.
///
/// # Errors
/// [`domain::Error::NotFound`] for a project that they may not see; [`domain::Error::Invalid`] for a cursor that no page
/// gave.
pub async fn list(
    services: &Services,
    actor: &Actor,
    (project, open): (Option<ProjectId>, Option<bool>),
    page: Page,
) -> Result<Paged<Episode>> {
    let after = page.after(Cursor::parse)?;
    let mut tx = services.db.read().await?;
    if let Some(project) = project {
        readable(&mut tx, actor, project).await?;
    }
    let mut found =
        store::urgent::list(&mut tx, (project, actor.visible()), open, (page.limit, after)).await?;
    found.items = found.items.into_iter().map(|episode| shown(actor, episode)).collect();
    Ok(found)
}

/// Who was alerted, those who have not acknowledged first, at most 2,000.
///
/// # Errors
/// [`domain::Error::NotFound`].
pub async fn alerts(services: &Services, actor: &Actor, id: EpisodeId) -> Result<Vec<Alert>> {
    let mut tx = services.db.read().await?;
    readable_episode(&mut tx, actor, id).await?;
    Ok(shown_alerts(actor, store::urgent::of_episode(&mut tx, id, limits::PEOPLE).await?))
}
