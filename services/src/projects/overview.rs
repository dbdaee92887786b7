//! A project at a glance, read in one transaction: a call for each part would ask again and again who may see it.

use super::readable;
use crate::{Actor, Services, home};
use domain::{
    Day, Result,
    activity::{Activity, ActivityFilter},
    board::{Category, Column},
    ids::ProjectId,
    limits,
    page::Page,
    project::ProjectMember,
    task::{TaskFilter, TaskSummary},
};
use store::{Tx, tasks::Scope};

/// What a project's first page shows beside the project.
pub struct Overview {
    /// The columns from left to right, with the counts of their tasks.
    pub columns: Vec<Column>,
    /// Open tasks whose day has passed (in UTC), counted up to [`limits::OVERDUE`].
    pub overdue: i64,
    /// The first of the caller's own open tasks here, by due date.
    pub mine: Vec<TaskSummary>,
    /// What happened last.
    pub latest: Vec<Activity>,
    /// People; those of a team stand once more for each team.
    pub members: Vec<ProjectMember>,
}

/// The project of that id at a glance; of tasks and of activity the first `limit`.
///
/// # Errors
/// [`domain::Error::NotFound`].
pub async fn overview(services: &Services, actor: &Actor, id: ProjectId, limit: i64) -> Result<Overview> {
    let yesterday = services.now().day().0.previous_day().map(Day);
    let mine = TaskFilter { project_id: Some(id), ..home::mine() };
    let late = TaskFilter {
        project_id: Some(id),
        categories: vec![Category::Todo, Category::Doing],
        due_until: yesterday,
        ..TaskFilter::default()
    };
    let (late, mine) = (&late, &mine);
    services
        .read_listed(actor, |mut tx| async move {
            readable(&mut tx, actor, id).await?;
            let columns = store::columns::list(&mut tx, id).await?;
            let overdue = tasks(&mut tx, actor, (late, limits::OVERDUE)).await?.len();
            let mine = tasks(&mut tx, actor, (mine, limit)).await?;
            let filter = ActivityFilter { project_id: Some(id), ..ActivityFilter::default() };
            let page = Page::new(Some(limit), None);
            let latest = store::activity::list(&mut tx, &filter, (actor.visible(), true), &page).await?.items;
            let members = store::project_members::list(&mut tx, id).await?;
            Ok(Overview {
                columns,
                overdue: i64::try_from(overdue).unwrap_or(limits::OVERDUE),
                mine,
                latest,
                members,
            })
        })
        .await
}

async fn tasks(tx: &mut Tx, actor: &Actor, (filter, limit): (&TaskFilter, i64)) -> Result<Vec<TaskSummary>> {
    let scope = Scope { visible: actor.visible(), projects: None, me: actor.user_id };
    let page = Page::new(Some(limit), None);
    let found = store::tasks::list(tx, filter, &scope, (&page, None)).await?;
    Ok(found.items.into_iter().map(|row| row.task).collect())
}
