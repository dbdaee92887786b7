//! Looking at one task.

use super::gate;
use crate::{Actor, Place, Services, dependencies, markdown};
use domain::{
    Result,
    dependency::Dependencies,
    ids::TaskId,
    search_text,
    task::{Task, TaskView},
};
use store::{Tx, tasks::Found};

/// Sub-tasks that a task's page shows; more are in the list.
const CHILDREN: i64 = 500;

/// The task of that id.
///
/// # Errors
/// [`domain::Error::NotFound`].
pub async fn find(services: &Services, actor: &Actor, id: TaskId) -> Result<Task> {
    let mut tx = services.db.read().await?;
    Ok(gate::readable(&mut tx, actor, id).await?.task)
}

/// The task of that key, such as `WEB-12`, in capitals or not.
///
/// # Errors
/// [`domain::Error::NotFound`].
pub async fn find_by_key(services: &Services, actor: &Actor, key: &str) -> Result<Task> {
    let mut tx = services.db.read().await?;
    Ok(by_key(&mut tx, actor, key).await?.task)
}

/// The task of that key with everything that its page shows.
///
/// # Errors
/// [`domain::Error::NotFound`].
pub async fn view(services: &Services, actor: &Actor, key: &str) -> Result<TaskView> {
    let mut tx = services.db.read().await?;
    let view = look(&mut tx, (services, actor), key).await?;
    drop(tx);
    Ok(with_html(view))
}

/// The view without the description as HTML, whose making needs no database.
pub(super) async fn look(tx: &mut Tx, (services, actor): (&Services, &Actor), key: &str) -> Result<TaskView> {
    let (key, number) = search_text::task_key(key).ok_or_else(gate::not_found)?;
    let family = store::tasks::family(tx, (&key, i64::from(number)), CHILDREN).await?;
    let (found, children) = family.ok_or_else(gate::not_found)?;
    gate::check(actor, &found)?;
    let mut ancestors = match found.task.summary.parent_id {
        Some(parent) => store::tasks::chain(tx, parent).await?,
        None => Vec::new(),
    };
    ancestors.reverse();
    let watchers = store::tasks::watchers(tx, found.task.summary.id).await?;
    let has_dependencies = services.features.dependencies;
    let dependencies = if has_dependencies {
        dependencies::of(tx, actor, &found.task.summary).await?
    } else {
        Dependencies::default()
    };
    Ok(TaskView {
        dependencies,
        has_dependencies,
        description_html: String::new(),
        ancestors: ancestors.into_iter().map(|link| link.task).collect(),
        children,
        watching: watchers.iter().any(|person| Some(person.id) == actor.user_id),
        watchers,
        permissions: actor.permissions_in(Place::Project(found.project.id)),
        project: found.project,
        project_lifecycle: found.project_lifecycle,
        task: found.task,
    })
}

pub(super) fn with_html(mut view: TaskView) -> TaskView {
    view.description_html = markdown::to_html(&view.task.description);
    view
}

pub(crate) async fn by_key(tx: &mut Tx, actor: &Actor, key: &str) -> Result<Found> {
    let (key, number) = search_text::task_key(key).ok_or_else(gate::not_found)?;
    let found = store::tasks::find_by_key(tx, &key, i64::from(number)).await?;
    let found = found.ok_or_else(gate::not_found)?;
    gate::check(actor, &found)?;
    Ok(found)
}
