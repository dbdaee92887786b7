//! What other crates want to be given, made of our services; and the outside that services want.

pub(crate) mod addresses;
pub mod outlets;
pub mod redis;
pub mod s3;
pub mod session_store;
pub mod smtp;
#[cfg(test)]
mod tests;
pub(crate) mod web_client;
mod web_push;
mod webhooks;
