//! Everything about one task at once, for its page: one transaction and few statements where a call for each part would
//! ask again and again who may see it.

use super::{
    choices::{Choices, choices_in},
    view::{look, with_html},
};
use crate::{Actor, Services, comments};
use domain::{
    Result,
    activity::{Activity, ActivityFilter},
    comment::Comment,
    page::{Page, Paged},
    permission::Permission,
    task::{Lifecycle, TaskView},
};

/// What a task's page begins with.
pub struct TaskPage {
    /// The task with its surroundings.
    pub view: TaskView,
    /// Its comments, newest first.
    pub comments: Paged<Comment>,
    /// Its history, newest first.
    pub history: Paged<Activity>,
    /// What there is to choose from; `None` for those who may change nothing here.
    pub choices: Option<Choices>,
}

/// The task of that key with a page of its comments and one of its history.
///
/// # Errors
/// [`domain::Error::NotFound`].
pub async fn page(
    services: &Services,
    actor: &Actor,
    key: &str,
    (comments, history): (Page, Page),
) -> Result<TaskPage> {
    let mut tx = services.db.read().await?;
    let view = look(&mut tx, (services, actor), key).await?;
    let (task, project) = (view.task.summary.id, view.project.id);
    let said = store::comments::latest(&mut tx, task, &comments).await?;
    let filter = ActivityFilter { task_id: Some(task), ..ActivityFilter::default() };
    let history = store::activity::list(&mut tx, &filter, (actor.visible(), true), &history).await?;
    let choices = if changes(&view) { Some(choices_in(&mut tx, project).await?) } else { None };
    drop(tx);
    Ok(TaskPage { view: with_html(view), comments: said.map(comments::with_html), history, choices })
}

/// Whether there is anything to choose for the one who looks.
fn changes(view: &TaskView) -> bool {
    let in_use = [view.project_lifecycle, view.task.summary.lifecycle] == [Lifecycle::Active; 2];
    let wanted = [Permission::TaskUpdate, Permission::TaskMove, Permission::TaskAssign];
    in_use && wanted.into_iter().any(|permission| view.permissions.contains(permission))
}
