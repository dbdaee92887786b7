//! What every operation has in common, said once: the answer to a request that was not done, and the headers of writes.

use super::super::v1::schema::{FieldError, Problem};
use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema};

/// Bodies that say which version was seen.
const VERSIONED: [&str; 3] = ["Edit", "VersionInput", "MoveTask"];

/// What says how often one may ask. All but the first come with other answers, too.
const RATE_HEADERS: [(&str, &str); 4] = [
    ("Retry-After", "Seconds until one more request is answered."),
    ("RateLimit-Limit", "Requests in a minute."),
    ("RateLimit-Remaining", "How many more may follow at once."),
    ("RateLimit-Reset", "Seconds until all of them are there again."),
];

/// Completes the document.
pub fn complete(document: &mut Value) {
    add_schema::<Problem>(document);
    add_schema::<FieldError>(document);
    add_rate_headers(document);
    let Some(paths) = document["paths"].as_object_mut() else { return };
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut() {
                complete_operation(path, method, operation);
            }
        }
    }
}

fn add_schema<S: ToSchema + PartialSchema>(document: &mut Value) {
    let schema = serde_json::to_value(S::schema()).unwrap_or_default();
    document["components"]["schemas"][S::name().as_ref()] = schema;
}

fn complete_operation(path: &str, method: &str, operation: &mut Map<String, Value>) {
    let problem = json!({
        "description": "It was not done, and why",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
    });
    if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
        // Where the handler says nothing of it; the format wants a word.
        for response in responses.values_mut().filter(|response| is_empty(&response["description"])) {
            response["description"] = "Done".into();
        }
        if path != "/api/health" {
            responses.insert("429".into(), too_often(&problem));
            responses.insert("default".into(), problem);
        }
    }
    let versioned = says_version(operation);
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    let Some(parameters) = parameters.as_array_mut() else { return };
    if versioned {
        parameters
            .push(header("If-Match", "The version that you saw, as its `ETag`; or `version` in the body."));
    }
    if method != "get" && path.starts_with("/api/v1/") && !path.starts_with("/api/v1/tokens") {
        parameters.push(header(
            "Idempotency-Key",
            "Any text of yours, a new one for each write, the same for its repeats.",
        ));
    }
    if parameters.is_empty() {
        operation.remove("parameters");
    }
}

/// The problem, with when to come again.
fn too_often(problem: &Value) -> Value {
    let mut answer = problem.clone();
    answer["description"] = "Asked for too often".into();
    for (name, _) in RATE_HEADERS {
        answer["headers"][name]["$ref"] = format!("#/components/headers/{name}").into();
    }
    answer
}

fn add_rate_headers(document: &mut Value) {
    for (name, about) in RATE_HEADERS {
        document["components"]["headers"][name] =
            json!({ "description": about, "schema": { "type": "integer", "minimum": 0 } });
    }
}

fn is_empty(text: &Value) -> bool {
    text.as_str().unwrap_or_default().is_empty()
}

fn says_version(operation: &Map<String, Value>) -> bool {
    let body = operation.get("requestBody").map(Value::to_string).unwrap_or_default();
    VERSIONED.iter().any(|name| body.contains(&format!("#/components/schemas/{name}")))
}

fn header(name: &str, about: &str) -> Value {
    json!({ "name": name, "in": "header", "description": about, "required": false, "schema": { "type": "string" } })
}
