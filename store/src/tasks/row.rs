//! A task as the tables hold it.

use crate::{
    days,
    db::{Error, Result, Sql},
};
use domain::{
    board::Category,
    ids::{ColumnId, ProjectId, TaskId, UserId},
    palette::Colour,
    project::ProjectRef,
    task::{HomeTask, Lifecycle, Priority, Task, TaskSummary},
    time::Timestamp,
    user::UserRef,
};
use uuid::Uuid;

/// What lists read, for `FROM`.
pub(super) const SUMMARY: &str =
    "t.id, t.project_id, p.project_key, p.name AS project_name, p.colour AS project_colour, p.urgent_at AS project_urgent_at,
       p.lifecycle AS project_lifecycle, t.number, t.title, t.column_id, c.name AS column_name, t.category,
       t.priority, t.start_on, t.due_on, t.estimate_minutes, t.parent_id, t.child_count, t.child_done_count,
       t.comment_count, t.blocker_count, t.waiting_count, t.blocked_since, t.override_at, t.card_rank, t.lifecycle,
       t.created_at, t.updated_at, t.completed_at, t.version";

/// What else a single task has.
pub(super) const REST: &str = ", t.description, t.deleted_at, t.creator_id, u.username AS creator_username,
       u.display_name AS creator_name,
       (EXISTS (SELECT 1 FROM dependency d WHERE d.source_id = t.id)
        OR EXISTS (SELECT 1 FROM dependency d WHERE d.target_id = t.id)) AS linked";

macro_rules! project {
    () => {
        "project p ON p.id = t.project_id"
    };
}

macro_rules! column {
    () => {
        "board_column c ON c.id = t.column_id"
    };
}

/// Where [`SUMMARY`] comes from.
pub(super) const FROM: &str = concat!(" FROM task t JOIN ", project!(), " JOIN ", column!());

/// What [`SUMMARY`] takes from beside the task `t`, joined by these words.
pub(super) fn joined(sql: Sql, join: &'static str) -> Sql {
    sql.push(join).push(project!()).push(join).push(column!())
}

/// Where [`REST`] comes from.
pub(super) const FROM_REST: &str = "
     LEFT JOIN person u ON u.id = t.creator_id";

/// A task with what a use case needs to know around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The task.
    pub task: Task,
    /// Its project.
    pub project: ProjectRef,
    /// Whether that project is in use.
    pub project_lifecycle: Lifecycle,
    /// When the task was deleted, if it is.
    pub deleted_at: Option<Timestamp>,
    /// Whether it has dependencies of any kind.
    pub linked: bool,
}

#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Uuid,
    project_id: Uuid,
    project_key: String,
    project_name: String,
    project_colour: String,
    project_urgent_at: Option<i64>,
    project_lifecycle: i16,
    number: i64,
    title: String,
    column_id: Uuid,
    column_name: String,
    category: String,
    priority: i16,
    start_on: String,
    due_on: String,
    estimate_minutes: Option<i64>,
    parent_id: Option<Uuid>,
    child_count: i64,
    child_done_count: i64,
    comment_count: i64,
    blocker_count: i64,
    waiting_count: i64,
    blocked_since: Option<i64>,
    override_at: Option<i64>,
    card_rank: String,
    lifecycle: i16,
    created_at: i64,
    updated_at: i64,
    completed_at: Option<i64>,
    version: i64,
}

#[derive(sqlx::FromRow)]
pub(super) struct WholeRow {
    #[sqlx(flatten)]
    row: Row,
    description: String,
    deleted_at: Option<i64>,
    creator_id: Option<Uuid>,
    creator_username: Option<String>,
    creator_name: Option<String>,
    linked: i64,
}

impl Row {
    pub(super) fn into_task(self) -> Result<HomeTask> {
        let project = ProjectRef {
            id: ProjectId(self.project_id),
            key: self.project_key.clone(),
            name: self.project_name,
            colour: Colour::parse(&self.project_colour).unwrap_or_default(),
            urgent: self.project_urgent_at.is_some(),
        };
        let category = category(self.id, &self.category)?;
        let task = TaskSummary {
            id: TaskId(self.id),
            project_id: ProjectId(self.project_id),
            key: format!("{}-{}", self.project_key, self.number),
            title: self.title,
            column_id: ColumnId(self.column_id),
            column_name: self.column_name,
            category,
            priority: Priority::from_level(i64::from(self.priority)),
            assignees: Vec::new(),
            labels: Vec::new(),
            start_on: days::read(&self.start_on),
            due_on: days::read(&self.due_on),
            estimate_minutes: self.estimate_minutes,
            parent_id: self.parent_id.map(TaskId),
            child_count: self.child_count,
            child_done_count: self.child_done_count,
            comment_count: self.comment_count,
            blocker_count: self.blocker_count,
            blockers: Vec::new(),
            waiting_count: self.waiting_count,
            blocked_since: self.blocked_since.map(Timestamp),
            overridden_at: self.override_at.map(Timestamp),
            rank: self.card_rank,
            lifecycle: Lifecycle::from_code(i64::from(self.lifecycle)),
            created_at: Timestamp(self.created_at),
            updated_at: Timestamp(self.updated_at),
            completed_at: self.completed_at.map(Timestamp),
            version: self.version,
        };
        Ok(HomeTask { task, project })
    }
}

impl WholeRow {
    pub(super) fn into_found(self) -> Result<Found> {
        let creator = match (self.creator_id, self.creator_username, self.creator_name) {
            (Some(id), Some(username), Some(display_name)) => {
                Some(UserRef { id: UserId(id), username, display_name })
            }
            _ => None,
        };
        let project_lifecycle = Lifecycle::from_code(i64::from(self.row.project_lifecycle));
        let HomeTask { task: summary, project } = self.row.into_task()?;
        let task = Task { summary, description: self.description, creator };
        let deleted_at = self.deleted_at.map(Timestamp);
        Ok(Found { task, project, project_lifecycle, deleted_at, linked: self.linked != 0 })
    }
}

pub(super) fn category(id: Uuid, text: &str) -> Result<Category> {
    Category::parse(text).ok_or_else(|| Error::Corrupt(format!("task {id}: category {text}")))
}
