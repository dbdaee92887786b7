//! The database: the only crate that names sqlx.
//!
//! [`db`] holds SQLite and MySQL behind one interface; every other module holds one aggregate's rows and the
//! functions that read and write them over `&mut Tx`, with the SQL in plain sight, written once for both engines.
#![warn(missing_docs)]

pub mod access;
pub mod activity;
pub mod audit;
pub mod counters;
pub mod db;
pub mod outbox;
pub mod roles;
pub mod schema;
pub mod sessions;
pub mod settings;
pub mod users;

pub use db::{Db, Error, Result, Tx};
