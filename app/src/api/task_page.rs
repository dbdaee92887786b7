//! One task's page: all that it shows, and what its forms send.

use super::{task_choices::TaskChoices, task_form::TaskForm};
use crate::AppError;
use domain::{
    activity::Activity,
    comment::Comment,
    ids::TaskId,
    page::Paged,
    task::{Task, TaskView},
    user::UserRef,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Everything that the page begins with.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskPageData {
    /// The task with its surroundings.
    pub view: TaskView,
    /// Its comments, newest first.
    pub comments: Paged<Comment>,
    /// Its history, newest first; as `activity::task_activity`.
    pub history: Paged<Activity>,
    /// What its fields offer; `None` for those who may change nothing.
    pub choices: Option<TaskChoices>,
}

/// Comments, and rows of the history, that come at once.
#[cfg(feature = "ssr")]
const ROWS: i64 = 20;

/// The task of that key with the newest of its comments and history, or those before a cursor.
#[server(name = LoadTaskPage, prefix = "/fn", endpoint = "task/page")]
pub async fn load_task_page(
    key: String,
    #[server(default)] comments: Option<String>,
    #[server(default)] history: Option<String>,
) -> Result<TaskPageData, AppError> {
    use crate::ssr;
    use domain::page::Page;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let pages = (Page::new(Some(ROWS), comments), Page::new(Some(ROWS), history));
    let page = services::tasks::page(&services, &actor, &key, pages).await?;
    Ok(TaskPageData {
        view: page.view,
        comments: page.comments,
        history: page.history.map(super::activity::shortened),
        choices: page.choices.map(TaskChoices::of),
    })
}

/// What was saved, and how it looks.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedText {
    /// The task as it is now.
    pub task: Task,
    /// Its description as safe HTML.
    pub description_html: String,
}

/// Changes a task's title and description.
#[server(name = SaveTaskText, prefix = "/fn", endpoint = "task/save-text")]
pub async fn save_task_text(
    id: TaskId,
    version: i64,
    #[server(default)] title: String,
    #[server(default)] description: String,
) -> Result<SavedText, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let edit = domain::task::EditTask {
        version,
        title: Some(title),
        description: Some(description),
        ..Default::default()
    };
    let task = services::tasks::update(&services, &actor, id, edit).await?;
    super::account::landing::without_script(&crate::paths::task(&task.summary.key));
    Ok(SavedText { description_html: services::markdown::to_html(&task.description), task })
}

/// A field of a task that is saved by itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskField {
    /// The column that it is in.
    Column,
    /// How much it matters.
    Priority,
    /// Who does it.
    Assignees,
    /// Its labels.
    Labels,
    /// When it starts.
    StartOn,
    /// When it is due.
    DueOn,
    /// How long it takes.
    Estimate,
    /// The task that it is part of.
    Parent,
}

/// Changes one field of a task; of `task`, only that field counts.
#[server(name = SaveTaskField, prefix = "/fn", endpoint = "task/save-field")]
pub async fn save_task_field(
    id: TaskId,
    version: i64,
    field: TaskField,
    #[server(default)] task: TaskForm,
) -> Result<Task, AppError> {
    use super::task_form::parent_of;
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let parent = if field == TaskField::Parent && !task.parent.trim().is_empty() {
        let project = services::tasks::find(&services, &actor, id).await?.summary.project_id;
        parent_of(&services, &actor, project, &task.parent).await?
    } else {
        None
    };
    let edit = only(field, &task, task.edit(version, parent)?);
    Ok(services::tasks::update(&services, &actor, id, edit).await?)
}

/// The change of one field, out of the change of all.
#[cfg(feature = "ssr")]
fn only(field: TaskField, form: &TaskForm, all: domain::task::EditTask) -> domain::task::EditTask {
    let mut edit = domain::task::EditTask { version: all.version, ..Default::default() };
    match field {
        TaskField::Column => edit.column_id = all.column_id,
        TaskField::Priority => edit.priority = all.priority,
        TaskField::Assignees => edit.assignees = Some(form.assignees.clone()),
        TaskField::Labels => edit.labels = Some(form.labels.clone()),
        TaskField::StartOn => edit.start_on = all.start_on,
        TaskField::DueOn => edit.due_on = all.due_on,
        TaskField::Estimate => edit.estimate_minutes = all.estimate_minutes,
        TaskField::Parent => edit.parent_id = all.parent_id,
    }
    edit
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use domain::task::EditTask;

    #[test]
    fn saving_one_field_leaves_the_others_alone() {
        let form = TaskForm { due_on: "2026-01-17".into(), ..TaskForm::default() };
        let all = form.edit(4, None).expect("an edit");
        let edit = only(TaskField::DueOn, &form, all);
        let day = "2026-01-17".parse().expect("a day");
        assert_eq!(edit, EditTask { version: 4, due_on: Some(Some(day)), ..EditTask::default() });
    }

    #[test]
    fn the_last_assignee_can_be_taken_off() {
        let form = TaskForm::default();
        let edit = only(TaskField::Assignees, &form, form.edit(4, None).expect("an edit"));
        assert_eq!(edit.assignees, Some(Vec::new()));
        assert_eq!(edit.labels, None);
    }
}

/// Says that the caller has the task's page open; gives who else has.
#[server(name = LookAtTask, prefix = "/fn", endpoint = "task/look")]
pub async fn look_at_task(id: TaskId) -> Result<Vec<UserRef>, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::presence::here(&services, &actor, id).await?)
}

/// Says that the caller has closed it.
#[server(name = LeaveTask, prefix = "/fn", endpoint = "task/leave")]
pub async fn leave_task(id: TaskId) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::presence::left(&services, &actor, id).await?)
}
