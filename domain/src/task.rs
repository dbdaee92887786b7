//! Tasks.

use crate::{
    board::Category,
    dependency::{Dependencies, Waiting, Waits},
    ids::{ColumnId, LabelId, ProjectId, TaskId, UserId},
    label::Label,
    permission::PermissionSet,
    project::ProjectRef,
    time::{Day, Timestamp},
    user::UserRef,
};
use serde::{Deserialize, Deserializer, Serialize};

/// How much it matters. Ordered: `None` is the least.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Not said.
    #[default]
    None,
    /// Can wait.
    Low,
    /// As usual.
    Medium,
    /// Soon.
    High,
    /// Before everything else.
    Critical,
}

impl Priority {
    /// All of them, least first.
    pub const ALL: [Self; 5] = [Self::None, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The name in URLs and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::None => "No priority",
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
            Self::Critical => "Critical",
        }
    }

    /// The priority of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|priority| priority.as_str() == text)
    }

    /// As stored: 0 to 4, so that sorting is sorting.
    pub const fn level(self) -> i64 {
        self as i64
    }

    /// The priority of a stored level; unknown ones count as none.
    pub fn from_level(level: i64) -> Self {
        Self::ALL.into_iter().find(|priority| priority.level() == level).unwrap_or_default()
    }
}

/// Whether a row is in use.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lifecycle {
    /// In use.
    #[default]
    Active,
    /// Put away: readable, not in lists, unchanged until restored.
    Archived,
    /// Deleted: rests 30 days and can be brought back.
    Deleted,
}

impl Lifecycle {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Active, Self::Archived, Self::Deleted];

    /// The name in URLs and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Archived => "archived",
            Self::Deleted => "deleted",
        }
    }

    /// The lifecycle of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lifecycle| lifecycle.as_str() == text)
    }

    /// As stored.
    pub const fn code(self) -> i64 {
        self as i64
    }

    /// From what is stored.
    pub fn from_code(code: i64) -> Self {
        Self::ALL.into_iter().find(|lifecycle| lifecycle.code() == code).unwrap_or_default()
    }
}

/// A task as lists and cards show it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TaskSummary {
    /// Its id.
    pub id: TaskId,
    /// Its project.
    pub project_id: ProjectId,
    /// Its readable key, `WEB-12`.
    pub key: String,
    /// What is to be done.
    pub title: String,
    /// The column that it is in.
    pub column_id: ColumnId,
    /// That column's name.
    pub column_name: String,
    /// What that column means.
    pub category: Category,
    /// How much it matters.
    pub priority: Priority,
    /// Who does it.
    pub assignees: Vec<UserRef>,
    /// Its labels.
    pub labels: Vec<Label>,
    /// When it starts.
    pub start_on: Option<Day>,
    /// When it is due.
    pub due_on: Option<Day>,
    /// How long it takes, in minutes.
    pub estimate_minutes: Option<i64>,
    /// The task that it is part of.
    pub parent_id: Option<TaskId>,
    /// Its active sub-tasks; kept in the transaction that changes it.
    pub child_count: i64,
    /// Those of them that are done; kept likewise.
    pub child_done_count: i64,
    /// Its comments; kept likewise.
    pub comment_count: i64,
    /// Its open blockers; kept likewise.
    pub blocker_count: i64,
    /// Keys of the first of them, where it is blocked.
    pub blockers: Vec<String>,
    /// The open tasks that wait for it; kept likewise.
    pub waiting_count: i64,
    /// Since when it is blocked; `None`: it is not.
    pub blocked_since: Option<Timestamp>,
    /// When it was unblocked by hand, while that counts.
    pub overridden_at: Option<Timestamp>,
    /// Where it stands in its column; see [`crate::rank`].
    pub rank: String,
    /// Whether it is in use, archived or deleted.
    pub lifecycle: Lifecycle,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it came into a done column.
    pub completed_at: Option<Timestamp>,
    /// Grows with every change.
    pub version: i64,
}

/// A task in passing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRef {
    /// Its id.
    pub id: TaskId,
    /// Its readable key.
    pub key: String,
    /// What is to be done.
    pub title: String,
    /// What its column means.
    pub category: Category,
}

/// A task with its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// What lists show as well.
    #[serde(flatten)]
    pub summary: TaskSummary,
    /// In Markdown.
    pub description: String,
    /// Who wrote it.
    pub creator: Option<UserRef>,
}

