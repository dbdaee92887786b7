//! Pages about tasks.

mod board;
mod graph;
mod list;
mod new;
mod task_page;

pub use board::BoardPage;
pub use graph::{ProjectGraphPage, TaskGraphPage};
pub use list::TaskListPage;
pub use new::NewTaskPage;
pub use task_page::TaskPage;
