//! What other crates want to be given, made of our services.

pub mod session_store;