/// Everything that the task page shows, in one answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskView {
    /// The task.
    pub task: Task,
    /// Its description as safe HTML.
    pub description_html: String,
    /// Its project.
    pub project: ProjectRef,
    /// Whether that is in use: in one that is put away, nothing changes.
    pub project_lifecycle: Lifecycle,
    /// The task that it is part of, with that one's parent and so on, the topmost first.
    pub ancestors: Vec<TaskRef>,
    /// Its active sub-tasks by number.
    pub children: Vec<TaskSummary>,
    /// What it waits for, holds up and is linked to; empty where dependencies are turned off.
    pub dependencies: Dependencies,
    /// Whether dependencies are turned on.
    pub has_dependencies: bool,
    /// Who watches it.
    pub watchers: Vec<UserRef>,
    /// Whether the caller does.
    pub watching: bool,
    /// What the caller may do in the project.
    pub permissions: PermissionSet,
}

/// A new task.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NewTask {
    /// Made by the client or by the service.
    pub id: Option<TaskId>,
    /// See [`TaskSummary::title`].
    pub title: String,
    /// See [`Task::description`].
    pub description: String,
    /// The column to put it at the end of; `None`: the project's first.
    pub column_id: Option<ColumnId>,
    /// See [`TaskSummary::priority`].
    pub priority: Priority,
    /// See [`TaskSummary::assignees`].
    pub assignees: Vec<UserId>,
    /// See [`TaskSummary::labels`].
    pub labels: Vec<LabelId>,
    /// See [`TaskSummary::start_on`].
    pub start_on: Option<Day>,
    /// See [`TaskSummary::due_on`].
    pub due_on: Option<Day>,
    /// See [`TaskSummary::estimate_minutes`].
    pub estimate_minutes: Option<i64>,
    /// See [`TaskSummary::parent_id`].
    pub parent_id: Option<TaskId>,
}

/// A change of a task: what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EditTask {
    /// The version that the editor saw.
    pub version: i64,
    /// See [`TaskSummary::title`].
    pub title: Option<String>,
    /// See [`Task::description`].
    pub description: Option<String>,
    /// See [`TaskSummary::priority`].
    pub priority: Option<Priority>,
    /// All assignees, replacing those there are.
    pub assignees: Option<Vec<UserId>>,
    /// All labels, replacing those there are.
    pub labels: Option<Vec<LabelId>>,
    /// `Some(None)` clears it.
    #[serde(deserialize_with = "set_or_clear", skip_serializing_if = "Option::is_none")]
    pub start_on: Option<Option<Day>>,
    /// `Some(None)` clears it.
    #[serde(deserialize_with = "set_or_clear", skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Option<Day>>,
    /// `Some(None)` clears it.
    #[serde(deserialize_with = "set_or_clear", skip_serializing_if = "Option::is_none")]
    pub estimate_minutes: Option<Option<i64>>,
    /// `Some(None)` makes it a task of its own.
    #[serde(deserialize_with = "set_or_clear", skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<Option<TaskId>>,
    /// The column to move it to (at its end), along with the other changes.
    pub column_id: Option<ColumnId>,
}

/// Where to put a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveTask {
    /// The version that the mover saw.
    #[serde(default)]
    pub version: i64,
    /// The column to put it in.
    pub column_id: ColumnId,
    /// The card to put it under; `None`: on top, unless `before` says otherwise.
    #[serde(default)]
    pub after: Option<TaskId>,
    /// The card to put it above; with neither, the column's end.
    #[serde(default)]
    pub before: Option<TaskId>,
}

/// One change for many tasks of one project.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BulkEdit {
    /// The tasks, at most [`crate::limits::BULK`].
    pub tasks: Vec<TaskId>,
    /// Move them to the end of this column.
    pub column_id: Option<ColumnId>,
    /// Set the priority.
    pub priority: Option<Priority>,
    /// Add these assignees.
    pub add_assignees: Vec<UserId>,
    /// Take these assignees off.
    pub remove_assignees: Vec<UserId>,
    /// Add these labels.
    pub add_labels: Vec<LabelId>,
    /// Take these labels off.
    pub remove_labels: Vec<LabelId>,
    /// `Some(None)` clears it.
    #[serde(deserialize_with = "set_or_clear", skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Option<Day>>,
    /// Archive, delete or restore them.
    pub lifecycle: Option<Lifecycle>,
}

/// What a bulk edit did: all or nothing, so only numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkResult {
    /// Tasks that were changed.
    pub changed: i64,
    /// Tasks that were as asked for already.
    pub unchanged: i64,
}

