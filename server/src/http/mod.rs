//! HTTP: what every request passes, and who answers it.

pub mod actor;
pub mod arrival;
pub mod assets;
pub mod body;
pub mod connections;
pub mod cookies;
pub mod cors;
pub mod crowd;
pub mod csp;
pub mod csrf;
pub mod health;
pub mod layers;
pub mod maintenance;
pub mod metrics;
pub mod pages;
pub mod places;
pub mod plain_form;
pub mod problem;
pub mod rate_limit;
mod recent;
pub mod router;
pub mod session;
mod spawning;
pub mod state;
pub mod theme;
pub mod unsubscribe;
pub mod vitals;

pub use problem::Problem;
pub use router::router;
pub use state::{AppState, Shared};
