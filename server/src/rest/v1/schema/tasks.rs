//! Tasks, comments, and what is made of them.

use super::{
    Category, Dependencies, HeadingsAs, HitKind, ImportAct, Label, Lifecycle, Permission, Priority, Project,
    ProjectRef, RefusedLink, UserRef, Waits,
};
use std::borrow::Cow;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{AllOfBuilder, Ref, RefOr, Schema},
};
use uuid::Uuid;

/// A task as lists and cards show it.
#[derive(ToSchema)]
pub struct TaskSummary {
    /// Its id.
    pub id: Uuid,
    /// Its project.
    pub project_id: Uuid,
    /// Its readable key, `WEB-12`.
    pub key: String,
    /// What is to be done.
    pub title: String,
    /// The column that it is in.
    pub column_id: Uuid,
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
    #[schema(format = Date, required = true)]
    pub start_on: Option<String>,
    /// When it is due.
    #[schema(format = Date, required = true)]
    pub due_on: Option<String>,
    /// How long it takes, in minutes.
    #[schema(required = true)]
    pub estimate_minutes: Option<i64>,
    /// The task that it is part of.
    #[schema(required = true)]
    pub parent_id: Option<Uuid>,
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
    /// Since when it is blocked; `null`: it is not.
    #[schema(format = DateTime, required = true)]
    pub blocked_since: Option<String>,
    /// When it was unblocked by hand, while that counts.
    #[schema(format = DateTime, required = true)]
    pub overridden_at: Option<String>,
    /// Where it stands in its column.
    pub rank: String,
    /// Whether it is in use, archived or deleted.
    pub lifecycle: Lifecycle,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it last changed.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// When it came into a done column.
    #[schema(format = DateTime, required = true)]
    pub completed_at: Option<String>,
    /// Grows with every change.
    pub version: i64,
}

/// A task in passing.
#[derive(ToSchema)]
pub struct TaskRef {
    /// Its id.
    pub id: Uuid,
    /// Its readable key.
    pub key: String,
    /// What is to be done.
    pub title: String,
    /// What its column means.
    pub category: Category,
}

/// Everything that the task page shows, in one answer.
#[derive(ToSchema)]
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
    pub permissions: Vec<Permission>,
}

/// A new task.
#[derive(ToSchema)]
pub struct NewTask {
    /// Made by the client or by the service.
    pub id: Option<Uuid>,
    /// What is to be done.
    #[schema(required = false)]
    pub title: String,
    /// In Markdown.
    #[schema(required = false)]
    pub description: String,
    /// The column to put it at the end of; `null`: the project's first.
    pub column_id: Option<Uuid>,
    /// How much it matters.
    #[schema(required = false)]
    pub priority: Priority,
    /// Who does it.
    #[schema(required = false)]
    pub assignees: Vec<Uuid>,
    /// Its labels.
    #[schema(required = false)]
    pub labels: Vec<Uuid>,
    /// When it starts.
    #[schema(format = Date)]
    pub start_on: Option<String>,
    /// When it is due.
    #[schema(format = Date)]
    pub due_on: Option<String>,
    /// How long it takes, in minutes.
    pub estimate_minutes: Option<i64>,
    /// The task that it is part of.
    pub parent_id: Option<Uuid>,
}

/// A new task that says where.
#[derive(ToSchema)]
pub struct PlacedTask {
    /// The project, by id or key.
    pub project: String,
    /// Made by the client or by the service.
    pub id: Option<Uuid>,
    /// What is to be done.
    #[schema(required = false)]
    pub title: String,
    /// In Markdown.
    #[schema(required = false)]
    pub description: String,
    /// The column to put it at the end of; `null`: the project's first.
    pub column_id: Option<Uuid>,
    /// How much it matters.
    #[schema(required = false)]
    pub priority: Priority,
    /// Who does it.
    #[schema(required = false)]
    pub assignees: Vec<Uuid>,
    /// Its labels.
    #[schema(required = false)]
    pub labels: Vec<Uuid>,
    /// When it starts.
    #[schema(format = Date)]
    pub start_on: Option<String>,
    /// When it is due.
    #[schema(format = Date)]
    pub due_on: Option<String>,
    /// How long it takes, in minutes.
    pub estimate_minutes: Option<i64>,
    /// The task that it is part of.
    pub parent_id: Option<Uuid>,
}

