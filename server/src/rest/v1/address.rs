//! Projects and tasks in addresses and queries: by id, or by the key that people know.

use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::input::Path,
};
use axum::{extract::FromRequestParts, http::request::Parts};
use domain::{
    Result,
    ids::{ProjectId, TaskId},
    project::Project,
    task::Task,
};
use serde::Deserialize;
use services::{Actor, projects, tasks};

/// `{project}` of an address. It is looked up only when a handler wants to know: an answer may be known without.
#[derive(Deserialize)]
pub struct ProjectAt {
    project: String,
}

impl ProjectAt {
    /// The project's id.
    ///
    /// # Errors
    /// What looking it up by key gives.
    pub async fn id(&self, state: &Shared, actor: &Actor) -> Result<ProjectId> {
        project_id(&self.project, state, actor).await
    }

    /// The project.
    ///
    /// # Errors
    /// What looking it up gives.
    pub async fn find(&self, state: &Shared, actor: &Actor) -> Result<Project> {
        match self.project.parse() {
            Ok(id) => projects::find(&state.services, actor, id).await,
            Err(_) => projects::find_by_key(&state.services, actor, &self.project).await,
        }
    }
}

/// The id of a project by id or key.
///
/// # Errors
/// What looking it up by key gives.
pub async fn project_id(text: &str, state: &Shared, actor: &Actor) -> Result<ProjectId> {
    match text.parse() {
        Ok(id) => Ok(id),
        Err(_) => projects::id_of_key(&state.services, actor, text).await,
    }
}

/// `{task}` of an address.
#[derive(Deserialize)]
pub struct TaskAt {
    task: String,
}

impl TaskAt {
    /// The task's id.
    ///
    /// # Errors
    /// What looking it up by key gives.
    pub async fn id(&self, state: &Shared, actor: &Actor) -> Result<TaskId> {
        task_id(&self.task, state, actor).await
    }

    /// The task.
    ///
    /// # Errors
    /// What looking it up gives.
    pub async fn find(&self, state: &Shared, actor: &Actor) -> Result<Task> {
        match self.task.parse() {
            Ok(id) => tasks::find(&state.services, actor, id).await,
            Err(_) => tasks::find_by_key(&state.services, actor, &self.task).await,
        }
    }
}

/// The id of a task by id or key.
///
/// # Errors
/// What looking it up by key gives.
pub async fn task_id(text: &str, state: &Shared, actor: &Actor) -> Result<TaskId> {
    match text.parse() {
        Ok(id) => Ok(id),
        Err(_) => Ok(tasks::find_by_key(&state.services, actor, text).await?.summary.id),
    }
}

impl FromRequestParts<Shared> for ProjectAt {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Problem> {
        // Nobody who is not signed in learns whether an address is well-formed.
        SignedIn::from_request_parts(parts, state).await?;
        Ok(Path::from_request_parts(parts, state).await?.0)
    }
}

impl FromRequestParts<Shared> for TaskAt {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Shared) -> Result<Self, Problem> {
        SignedIn::from_request_parts(parts, state).await?;
        Ok(Path::from_request_parts(parts, state).await?.0)
    }
}
