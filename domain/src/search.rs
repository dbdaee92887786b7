//! Quick search: by key or words, over what the caller may see.

use crate::{project::ProjectRef, task::TaskRef};
use serde::{Deserialize, Serialize};

/// What was found, best first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchResults {
    /// Tasks, each with its project.
    pub tasks: Vec<TaskHit>,
    /// Projects by name or key.
    pub projects: Vec<ProjectRef>,
}

/// A found task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskHit {
    /// The task.
    pub task: TaskRef,
    /// Its project.
    pub project: ProjectRef,
}
