//! Stories on both engines: a fresh database for each, a clock that stands still, ids that repeat. And what reads the API's
//! own description.

pub mod engines;
pub mod mariadb;
pub mod openapi;
pub mod plans;
mod ports;
pub mod redis;
#[cfg(feature = "s3")]
pub mod s3;
pub mod scripts;
pub mod workspace;

pub use engines::{Engine, both};
pub use mariadb::MariaDb;
pub use redis::Redis;
#[cfg(feature = "s3")]
pub use s3::S3;
pub use scripts::Scripts;
pub use workspace::Workspace;