/// A change of a task: what is `null` stays.
#[derive(ToSchema)]
pub struct EditTask {
    /// The version that the editor saw.
    #[schema(required = false)]
    pub version: i64,
    /// What is to be done.
    pub title: Option<String>,
    /// In Markdown.
    pub description: Option<String>,
    /// How much it matters.
    pub priority: Option<Priority>,
    /// All assignees, replacing those there are.
    pub assignees: Option<Vec<Uuid>>,
    /// All labels, replacing those there are.
    pub labels: Option<Vec<Uuid>>,
    /// `null` clears it.
    #[schema(format = Date)]
    pub start_on: Option<String>,
    /// `null` clears it.
    #[schema(format = Date)]
    pub due_on: Option<String>,
    /// `null` clears it.
    pub estimate_minutes: Option<i64>,
    /// `null` makes it a task of its own.
    pub parent_id: Option<Uuid>,
    /// The column to move it to (at its end), along with the other changes.
    pub column_id: Option<Uuid>,
}

/// Where to put a card.
#[derive(ToSchema)]
pub struct MoveTask {
    /// The version that the mover saw.
    #[schema(required = false)]
    pub version: i64,
    /// The column to put it in.
    pub column_id: Uuid,
    /// The card to put it under; `null`: on top, unless `before` says otherwise.
    pub after: Option<Uuid>,
    /// The card to put it above; with neither, the column's end.
    pub before: Option<Uuid>,
}

/// One change for many tasks of one project.
#[derive(ToSchema)]
pub struct BulkEdit {
    /// The tasks, at most 500.
    #[schema(required = false)]
    pub tasks: Vec<Uuid>,
    /// Move them to the end of this column.
    pub column_id: Option<Uuid>,
    /// Set the priority.
    pub priority: Option<Priority>,
    /// Add these assignees.
    #[schema(required = false)]
    pub add_assignees: Vec<Uuid>,
    /// Take these assignees off.
    #[schema(required = false)]
    pub remove_assignees: Vec<Uuid>,
    /// Add these labels.
    #[schema(required = false)]
    pub add_labels: Vec<Uuid>,
    /// Take these labels off.
    #[schema(required = false)]
    pub remove_labels: Vec<Uuid>,
    /// `null` clears it.
    #[schema(format = Date)]
    pub due_on: Option<String>,
    /// Archive, delete or restore them.
    pub lifecycle: Option<Lifecycle>,
}

/// What a bulk edit did: all or nothing, so only numbers.
#[derive(ToSchema)]
pub struct BulkResult {
    /// Tasks that were changed.
    pub changed: i64,
    /// Tasks that were as asked for already.
    pub unchanged: i64,
}

/// A comment.
#[derive(ToSchema)]
pub struct Comment {
    /// Its id.
    pub id: Uuid,
    /// The task that it is on.
    pub task_id: Uuid,
    /// Who wrote it.
    #[schema(required = true)]
    pub author: Option<UserRef>,
    /// In Markdown.
    pub body: String,
    /// The same as safe HTML.
    pub body_html: String,
    /// When it was written.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it was last changed, if it was.
    #[schema(format = DateTime, required = true)]
    pub edited_at: Option<String>,
    /// Grows with every change.
    pub version: i64,
}

/// A new comment that says where.
#[derive(ToSchema)]
pub struct PlacedComment {
    /// The task, by id or key.
    pub task: String,
    /// Made by the client or by the service.
    pub id: Option<Uuid>,
    /// In Markdown.
    pub body: String,
}

/// A new comment. `@username` makes that person a watcher of the task, if they may see it.
#[derive(ToSchema)]
pub struct NewComment {
    /// Made by the client or by the service.
    pub id: Option<Uuid>,
    /// In Markdown.
    pub body: String,
}

