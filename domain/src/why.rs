//! Why somebody may, or may not.

use serde::{Deserialize, Serialize};

/// The answer to "why may I (not)?".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// Whether they may.
    pub allowed: bool,
    /// Sentences: what allows it, or what is missing and who can give it.
    pub reasons: Vec<String>,
}
