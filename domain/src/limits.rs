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
/// Devices of one person.
pub const DEVICES: usize = 20;
/// Characters of the address at which a browser's push service takes messages, or of a webhook's.
pub const ENDPOINT: usize = 1_000;
/// Characters of a message's title, on its way to people.
pub const MESSAGE_TITLE: usize = 200;
/// Characters of a message's text, on its way to people.
pub const MESSAGE_TEXT: usize = 8_000;

/// Of urgent projects. No policy can be slower than these: an urgent project is not silenced by its schedule.
pub mod urgent {
    use std::ops::RangeInclusive;

    /// Times that a project may be raised in an hour.
    pub const RAISES_AN_HOUR: i64 = 3;
    /// Characters of what somebody says when they acknowledge, resolve or suspend.
    pub const NOTE: usize = 500;
    /// Hours that an episode may be suspended, at the most.
    pub const SUSPEND_HOURS: i64 = 24;
    /// Kinds of repeats of one policy.
    pub const REPEATS: usize = 10;
    /// Seconds between two repeats.
    pub const EVERY: RangeInclusive<i64> = 30..=900;
    /// How many times one kind of repeat goes on.
    pub const TIMES: RangeInclusive<i64> = 1..=100;
    /// Steps of one policy.
    pub const STEPS: usize = 20;
    /// Seconds until a step.
    pub const AFTER: RangeInclusive<i64> = 0..=86_400;
    /// Seconds until it rings again for those who acknowledged.
    pub const AGAIN: RangeInclusive<i64> = 3_600..=345_600;
    /// Seconds within which members get an e-mail.
    pub const EMAIL_BY: i64 = 3_600;
    /// Characters of a webhook's address.
    pub const URL: usize = 500;
    /// Seconds from one e-mail about an episode to the next to the same person.
    pub const EMAIL_PAUSE: i64 = 900;
    /// Seconds for which a link works that acknowledges, from when it was made.
    pub const LINK_SECONDS: i64 = 86_400;
    /// People shown of one episode.
    pub const PEOPLE: i64 = 2_000;
}
/// Days that an archived notification is kept.
pub const ARCHIVED_DAYS: i64 = 90;
/// Unread notifications are counted up to this: a larger number tells nobody more.
pub const UNREAD: i64 = 100;
/// Notifications in one change of many.
pub const NOTIFICATIONS: usize = 500;
/// Cells of the matrix of preferences in one change.
pub const CHOICES: usize = 100;
/// Notifications that a digest names; it counts the rest.
pub const DIGEST: i64 = 50;