/// A change of a comment.
#[derive(ToSchema)]
pub struct EditComment {
    /// The version that the editor saw.
    #[schema(required = false)]
    pub version: i64,
    /// In Markdown.
    pub body: String,
}

/// What the home page shows of a person's own work: counts and the first tasks of each part.
#[derive(ToSchema)]
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
    pub projects: Vec<Project>,
}

/// A task with its project, for lists across projects.
#[derive(ToSchema)]
pub struct HomeTask {
    /// The task.
    pub task: TaskSummary,
    /// Its project.
    pub project: ProjectRef,
}

/// Something that was found.
#[derive(ToSchema)]
pub struct SearchHit {
    /// What it is.
    pub kind: HitKind,
    /// The task; `null` where a project was found.
    #[schema(required = true)]
    pub task: Option<TaskRef>,
    /// The task's project, or the project.
    pub project: ProjectRef,
}

/// One row of the history.
#[derive(ToSchema)]
pub struct Activity {
    /// Its id.
    pub id: Uuid,
    /// Its place in the order of all changes; has gaps.
    pub seq: i64,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Who; `null` for the system itself.
    #[schema(required = true)]
    pub actor: Option<UserRef>,
    /// In which project.
    #[schema(required = true)]
    pub project_id: Option<Uuid>,
    /// On which task.
    #[schema(required = true)]
    pub task_id: Option<Uuid>,
    /// That task's key.
    #[schema(required = true)]
    pub task_key: Option<String>,
    /// What was done, `thing.verb`.
    pub action: String,
    /// What it was done to, in words at that time: a title, a name.
    pub subject: String,
    /// The fields that changed.
    pub changes: Vec<Change>,
}

/// One field before and after, as people read it.
#[derive(ToSchema)]
pub struct Change {
    /// The field: `title`, `column`, `assignees` …
    pub field: String,
    /// What it was; `null`: nothing.
    #[schema(required = true)]
    pub before: Option<String>,
    /// What it is; `null`: nothing.
    #[schema(required = true)]
    pub after: Option<String>,
}

/// An import of a Markdown checklist.
#[derive(ToSchema)]
pub struct ImportChecklist {
    /// The key of the project to import into; made if there is none.
    pub project_key: String,
    /// The name of a project that has to be made; `null`: the document's title.
    pub project_name: Option<String>,
    /// What headings become.
    #[schema(required = false)]
    pub headings: HeadingsAs,
    /// The document.
    pub markdown: String,
    /// Tell, and change nothing.
    #[schema(required = false)]
    pub dry_run: bool,
}

/// One line of an import's report.
#[derive(ToSchema)]
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
#[derive(ToSchema)]
pub struct ImportReport {
    /// The project; `null` while a dry run only would make it.
    #[schema(required = true)]
    pub project_id: Option<Uuid>,
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
    #[schema(required = false)]
    pub links_created: i64,
    /// Dependencies that were there already.
    #[schema(required = false)]
    pub links_kept: i64,
    /// Dependencies that the document asks for and that can't be: unless none is, nothing is imported.
    #[schema(required = false)]
    pub refused: Vec<RefusedLink>,
}

/// A task with its text: all of [`TaskSummary`] and more.
pub struct Task;

impl ToSchema for Task {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((TaskSummary::name().into(), TaskSummary::schema()));
        TaskSummary::schemas(schemas);
        schemas.push((TaskText::name().into(), TaskText::schema()));
        TaskText::schemas(schemas);
    }
}

impl PartialSchema for Task {
    fn schema() -> RefOr<Schema> {
        let part = |name: Cow<'static, str>| Ref::from_schema_name(name);
        AllOfBuilder::new()
            .description(Some("A task with its text."))
            .item(part(TaskSummary::name()))
            .item(part(TaskText::name()))
            .into()
    }
}

/// What a task has beside what lists show.
#[derive(ToSchema)]
pub struct TaskText {
    /// In Markdown.
    pub description: String,
    /// Who wrote it.
    #[schema(required = true)]
    pub creator: Option<UserRef>,
}
