//! Password hashing, bounded and off the async threads.

/// Hashes and checks passwords.
#[derive(Clone, Debug)]
pub struct Passwords;
