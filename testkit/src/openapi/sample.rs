//! Values made from what the document says of them.

use super::{Document, types};
use serde_json::{Map, Value, json};

/// Which fields a sample has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fill {
    /// Every field, with a value.
    All,
    /// Every field; those that may be `null` are.
    Null,
    /// Only those that must be there.
    Least,
}

pub(super) fn of(document: &Document, schema: &Value, fill: Fill) -> Value {
    let schema = document.resolve(schema);
    if let Some(words) = schema["enum"].as_array() {
        return words[0].clone();
    }
    if let Some(choices) = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array()) {
        let null = |choice: &&Value| types(choice).contains(&"null");
        let chosen = choices.iter().find(|choice| null(choice) == (fill == Fill::Null));
        return of(document, chosen.unwrap_or(&choices[0]), fill);
    }
    let types = types(schema);
    if fill == Fill::Null && types.contains(&"null") {
        return Value::Null;
    }
    match types.iter().find(|name| **name != "null") {
        Some(&"string") => text(schema),
        Some(&"number") => json!(1.5),
        Some(&"integer") => schema["minimum"].as_i64().unwrap_or(1).into(),
        Some(&"boolean") => true.into(),
        Some(&"array") => json!([of(document, &schema["items"], fill)]),
        _ => object(document, schema, fill),
    }
}

fn text(schema: &Value) -> Value {
    match schema["format"].as_str() {
        Some("uuid") => "01900000-0000-7000-8000-000000000001",
        Some("date") => "2026-01-17",
        Some("date-time") => "2026-01-17T12:00:00Z",
        _ => "text",
    }
    .into()
}

fn object(document: &Document, schema: &Value, fill: Fill) -> Value {
    let (fields, required) = document.fields(schema);
    let wanted = |name: &str| fill != Fill::Least || required.contains(&name);
    let object: Map<String, Value> = fields
        .into_iter()
        .filter(|(name, _)| wanted(name))
        .map(|(name, schema)| (name.clone(), of(document, schema, fill)))
        .collect();
    object.into()
}
