//! The shapes of what the API takes and gives, for its description only: requests and answers are the domain's own types,
//! which know nothing of OpenAPI. A test compares both.

mod account;
mod dependencies;
mod devices;
mod names;
mod notifications;
mod people;
mod problem;
mod projects;
mod tasks;
mod urgent;
mod whole;

#[cfg(test)]
mod tests;

pub use account::*;
pub use dependencies::*;
pub use devices::*;
pub use names::*;
pub use notifications::*;
pub use people::*;
pub use problem::*;
pub use projects::*;
pub use tasks::*;
pub use urgent::*;
pub use whole::*;
