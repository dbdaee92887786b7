//! Lists and boards of tasks.

use crate::{Actor, Services, authorize, projects};
use domain::{
    Result,
    board::Board,
    ids::ProjectId,
    page::{Page, Paged},
    permission::Permission,
    search_text,
    task::{HomeTask, Lifecycle, TaskFilter, TaskSummary},
};
use store::{
    Tx,
    tasks::{Cursor, Scope},
};

/// Tasks that the actor may see. A key in the search finds that task alone.
///
/// # Errors
/// [`domain::Error::NotFound`] for a project that they may not see; [`domain::Error::Forbidden`] for deleted tasks without
/// `task.delete` there; [`domain::Error::Invalid`] for a cursor of another list.
pub async fn list(
    services: &Services,
    actor: &Actor,
    filter: TaskFilter,
    page: Page,
) -> Result<Paged<TaskSummary>> {
    Ok(list_with_projects(services, actor, filter, page).await?.map(|row| row.task))
}

/// As [`list`], each with its project.
///
/// # Errors
/// As [`list`].
pub async fn list_with_projects(
    services: &Services,
    actor: &Actor,
    filter: TaskFilter,
    page: Page,
) -> Result<Paged<HomeTask>> {
    let after = page.after(|text| Cursor::parse(text, filter.sort))?;
    let scope = scope(actor, &filter)?;
    let (filter, scope, page, after) = (&filter, &scope, &page, &after);
    services
        .read_listed(actor, |mut tx| async move {
            if let Some(project) = filter.project_id {
                projects::readable(&mut tx, actor, project).await?;
            }
            if let Some(found) = by_key(&mut tx, actor, filter).await? {
                return Ok(Paged { items: vec![found], next: None });
            }
            Ok(store::tasks::list(&mut tx, filter, scope, (page, after.clone())).await?)
        })
        .await
}

/// A project's board: the first cards of each column that the filter lets through.
///
/// # Errors
/// [`domain::Error::NotFound`].
pub async fn board(
    services: &Services,
    actor: &Actor,
    project: ProjectId,
    filter: TaskFilter,
) -> Result<Board> {
    let filter = &filter;
    services
        .read_listed(actor, |mut tx| async move {
            projects::readable(&mut tx, actor, project).await?;
            let columns = store::columns::list(&mut tx, project).await?;
            Ok(store::tasks::board(&mut tx, columns, filter, actor.user_id).await?)
        })
        .await
}

fn scope(actor: &Actor, filter: &TaskFilter) -> Result<Scope> {
    let mut scope = Scope { visible: actor.visible(), projects: None, me: actor.user_id };
    if filter.lifecycle != Lifecycle::Deleted {
        return Ok(scope);
    }
    match filter.project_id {
        Some(project) => authorize::in_project(actor, Permission::TaskDelete, project, "project")?,
        None if actor.allows_everywhere(Permission::TaskDelete) => {}
        None => scope.projects = Some(where_allowed(actor, Permission::TaskDelete)),
    }
    Ok(scope)
}

fn where_allowed(actor: &Actor, permission: Permission) -> Vec<ProjectId> {
    let places = actor.access.projects.keys().copied();
    places.filter(|project| actor.allows(permission, *project)).collect()
}

/// The task whose key the search is, if it is one that this list may show.
async fn by_key(tx: &mut Tx, actor: &Actor, filter: &TaskFilter) -> Result<Option<HomeTask>> {
    let Some((key, number)) = filter.search.as_deref().and_then(search_text::task_key) else {
        return Ok(None);
    };
    let found = store::tasks::find_by_key(tx, &key, i64::from(number)).await?;
    let Some(found) = found.filter(|found| super::gate::check(actor, found).is_ok()) else {
        return Ok(None);
    };
    let task = found.task.summary;
    let here = filter.project_id.is_none_or(|project| project == task.project_id);
    if here && task.lifecycle == filter.lifecycle {
        Ok(Some(HomeTask { task, project: found.project }))
    } else {
        Ok(None)
    }
}
