//! Pages about tasks.

mod board;

pub use board::BoardPage;
