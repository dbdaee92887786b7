//! Backups as files: compressed, encrypted, named by their time, kept for a while, here and in a bucket of S3.

pub mod aside;
pub mod bucket;
pub mod daily;
pub mod drill;
pub mod file;
pub mod folder;
pub mod keys;

pub use bucket::Bucket;
pub use folder::Folder;
pub use keys::{Key, Recipients};
