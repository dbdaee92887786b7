//! Which version of a resource the caller saw.

use crate::http::Problem;
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
};
use serde::Deserialize;

/// The version in `If-Match: "3"`.
pub struct IfMatch(Option<i64>);

impl IfMatch {
    /// It, or the one that the body gives as `version`.
    ///
    /// # Errors
    /// 428 if neither says.
    pub fn or(&self, body: i64) -> Result<i64, Problem> {
        match self.0 {
            Some(version) => Ok(version),
            None if body > 0 => Ok(body),
            None => Err(Problem::new(
                StatusCode::PRECONDITION_REQUIRED,
                "version_required",
                "Say which version you saw: If-Match with the ETag you got, or “version” in the body.",
            )),
        }
    }

    /// As [`IfMatch::or`], for what may not be there yet: its version is 0 then.
    ///
    /// # Errors
    /// 428 if neither says.
    pub fn or_first(&self, body: Option<i64>) -> Result<i64, Problem> {
        body.filter(|_| self.0.is_none()).map_or_else(|| self.or(0), Ok)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        let version = value.to_str().ok().and_then(|text| text.trim().trim_matches('"').parse().ok());
        version.map(|version| Self(Some(version))).ok_or_else(|| {
            let message = "If-Match must be the ETag of this resource as it was answered, such as \"3\".";
            Problem::new(StatusCode::BAD_REQUEST, "bad_if_match", message)
        })
    }
}

/// The body of an act on a resource that needs nothing but its version.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct VersionInput {
    /// The version that you saw, unless `If-Match` says it.
    pub version: i64,
}
