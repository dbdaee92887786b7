//! What is the caller's to do.

use crate::AppError;
use domain::{
    Day,
    ids::ProjectId,
    task::{Home, TaskSummary},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// One's own work, and the day by which it is early or late.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyWork {
    /// Tasks, counts and projects.
    pub home: Home,
    /// Today in UTC, by the server's clock.
    pub today: Day,
}

/// The caller's own work; the first tasks by due day, or `all` of them (as many as a page of a list may have).
#[server(name = FindMyWork, prefix = "/fn", endpoint = "home/mine")]
pub async fn my_work(#[server(default)] all: bool) -> Result<MyWork, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let mut home = services::home::home(&services, &actor).await?;
    if all {
        let page = domain::page::Page::new(Some(domain::limits::PAGE), None);
        let mine = own::open_tasks(None);
        home.assigned = services::tasks::list_with_projects(&services, &actor, mine, page).await?.items;
    }
    Ok(MyWork { home, today: services.now().day() })
}

/// The caller's first open tasks in one project, due first.
#[server(name = MyTasksIn, prefix = "/fn", endpoint = "home/in-project")]
pub async fn my_tasks_in(project: ProjectId, limit: i64) -> Result<Vec<TaskSummary>, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let page = domain::page::Page::new(Some(limit), None);
    let mine = own::open_tasks(Some(project));
    Ok(services::tasks::list(&services, &actor, mine, page).await?.items)
}

#[cfg(feature = "ssr")]
mod own {
    use domain::{
        board::Category,
        ids::ProjectId,
        task::{AssigneeFilter, TaskFilter, TaskSort},
    };

    pub fn open_tasks(project_id: Option<ProjectId>) -> TaskFilter {
        TaskFilter {
            project_id,
            assignee: Some(AssigneeFilter::Me),
            categories: vec![Category::Todo, Category::Doing],
            sort: TaskSort::Due,
            ..TaskFilter::default()
        }
    }
}
