//! Stories on both engines: a fresh database for each, a clock that stands still, ids that repeat.

pub mod engines;
pub mod workspace;

pub use engines::{Engine, both};
pub use workspace::Workspace;
