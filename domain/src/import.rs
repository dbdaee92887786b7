//! What an import of a checklist would do, or did.

use crate::ids::ProjectId;
use serde::{Deserialize, Serialize};

/// What headings become.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeadingsAs {
    /// A task above the items under it.
    #[default]
    ParentTasks,
    /// A column that open items under it go to; done items go to the first done column.
    Columns,
}

/// An import of a Markdown checklist.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportChecklist {
    /// The key of the project to import into; made if there is none.
    pub project_key: String,
    /// The name of a project that has to be made; `None`: the document's title.
    #[serde(default)]
    pub project_name: Option<String>,
    /// What headings become.
    #[serde(default)]
    pub headings: HeadingsAs,
    /// The document.
    pub markdown: String,
    /// Tell, and change nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// What an import does to one line of the document.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportAct {
    /// Makes a task.
    Create,
    /// Changes a task of an earlier import.
    Update,
    /// Finds a task of an earlier import as it should be.
    Keep,
}

/// One line of an import's report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportLine {
    /// Line of the document, from 1.
    pub line: i64,
    /// What happens.
    pub act: ImportAct,
    /// How deep it stands, from 0.
    pub depth: i64,
    /// The task's title.
    pub title: String,
    /// Whether it is ticked.
    pub done: bool,
    /// Whether it comes from a heading.
    pub heading: bool,
}

/// The report of an import, and of a dry run of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// The project; `None` while a dry run only would make it.
    pub project_id: Option<ProjectId>,
    /// Its key.
    pub project_key: String,
    /// Its name.
    pub project_name: String,
    /// Whether the project is made by this import.
    pub project_created: bool,
    /// Whether nothing was changed.
    pub dry_run: bool,
    /// Tasks made.
    pub created: i64,
    /// Tasks changed.
    pub updated: i64,
    /// Tasks found as they should be.
    pub unchanged: i64,
    /// Checklist items (without headings) in the document.
    pub items: i64,
    /// Of them, ticked.
    pub items_done: i64,
    /// Columns made, by name.
    pub columns_created: Vec<String>,
    /// Tasks of earlier imports that the document no longer has; they stay as they are.
    pub missing: i64,
    /// Every line, in the document's order.
    pub lines: Vec<ImportLine>,
}
