//! Whether a value is as the document says.

use super::{Document, types};
use domain::{Day, Timestamp};
use serde_json::Value;
use uuid::Uuid;

pub(super) fn mismatches(document: &Document, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(document, schema, value, ("", &mut found));
    found
}

/// Where, and what was found so far.
type Found<'f> = (&'f str, &'f mut Vec<String>);

fn check(document: &Document, schema: &Value, value: &Value, (at, found): Found<'_>) {
    let schema = document.resolve(schema);
    if let Some(words) = schema["enum"].as_array() {
        if !words.contains(value) {
            found.push(format!("{at}: {value} is none of the words"));
        }
        return;
    }
    if let Some(choices) = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array()) {
        if !choices.iter().any(|choice| mismatches(document, choice, value).is_empty()) {
            found.push(format!("{at}: {value} fits none of the choices"));
        }
        return;
    }
    if schema["allOf"].is_array() {
        return check_object(document, schema, value, (at, found));
    }
    let types = types(schema);
    if !types.is_empty() && !types.iter().any(|name| is_a(value, name)) {
        found.push(format!("{at}: {value} is no {}", types.join(" or ")));
        return;
    }
    match value {
        Value::String(text) if !has_format(text, &schema["format"]) => {
            found.push(format!("{at}: {value} is no {}", schema["format"]));
        }
        Value::Number(number) if !is_within(number.as_i64(), schema) => {
            found.push(format!("{at}: {value} is out of bounds"));
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                check(document, &schema["items"], item, (&format!("{at}[{number}]"), found));
            }
        }
        Value::Object(_) if schema["properties"].is_object() => {
            check_object(document, schema, value, (at, found));
        }
        _ => {}
    }
}

fn check_object(document: &Document, schema: &Value, value: &Value, (at, found): Found<'_>) {
    let Some(object) = value.as_object() else {
        found.push(format!("{at}: {value} is no object"));
        return;
    };
    let (fields, required) = document.fields(schema);
    for name in required.iter().filter(|name| !object.contains_key(**name)) {
        found.push(format!("{at}.{name} is missing"));
    }
    for (name, value) in object {
        match fields.iter().find(|(known, _)| *known == name) {
            Some((_, schema)) => check(document, schema, value, (&format!("{at}.{name}"), found)),
            None => found.push(format!("{at}.{name} is not in the document")),
        }
    }
}

fn is_a(value: &Value, name: &str) -> bool {
    match name {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        other => panic!("{other} is no type that we use"),
    }
}

fn has_format(text: &str, format: &Value) -> bool {
    match format.as_str() {
        Some("uuid") => Uuid::parse_str(text).is_ok(),
        Some("date") => text.parse::<Day>().is_ok(),
        Some("date-time") => serde_json::from_value::<Timestamp>(text.into()).is_ok(),
        _ => true,
    }
}

fn is_within(number: Option<i64>, schema: &Value) -> bool {
    let Some(number) = number else { return true };
    schema["minimum"].as_i64().is_none_or(|least| number >= least)
        && schema["maximum"].as_i64().is_none_or(|most| number <= most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::Fill;

    fn document() -> Document {
        Document::parse(
            r##"{ "components": { "schemas": {
                "Colour": { "type": "string", "enum": ["red", "blue"] },
                "Named": { "type": "object", "required": ["id"], "properties": {
                    "id": { "type": "string", "format": "uuid" },
                    "colour": { "oneOf": [{ "$ref": "#/components/schemas/Colour" }, { "type": "null" }] } } },
                "Dated": { "allOf": [{ "$ref": "#/components/schemas/Named" }, { "type": "object", "properties": {
                    "days": { "type": "array", "items": { "type": "string", "format": "date" } } } }] } } } }"##,
        )
    }

    fn found(json: &str) -> Vec<String> {
        let document = document();
        document.mismatches(document.shape("Dated"), &serde_json::from_str(json).unwrap())
    }

    #[test]
    fn what_is_not_as_the_document_says_is_found_with_its_place() {
        let id = "01900000-0000-7000-8000-000000000001";
        assert_eq!(found(&format!(r#"{{"id":"{id}","colour":null,"days":["2026-01-17"]}}"#)), [""; 0]);
        assert_eq!(
            found(r#"{"id":"x","colour":"green","days":["2026-02-30",1],"more":1}"#),
            [
                r#".colour: "green" fits none of the choices"#,
                r#".days[0]: "2026-02-30" is no "date""#,
                ".days[1]: 1 is no string",
                r#".id: "x" is no "uuid""#,
                ".more is not in the document",
            ]
        );
        assert_eq!(found("{}"), [".id is missing"]);
    }

    #[test]
    fn samples_are_as_the_document_says() {
        let document = document();
        for fill in [Fill::All, Fill::Null, Fill::Least] {
            let sample = document.sample(document.shape("Dated"), fill);
            assert_eq!(document.mismatches(document.shape("Dated"), &sample), [""; 0], "{fill:?}");
        }
    }
}
