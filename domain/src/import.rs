//! What an import of a checklist, or of dependencies, would do or did.

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
    /// Dependencies made.
    #[serde(default)]
    pub links_created: i64,
    /// Dependencies that were there already.
    #[serde(default)]
    pub links_kept: i64,
    /// Dependencies that the document asks for and that can't be, in its order.
    #[serde(default)]
    pub refused: Vec<RefusedLink>,
}

/// A dependency that a checklist asks for and that can't be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedLink {
    /// Line of the document, from 1.
    pub line: i64,
    /// The title of the task that would wait.
    pub title: String,
    /// What it would wait for, as the document names it.
    pub after: String,
    /// A stable word for programs, such as `cycle`.
    pub code: String,
    /// A sentence for people that says what to do.
    pub message: String,
}

/// An import of dependencies from a table, read by [`crate::dependency_csv::parse`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportDependencies {
    /// The table: two columns of task keys, what blocks and what is blocked.
    pub csv: String,
    /// Tell, and change nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// One line of the report of imported dependencies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedLink {
    /// Line of the table, from 1.
    pub line: i64,
    /// The key of the task that blocks; empty in a line that can't be read.
    pub blocker: String,
    /// The key of the task that is blocked; empty in a line that can't be read.
    pub blocked: String,
    /// What happens. Its fields stand beside the others: `outcome` and, of a refusal, `code` and `message`.
    #[serde(flatten)]
    pub outcome: LinkOutcome,
}

/// What an import does with one dependency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum LinkOutcome {
    /// Makes it.
    Create,
    /// Finds that it is there already.
    Keep,
    /// Leaves it out.
    Refused {
        /// A stable word for programs, such as `cycle` or `not_a_key`.
        code: String,
        /// A sentence for people that says what to do.
        message: String,
    },
}

/// The report of imported dependencies, and of a dry run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DependencyReport {
    /// Whether nothing was changed.
    pub dry_run: bool,
    /// Dependencies made.
    pub created: i64,
    /// Dependencies that were there already.
    pub kept: i64,
    /// Lines left out.
    pub refused: i64,
    /// Every line, in the table's order.
    pub lines: Vec<ImportedLink>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{from_value, json, to_value};

    fn link(outcome: LinkOutcome) -> ImportedLink {
        ImportedLink { line: 3, blocker: "WEB-1".into(), blocked: "WEB-2".into(), outcome }
    }

    #[test]
    fn an_outcome_stands_beside_the_fields_of_its_line() {
        let refused = LinkOutcome::Refused { code: "cycle".into(), message: "WEB-2 blocks WEB-1.".into() };
        for (outcome, told) in [
            (LinkOutcome::Create, json!({ "outcome": "create" })),
            (LinkOutcome::Keep, json!({ "outcome": "keep" })),
            (refused, json!({ "outcome": "refused", "code": "cycle", "message": "WEB-2 blocks WEB-1." })),
        ] {
            let mut line = json!({ "line": 3, "blocker": "WEB-1", "blocked": "WEB-2" });
            for (name, value) in told.as_object().expect("an object") {
                line[name] = value.clone();
            }
            assert_eq!(to_value(link(outcome.clone())).expect("JSON"), line);
            assert_eq!(from_value::<ImportedLink>(line).expect("a line"), link(outcome));
        }
    }

    #[test]
    fn an_import_of_dependencies_changes_things_unless_told_otherwise() {
        let request: ImportDependencies = from_value(json!({ "csv": "WEB-1,WEB-2" })).expect("a request");
        assert!(!request.dry_run);
    }

    #[test]
    fn a_report_from_before_dependencies_were_imported_can_still_be_read() {
        let report: ImportReport = from_value(json!({
            "project_id": null, "project_key": "WEB", "project_name": "Web", "project_created": true,
            "dry_run": true, "created": 1, "updated": 0, "unchanged": 0, "items": 1, "items_done": 0,
            "columns_created": [], "missing": 0, "lines": [],
        }))
        .expect("a report");
        assert_eq!((report.links_created, report.links_kept, report.refused), (0, 0, Vec::new()));
    }
}
