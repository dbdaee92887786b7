//! Tasks: lists across projects, boards, one task, and what changes them. A project's list is in `task_list`, the form
//! of a task in `task_form`.

use crate::AppError;
use domain::{
    board::Board,
    ids::{ColumnId, ProjectId, TaskId},
    page::Paged,
    task::{BulkEdit, BulkResult, EditTask, HomeTask, MoveTask, Task, TaskFilter, TaskView},
};
use leptos::prelude::*;
use server_fn::codec::Json;

/// A page of a list across projects. The filter comes as JSON: it has lists and options that a form's text cannot
/// carry.
#[server(name = ListTasksEverywhere, prefix = "/fn", endpoint = "task/list-everywhere", input = Json)]
pub async fn list_tasks_everywhere(
    filter: TaskFilter,
    cursor: Option<String>,
) -> Result<Paged<HomeTask>, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let page = domain::page::Page::new(None, cursor);
    Ok(services::tasks::list_with_projects(&services, &actor, filter, page).await?)
}

/// A project's board with the first cards of each column.
#[server(name = LoadBoard, prefix = "/fn", endpoint = "task/board", input = Json)]
pub async fn load_board(project_id: ProjectId, filter: TaskFilter) -> Result<Board, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::tasks::board(&services, &actor, project_id, filter).await?)
}

/// Everything that a task's page shows.
#[server(name = LoadTask, prefix = "/fn", endpoint = "task/view")]
pub async fn load_task(key: String) -> Result<TaskView, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::tasks::view(&services, &actor, &key).await?)
}

/// Adds a task with only a title, at the end of a column (the first one unless said) or below a parent.
#[server(name = AddTask, prefix = "/fn", endpoint = "task/add")]
pub async fn add_task(
    project_id: ProjectId,
    title: String,
    #[server(default)] column_id: Option<ColumnId>,
    #[server(default)] parent_id: Option<TaskId>,
) -> Result<Task, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let new = domain::task::NewTask { title, column_id, parent_id, ..Default::default() };
    Ok(services::tasks::create(&services, &actor, project_id, new).await?)
}

/// Changes a task; what is absent from `edit` stays.
#[server(name = EditTaskFields, prefix = "/fn", endpoint = "task/edit", input = Json)]
pub async fn edit_task(id: TaskId, edit: EditTask) -> Result<Task, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::tasks::update(&services, &actor, id, edit).await?)
}

/// Puts a card somewhere.
#[server(name = MoveCard, prefix = "/fn", endpoint = "task/move", input = Json)]
pub async fn move_task(id: TaskId, to: MoveTask) -> Result<Task, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::tasks::move_to(&services, &actor, id, to).await?)
}

/// Moves a task to the end of a column: what the "Move to…" form sends, with or without script.
#[server(name = MoveToColumn, prefix = "/fn", endpoint = "task/move-to-column")]
pub async fn move_to_column(id: TaskId, version: i64, column_id: ColumnId) -> Result<Task, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let to = MoveTask { version, column_id, after: None, before: None };
    Ok(services::tasks::move_to(&services, &actor, id, to).await?)
}

/// What can be done to a whole task with one button.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskAct {
    /// Into the first done column.
    Complete,
    /// Back into the first column.
    Reopen,
    /// Put away.
    Archive,
    /// Taken out of the archive.
    Unarchive,
    /// Deleted, for 30 days to be brought back.
    Delete,
    /// Brought back.
    Restore,
}

/// Completes, reopens, archives, deletes or brings back a task.
#[server(name = ActOnTask, prefix = "/fn", endpoint = "task/act")]
pub async fn act_on_task(id: TaskId, version: i64, act: TaskAct) -> Result<Task, AppError> {
    use crate::ssr;
    use services::tasks;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(match act {
        TaskAct::Complete => tasks::complete(&services, &actor, id, version).await,
        TaskAct::Reopen => tasks::reopen(&services, &actor, id, version).await,
        TaskAct::Archive => tasks::archive(&services, &actor, id, version).await,
        TaskAct::Unarchive => tasks::unarchive(&services, &actor, id, version).await,
        TaskAct::Delete => tasks::delete(&services, &actor, id, version).await,
        TaskAct::Restore => tasks::restore(&services, &actor, id, version).await,
    }?)
}

/// Changes many tasks of one project, all or none.
#[server(name = EditTasks, prefix = "/fn", endpoint = "task/bulk", input = Json)]
pub async fn edit_tasks(project_id: ProjectId, edit: BulkEdit) -> Result<BulkResult, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::tasks::bulk(&services, &actor, project_id, edit).await?)
}

/// Begins or ends watching a task.
#[server(name = WatchTask, prefix = "/fn", endpoint = "task/watch")]
pub async fn watch_task(id: TaskId, watch: bool) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    if watch {
        services::tasks::watch(&services, &actor, id).await?;
    } else {
        services::tasks::unwatch(&services, &actor, id).await?;
    }
    Ok(())
}
