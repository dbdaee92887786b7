//! The database: the only crate that names sqlx.
//!
//! [`db`] holds SQLite and MySQL behind one interface; every other module holds one aggregate's rows and the
//! functions that read and write them over `&mut Tx`, with the SQL in plain sight, written once for both engines.
#![warn(missing_docs)]

pub mod access;
pub mod activity;
pub mod announcements;
pub mod audit;
pub mod backlog;
pub mod columns;
pub mod comments;
pub mod counters;
mod days;
pub mod db;
pub mod deliveries;
pub mod dependencies;
pub mod devices;
pub mod doctor;
pub mod dump;
pub mod idempotency;
pub mod labels;
pub mod notifications;
pub mod outbox;
pub mod people;
pub mod project_members;
pub mod projects;
pub mod resting;
pub mod roles;
pub mod schema;
pub mod seed;
pub mod sessions;
pub mod settings;
pub mod sign_in_attempts;
pub mod standing;
pub mod statistics;
pub mod tasks;
pub mod teams;
pub mod tokens;
pub mod urgent;
pub mod users;

pub use db::{Db, Error, Result, Tx};
