//! The history: who changed what.

use crate::{Actor, Services, projects::readable};
use domain::{
    Result,
    activity::{Activity, ActivityFilter},
    page::{Page, Paged},
    permission::Permission,
};

/// The history that the actor may see, newest first.
///
/// # Errors
/// [`domain::Error::NotFound`] for a project or task that they may not see; [`domain::Error::Invalid`] for a cursor that no page gave.
pub async fn list(
    services: &Services,
    actor: &Actor,
    filter: ActivityFilter,
    page: Page,
) -> Result<Paged<Activity>> {
    page.after(|cursor| cursor.parse::<i64>().ok())?;
    let (filter, page) = (&filter, &page);
    services
        .read_listed(actor, |mut tx| async move {
            if let Some(task) = filter.task_id {
                crate::tasks::readable(&mut tx, actor, task).await?;
            }
            if let Some(project) = filter.project_id {
                readable(&mut tx, actor, project).await?;
            }
            let sees_deleted = actor.allows_everywhere(Permission::ProjectDelete);
            Ok(store::activity::list(&mut tx, filter, (actor.visible(), sees_deleted), page).await?)
        })
        .await
}