/// Which tasks to list. Only those that the caller may see ever come back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskFilter {
    /// Only of this project.
    pub project_id: Option<ProjectId>,
    /// Words in title or description, or a key.
    pub search: Option<String>,
    /// Only in these categories; empty: any.
    pub categories: Vec<Category>,
    /// Only in this column.
    pub column_id: Option<ColumnId>,
    /// Only of this person.
    pub assignee: Option<AssigneeFilter>,
    /// Only with this label.
    pub label_id: Option<LabelId>,
    /// Only with this priority.
    pub priority: Option<Priority>,
    /// Only due on this day or before.
    pub due_until: Option<Day>,
    /// Only sub-tasks of this one.
    pub parent_id: Option<TaskId>,
    /// Only those that wait, hold up others, or can begin.
    pub waiting: Option<Waiting>,
    /// Active unless asked otherwise.
    pub lifecycle: Lifecycle,
    /// In which order.
    pub sort: TaskSort,
    /// The other way round.
    pub descending: bool,
}

/// Whose tasks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssigneeFilter {
    /// The caller's.
    Me,
    /// Nobody's.
    Nobody,
    /// This person's.
    User(UserId),
}

impl AssigneeFilter {
    /// From addresses: `me`, `nobody`, or a person's id.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "me" => Some(Self::Me),
            "nobody" => Some(Self::Nobody),
            id => id.parse().ok().map(Self::User),
        }
    }
}

/// The order of a task list. Ties are broken by id.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskSort {
    /// By number, in the project that they were made in.
    #[default]
    Number,
    /// By when they last changed.
    Updated,
    /// By when they are due; those without a date last (first when descending).
    Due,
    /// By how much they matter.
    Priority,
    /// By how many open tasks wait for them: descending, what unblocks most comes first.
    Unblocks,
}

impl TaskSort {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Number, Self::Updated, Self::Due, Self::Priority, Self::Unblocks];

    /// The name in URLs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Updated => "updated",
            Self::Due => "due",
            Self::Priority => "priority",
            Self::Unblocks => "unblocks",
        }
    }

    /// The order of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.as_str() == text)
    }

    /// The order of that name, and whether it goes the other way round, which a minus before it says.
    pub fn parse_order(text: &str) -> Option<(Self, bool)> {
        let (name, descending) = text.strip_prefix('-').map_or((text, false), |name| (name, true));
        Self::parse(name).map(|sort| (sort, descending))
    }
}

/// What the home page shows of a person's own work: counts and the first tasks of each part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// Open tasks assigned to the caller, due first.
    pub assigned: Vec<HomeTask>,
    /// How many there are in all.
    pub assigned_count: i64,
    /// Of them, those due before today (in UTC).
    pub overdue_count: i64,
    /// Of them, those due within the next seven days.
    pub due_soon_count: i64,
    /// Their tasks that others wait for, and those that may go on again.
    pub waits: Waits,
    /// The projects that the caller belongs to, latest change first.
    pub projects: Vec<crate::project::Project>,
}

/// A task with its project, for lists across projects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeTask {
    /// The task.
    pub task: TaskSummary,
    /// Its project.
    pub project: ProjectRef,
}

/// Tells "leave it" (the field is absent) from "clear it" (the field is `null`). Written again, such a field must be
/// left out when it is `None`: `skip_serializing_if = "Option::is_none"`.
///
/// # Errors
/// Whatever reading the value gives.
pub fn set_or_clear<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_date_stays_and_a_null_date_is_cleared() {
        let leave: EditTask = serde_json::from_str(r#"{"version":1}"#).expect("json");
        assert_eq!(leave.due_on, None);
        let clear: EditTask = serde_json::from_str(r#"{"version":1,"due_on":null}"#).expect("json");
        assert_eq!(clear.due_on, Some(None));
    }

    #[test]
    fn a_change_that_was_sent_is_read_as_it_was_meant() {
        for due_on in [None, Some(None), Some("2026-01-17".parse().ok())] {
            let bulk = BulkEdit { lifecycle: Some(Lifecycle::Active), due_on, ..BulkEdit::default() };
            let sent = serde_json::to_string(&bulk).expect("json");
            assert_eq!(serde_json::from_str::<BulkEdit>(&sent).expect("json").due_on, due_on, "{sent}");
            let edit = EditTask { version: 1, due_on, ..EditTask::default() };
            let sent = serde_json::to_string(&edit).expect("json");
            assert_eq!(serde_json::from_str::<EditTask>(&sent).expect("json"), edit, "{sent}");
        }
    }

    #[test]
    fn a_missing_version_is_zero_which_no_row_has() {
        let edit: EditTask = serde_json::from_str(r#"{"title":"x"}"#).expect("json");
        assert_eq!(edit.version, 0);
    }
}
