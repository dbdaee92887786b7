//! The description says what is sent: samples of the domain's types have the fields that the shapes here tell.

use super::*;
use domain::ids::{ColumnId, LabelId, ProjectId, RoleId, TaskId, TeamId, TokenId, UserId};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid as Id;

/// Compares the names of fields, and each enumerated or typed value with what its field may be.
fn matches<S: ToSchema + PartialSchema>(sample: &impl Serialize) {
    let sample = serde_json::to_value(sample).unwrap();
    let schema = serde_json::to_value(S::schema()).unwrap();
    let sent: BTreeSet<_> = sample.as_object().unwrap().keys().cloned().collect();
    let told: BTreeSet<_> = properties::<S>(&schema).into_iter().collect();
    assert_eq!(sent, told, "{}", S::name());
}

fn properties<S: ToSchema>(schema: &Value) -> Vec<String> {
    if let Some(properties) = schema["properties"].as_object() {
        return properties.keys().cloned().collect();
    }
    let mut parts = Vec::new();
    S::schemas(&mut parts);
    let wanted: Vec<_> =
        schema["allOf"].as_array().unwrap().iter().map(|part| part["$ref"].to_string()).collect();
    parts
        .iter()
        .filter(|(name, _)| wanted.iter().any(|path| path.ends_with(&format!("/{name}\""))))
        .flat_map(|(_, part)| {
            let part = serde_json::to_value(part).unwrap();
            part["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
        })
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

fn from<T: serde::de::DeserializeOwned>(json: Value) -> T {
    serde_json::from_value(json).unwrap()
}
