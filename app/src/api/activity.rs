//! The history of projects and tasks.

use crate::AppError;
use domain::{
    activity::Activity,
    ids::{ProjectId, TaskId},
    page::Paged,
};
use leptos::prelude::*;

/// What happened in a project, newest first. Long texts come shortened: a feed tells that they changed, and how they
/// began.
#[server(name = ProjectActivity, prefix = "/fn", endpoint = "activity/of-project")]
pub async fn project_activity(
    project: ProjectId,
    #[server(default)] cursor: Option<String>,
    #[server(default)] limit: Option<i64>,
) -> Result<Paged<Activity>, AppError> {
    use domain::activity::ActivityFilter;
    let filter = ActivityFilter { project_id: Some(project), ..ActivityFilter::default() };
    listing::of(filter, cursor, limit).await
}

/// What happened to a task, newest first; as [`project_activity`].
#[server(name = TaskActivity, prefix = "/fn", endpoint = "activity/of-task")]
pub async fn task_activity(
    task: TaskId,
    #[server(default)] cursor: Option<String>,
    #[server(default)] limit: Option<i64>,
) -> Result<Paged<Activity>, AppError> {
    use domain::activity::ActivityFilter;
    let filter = ActivityFilter { task_id: Some(task), ..ActivityFilter::default() };
    listing::of(filter, cursor, limit).await
}

#[cfg(feature = "ssr")]
pub(super) use listing::shortened;

#[cfg(feature = "ssr")]
mod listing {
    use crate::{AppError, ssr};
    use domain::{
        activity::{Activity, ActivityFilter},
        page::{Page, Paged},
    };

    /// Characters of one value that a feed gets.
    const SHOWN: usize = 600;

    pub async fn of(
        filter: ActivityFilter,
        cursor: Option<String>,
        limit: Option<i64>,
    ) -> Result<Paged<Activity>, AppError> {
        let (services, actor) = (ssr::services()?, ssr::actor()?);
        let page = Page::new(limit, cursor);
        Ok(services::activity::list(&services, &actor, filter, page).await?.map(shortened))
    }

    pub fn shortened(mut activity: Activity) -> Activity {
        for change in &mut activity.changes {
            for value in [&mut change.before, &mut change.after].into_iter().flatten() {
                if let Some((end, _)) = value.char_indices().nth(SHOWN) {
                    value.truncate(end);
                    value.push('…');
                }
            }
        }
        activity
    }
}
