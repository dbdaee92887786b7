//! How long or how many: every input has a limit, and it stands here.

/// Characters of a project's, team's, role's, column's or label's name.
pub const NAME: usize = 80;
/// Characters of a person's display name.
pub const DISPLAY_NAME: usize = 80;
/// Characters of a task's title.
pub const TITLE: usize = 200;
/// Characters of a description or comment in Markdown.
pub const TEXT: usize = 50_000;
/// Characters of a role's or team's one-line description.
pub const SUMMARY: usize = 300;
/// Assignees of one task.
pub const ASSIGNEES: usize = 20;
/// Labels on one task.
pub const TASK_LABELS: usize = 20;
/// Labels of one project.
pub const LABELS: usize = 200;
/// Columns of one board.
pub const COLUMNS: usize = 20;
/// Tasks in one bulk edit.
pub const BULK: usize = 500;
/// Dependencies of one task.
pub const DEPENDENCIES: i64 = 1_000;
/// Characters of the reason for unblocking a task.
pub const REASON: usize = 500;
/// Tasks of one drawing of dependencies; the rest is in the list.
pub const GRAPH_TASKS: usize = 2_000;
/// Levels of sub-tasks.
pub const DEPTH: usize = 20;
/// Largest estimate, in minutes (about two working years).
pub const ESTIMATE: i64 = 250_000;
/// Days that a deleted row rests before it may be removed for good.
pub const REST_DAYS: i64 = 30;
/// Rows of one page of a list, at the most.
pub const PAGE: i64 = 200;
/// Rows of one page of a list, unless asked otherwise.
pub const PAGE_DEFAULT: i64 = 50;
/// Cards shown of one board column; the rest is a link to the list.
pub const COLUMN_CARDS: i64 = 300;
/// Overdue tasks of a project are counted up to this: beyond it the number matters less than the time it takes.
pub const OVERDUE: i64 = 50;
