//! An answer, compared with what the API's description says of it.

use super::DOCUMENT;
use axum::{body::Bytes, http::response::Parts};
use serde_json::Value;

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    parts: Parts,
    body: Bytes,
}

impl Answer {
    pub fn new((method, path): (String, String), parts: Parts, body: Bytes) -> Self {
        let answer = Self { status: parts.status.as_u16(), parts, body };
        answer.check_as_described(&method, &path);
        assert!(answer.header("x-request-id").is_some_and(|id| id.len() == 32), "each answer has an id");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{method} {path}");
        answer
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.parts.headers.get(name).map(|value| value.to_str().expect("text"))
    }

    /// Every header of this name.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        self.parts.headers.get_all(name).iter().map(|value| value.to_str().expect("text")).collect()
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    /// The first words, of whatever it is.
    pub fn start(&self) -> String {
        String::from_utf8_lossy(&self.body).chars().take(300).collect()
    }

    /// Whether these words stand anywhere in it, of whatever kind it is.
    pub fn contains(&self, words: &str) -> bool {
        self.body.windows(words.len()).any(|window| window == words.as_bytes())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The rows of a list.
    pub fn items(&self) -> Vec<Value> {
        self.json()["items"].as_array().expect("a list").clone()
    }

    /// The body of a refusal, without what differs from run to run.
    pub fn problem(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.text());
        let mut problem = self.json();
        assert_eq!(problem["request_id"].as_str(), self.header("x-request-id"));
        problem.as_object_mut().expect("an object").remove("request_id");
        problem
    }

    /// The refusal's stable word, by which programs know it.
    pub fn code(&self) -> String {
        self.problem()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// `(field, code)` of each wrong field.
    pub fn wrong_fields(&self) -> Vec<(String, String)> {
        assert_eq!(self.status, 422, "{}", self.text());
        let problem = self.problem();
        let text = |error: &Value, name: &str| error[name].as_str().unwrap_or_default().to_owned();
        let errors = problem["errors"].as_array().expect("fields").iter();
        errors.map(|error| (text(error, "field"), text(error, "code"))).collect()
    }

    fn check_as_described(&self, method: &str, path: &str) {
        let Some(operation) = DOCUMENT.operation(method, path) else { return };
        let described = operation
            .answer(self.status)
            .unwrap_or_else(|| panic!("{method} {path} answers {}, which is not described", self.status));
        let kind = self.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default();
        if self.body.is_empty() {
            assert!(described.is_null(), "{method} {path}: {} comes without its body", self.status);
            return;
        }
        let schema = &described[kind]["schema"];
        assert!(!schema.is_null(), "{method} {path}: {} is not described as {kind}", self.status);
        if kind.ends_with("json") && self.header("content-encoding").is_none() {
            let mismatches = DOCUMENT.mismatches(schema, &self.json());
            assert!(mismatches.is_empty(), "{method} {path}: {} {mismatches:#?}", self.status);
        }
    }
}
