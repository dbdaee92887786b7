//! What a password must be, said before anyone is told that theirs is not.

/// Stands below every field for a new password.
pub const PASSWORD_HINT: &str = "At least 10 characters. Several words work well.";
