//! Where a page of a task list ended: the sort value and id of its last row, as opaque text.

use domain::{
    ids::TaskId,
    task::{TaskSort, TaskSummary},
};

use crate::days;

/// The last row that a caller saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub(super) value: Value,
    pub(super) id: TaskId,
}

/// What rows are sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// A number, instant or level.
    Number(i64),
    /// A day as stored.
    Day(String),
}

impl Cursor {
    /// The cursor after `task` in a list sorted by `sort`.
    pub(super) fn after(sort: TaskSort, task: &TaskSummary) -> String {
        let value = match sort {
            TaskSort::Number => number_of(&task.key),
            TaskSort::Updated => task.updated_at.micros().to_string(),
            TaskSort::Due => days::write(task.due_on),
            TaskSort::Unblocks => task.waiting_count.to_string(),
            TaskSort::Priority => task.priority.level().to_string(),
        };
        format!("{}.{value}.{}", sort.as_str(), task.id.uuid().simple())
    }

    /// The cursor that a text spells, if it belongs to a list sorted by `sort`.
    pub fn parse(text: &str, sort: TaskSort) -> Option<Self> {
        let mut parts = text.split('.');
        if parts.next()? != sort.as_str() {
            return None;
        }
        let value = parts.next()?;
        let value = match sort {
            TaskSort::Due => Value::Day(value.parse::<domain::Day>().ok()?.to_string()),
            _ => Value::Number(value.parse().ok()?),
        };
        let id = parts.next()?.parse().ok()?;
        parts.next().is_none().then_some(Self { value, id })
    }
}

fn number_of(key: &str) -> String {
    key.rsplit_once('-').map_or_else(String::new, |(_, number)| number.to_owned())
}
