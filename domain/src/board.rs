//! The board: a project's columns, each with the cards in it.

use crate::{
    ids::{ColumnId, ProjectId},
    task::TaskSummary,
};
use serde::{Deserialize, Serialize};

/// What a column means for the tasks in it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Not begun.
    Todo,
    /// Being worked on.
    Doing,
    /// Finished.
    Done,
}

impl Category {
    /// All of them, in working order.
    pub const ALL: [Self; 3] = [Self::Todo, Self::Doing, Self::Done];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Todo => "todo",
            Self::Doing => "doing",
            Self::Done => "done",
        }
    }

    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Todo => "To do",
            Self::Doing => "Doing",
            Self::Done => "Done",
        }
    }

    /// The category of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.as_str() == text)
    }
}

/// A column of a project's board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its id.
    pub id: ColumnId,
    /// The project that it belongs to.
    pub project_id: ProjectId,
    /// Its name, unique in the project.
    pub name: String,
    /// What it means.
    pub category: Category,
    /// Its place from the left, from 0.
    pub position: i64,
    /// Active tasks in it (neither archived nor deleted); kept in the transaction that changes it.
    pub task_count: i64,
    /// Grows with every change of name, category or place.
    pub version: i64,
}

/// A new column, put at the right end.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewColumn {
    /// Made by the client or by the service.
    pub id: Option<ColumnId>,
    /// See [`Column::name`].
    pub name: String,
    /// See [`Column::category`].
    pub category: Category,
}

/// A change of a column: what is `None` stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EditColumn {
    /// The version that the editor saw.
    pub version: i64,
    /// See [`Column::name`].
    pub name: Option<String>,
    /// See [`Column::category`].
    pub category: Option<Category>,
    /// The place to move it to, from 0.
    pub position: Option<i64>,
}

/// The columns that a new project starts with.
pub const STARTING_COLUMNS: [(&str, Category); 4] = [
    ("Backlog", Category::Todo),
    ("To do", Category::Todo),
    ("In progress", Category::Doing),
    ("Done", Category::Done),
];

/// A whole board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// The columns from left to right.
    pub columns: Vec<BoardColumn>,
}

/// A column with its first cards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardColumn {
    /// The column.
    pub column: Column,
    /// Its cards by rank, at most [`crate::limits::COLUMN_CARDS`].
    pub cards: Vec<TaskSummary>,
}
