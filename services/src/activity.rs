//! The history: who changed what.

use crate::{Actor, Services, authorize, projects::readable};
use domain::{
    Error, Result,
    activity::{Activity, ActivityFilter},
    page::{Page, Paged},
    permission::Permission,
};

/// The history that the actor may see, newest first.
///
/// # Errors
/// [`Error::NotFound`] for a project or task that they may not see; [`Error::Invalid`] for a cursor that no page gave.
pub async fn list(
    services: &Services,
    actor: &Actor,
    filter: ActivityFilter,
    page: Page,
) -> Result<Paged<Activity>> {
    page.after(|cursor| cursor.parse::<i64>().ok())?;
    let mut tx = services.db.read().await?;
    if let Some(task) = filter.task_id {
        let project = store::projects::of_task(&mut tx, task).await?;
        let project = project.ok_or_else(|| Error::not_found("task"))?;
        authorize::in_project(actor, Permission::ProjectView, project, "task")?;
        readable(&mut tx, actor, project).await.map_err(|error| error.about("task"))?;
    }
    if let Some(project) = filter.project_id {
        readable(&mut tx, actor, project).await?;
    }
    Ok(store::activity::list(&mut tx, &filter, actor.visible(), &page).await?)
}
