//! What PMS means: the words, their rules and their limits.
//!
//! Pure: no I/O, no clock, no randomness. Compiles for the server and for the browser, so both sides
//! check the same rules with the same code.
#![warn(missing_docs)]

pub mod activity;
pub mod announcement;
pub mod audit;
pub mod board;
pub mod checklist;
pub mod comment;
pub mod delivery;
pub mod dependency;
pub mod dependency_csv;
pub mod device;
pub mod error;
pub mod estimate;
pub mod graph;
pub mod ids;
pub mod import;
pub mod label;
pub mod limits;
pub mod notification;
pub mod page;
pub mod palette;
pub mod permission;
pub mod preference;
pub mod project;
pub mod rank;
pub mod rhythm;
pub mod role;
pub mod search;
pub mod search_text;
pub mod session;
pub mod task;
pub mod task_graph;
pub mod team;
pub mod time;
pub mod token;
pub mod urgent;
pub mod user;
pub mod validate;
pub mod why;
pub mod wish;

pub use error::{Error, FieldError, Result};
pub use time::{Day, Timestamp};
