//! Dependencies and what is made of them.

use super::{Category, HomeTask, Lifecycle, LinkFate, Relation, Step, UserRef};
use utoipa::ToSchema;
use uuid::Uuid;

/// A new dependency, said of a task.
#[derive(ToSchema)]
pub struct NewDependency {
    /// What the task is to the other.
    pub relation: Relation,
    /// The other: an id or a key.
    pub task: String,
}

/// A task at the other end of a dependency.
#[derive(ToSchema)]
pub struct LinkedTask {
    /// What the task that is looked at is to this one.
    pub relation: Relation,
    /// Its id.
    pub id: Uuid,
    /// Its readable key.
    pub key: String,
    /// What is to be done; `null` where you may not see it.
    #[schema(required = true)]
    pub title: Option<String>,
    /// What its column means.
    pub category: Category,
    /// Whether it is in use.
    pub lifecycle: Lifecycle,
    /// Whether it still has to be done: neither finished nor put away, by itself or with its project.
    pub open: bool,
    /// Whether it is blocked itself.
    pub blocked: bool,
}

/// Who unblocked a task by hand.
#[derive(ToSchema)]
pub struct Override {
    /// Who; `null` for the program itself.
    #[schema(required = true)]
    pub by: Option<UserRef>,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Why.
    pub reason: String,
}

/// What a task has to do with others.
#[derive(ToSchema)]
pub struct Dependencies {
    /// The tasks that it is linked to: by relation, then open ones first, then by key.
    pub tasks: Vec<LinkedTask>,
    /// Since when it is blocked; `null`: it is not.
    #[schema(format = DateTime, required = true)]
    pub blocked_since: Option<String>,
    /// Who unblocked it by hand, while that counts.
    #[schema(required = true)]
    pub unblocked: Option<Override>,
}

/// Why a task is unblocked by hand.
#[derive(ToSchema)]
pub struct Unblock {
    /// The version that you saw, unless `If-Match` says it.
    #[schema(required = false)]
    pub version: i64,
    /// What everybody reads.
    pub reason: String,
}

/// A person's own tasks that others wait for, and those that may go on again.
#[derive(ToSchema)]
pub struct Waits {
    /// Open tasks of the person that hold up others, those that hold up most first.
    pub holding_up: Vec<HomeTask>,
    /// Tasks of the person whose last blocker closed within the last seven days, the latest first.
    pub released: Vec<HomeTask>,
}

/// A task of a loop.
#[derive(ToSchema)]
pub struct CycleTask {
    /// Its id.
    pub id: Uuid,
    /// Its readable key.
    pub key: String,
    /// What is to be done; `null` where you may not see it.
    #[schema(required = true)]
    pub title: Option<String>,
    /// How it leads to the next one; the last leads back to the first.
    pub step: Step,
    /// Whether this step is the one that was asked for and would close the loop.
    pub refused: bool,
}

/// A task in a refusal.
#[derive(ToSchema)]
pub struct NamedTask {
    /// Its id.
    pub id: Uuid,
    /// Its readable key.
    pub key: String,
    /// What is to be done; `null` where you may not see it.
    #[schema(required = true)]
    pub title: Option<String>,
}

/// A blocked task that was to begin or to be done.
#[derive(ToSchema)]
pub struct BlockedTask {
    /// The task.
    pub task: NamedTask,
    /// What it waits for: the first of its open blockers.
    pub blockers: Vec<NamedTask>,
    /// How many open blockers it has in all.
    pub blocker_count: i64,
}

/// A task of a drawing.
#[derive(ToSchema)]
pub struct GraphTask {
    /// Its id.
    pub id: Uuid,
    /// Its readable key, also where you may not see more of it.
    #[schema(required = true)]
    pub key: Option<String>,
    /// What is to be done; `null` where you may not see it.
    #[schema(required = true)]
    pub title: Option<String>,
    /// Its project; `null` where you may not see it.
    #[schema(required = true)]
    pub project_id: Option<Uuid>,
    /// What its column means.
    pub category: Category,
    /// Whether it is blocked.
    pub blocked: bool,
    /// Whether it was unblocked by hand.
    pub overridden: bool,
    /// How long it takes, in minutes.
    #[schema(required = true)]
    pub estimate_minutes: Option<i64>,
    /// Its layer from the left, from 0: to the right of all that it waits for.
    pub layer: i64,
    /// Its place from the top, in rows.
    pub y: f64,
    /// Whether it is on the critical path.
    pub critical: bool,
}

/// A place in a drawing that a line passes.
#[derive(ToSchema)]
pub struct GraphPoint {
    /// The layer, from 0 at the left.
    pub layer: f64,
    /// The row, from 0 at the top.
    pub row: f64,
}

/// A dependency of a drawing.
#[derive(ToSchema)]
pub struct GraphLink {
    /// The task that blocks: its place in `tasks`, from 0.
    #[schema(value_type = i64)]
    pub from: usize,
    /// The task that waits: its place in `tasks`, from 0.
    #[schema(value_type = i64)]
    pub to: usize,
    /// Where it bends.
    pub points: Vec<GraphPoint>,
    /// Whether it is on the critical path.
    pub critical: bool,
    /// Whether you may take it away.
    pub removable: bool,
}

/// Dependencies as they are drawn.
#[derive(ToSchema)]
pub struct TaskGraph {
    /// The tasks in working order: each after all that it waits for.
    pub tasks: Vec<GraphTask>,
    /// The dependencies between them.
    pub links: Vec<GraphLink>,
    /// How many layers there are.
    pub layers: i64,
    /// How many rows it is high.
    pub height: f64,
    /// The estimates on the critical path together, in minutes.
    pub critical_minutes: i64,
    /// The open tasks on the critical path.
    pub critical_count: i64,
    /// Tasks that are left out, because there are too many to draw.
    pub left_out: i64,
}

/// An import of dependencies from a table.
#[derive(ToSchema)]
pub struct ImportDependencies {
    /// Two columns of task keys, what blocks and what is blocked: `WEB-1,WEB-2`.
    pub csv: String,
    /// Tell, and change nothing.
    #[schema(required = false)]
    pub dry_run: bool,
}

/// One line of the report of imported dependencies.
#[derive(ToSchema)]
pub struct ImportedLink {
    /// Line of the table, from 1.
    pub line: i64,
    /// The key of the task that blocks; empty in a line that can't be read.
    pub blocker: String,
    /// The key of the task that is blocked; empty in a line that can't be read.
    pub blocked: String,
    /// What happens.
    pub outcome: LinkFate,
    /// Of a refusal: a stable word such as `cycle` or `not_a_key`.
    pub code: Option<String>,
    /// Of a refusal: a sentence for people.
    pub message: Option<String>,
}

/// The report of imported dependencies, and of a dry run.
#[derive(ToSchema)]
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

/// A dependency that a checklist asks for and that can't be.
#[derive(ToSchema)]
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
