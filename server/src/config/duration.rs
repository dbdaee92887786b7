//! Durations in the file, as whole seconds.

use serde::{Deserialize, Deserializer};
use std::time::Duration;

pub fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    Option::<u64>::deserialize(deserializer).map(|seconds| seconds.map(Duration::from_secs))
}
