//! Pages about tasks.

mod board;
mod task_page;

pub use board::BoardPage;
pub use task_page::TaskPage;
