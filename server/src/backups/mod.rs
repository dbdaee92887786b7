//! Backups as files: compressed, encrypted, named by their time, kept for a while.

pub mod daily;
pub mod drill;
pub mod file;
pub mod folder;
pub mod keys;

pub use folder::Folder;
pub use keys::{Key, Recipients};
