//! API tokens.

use crate::{ids::TokenId, time::Timestamp};
use serde::{Deserialize, Serialize};

/// An API token, as its owner sees it: never the secret itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// Whether it may only read.
    pub read_only: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub used_at: Option<Timestamp>,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A new token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewToken {
    /// See [`Token::name`].
    pub name: String,
    /// See [`Token::read_only`].
    #[serde(default)]
    pub read_only: bool,
    /// Days until it ends, 1 to 365.
    pub days: i64,
}
