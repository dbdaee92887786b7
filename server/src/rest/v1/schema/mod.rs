//! The shapes of what the API takes and gives, for its description only: requests and answers are the domain's own types,
//! which know nothing of OpenAPI. A test compares both.

mod account;

pub use account::*;
