//! The one place that turns errors into answers: `application/problem+json` (RFC 9457) under `/api`, the page's own form of
//! an error under `/fn`, and a plain page elsewhere.

use app::{AppError, ssr::status_of};
use axum::{
    Json,
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use domain::{
    Error, FieldError,
    dependency::{BlockedTask, CycleTask},
};
use serde::Serialize;
use serde_json::value::RawValue;
use services::sessions::RequestContext;

/// An error on its way out. The middleware [`write()`] gives it a body that fits where it was asked for.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    error: Error,
}

impl Problem {
    /// A refusal of HTTP itself rather than of a use case.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, error: Error::refused(code, message) }
    }

    /// An unsafe request that another site made the browser send.
    pub fn cross_site() -> Self {
        let message =
            "This request came from another site, so it was not done. Open PMS itself and try again.";
        Self::new(StatusCode::FORBIDDEN, "cross_site", message)
    }

    /// There is nothing at this address.
    pub fn no_such_address() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "There is nothing at this address. /api/docs lists what there is.",
        )
    }

    /// The same error under another status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Whether it says only that an operator works on the installation.
    pub fn is_maintenance(&self) -> bool {
        self.code() == super::maintenance::CODE
    }

    /// Whether it refuses a body for its size.
    pub fn is_too_large(&self) -> bool {
        matches!(self.error, Error::TooLarge { .. })
    }

    fn code(&self) -> &str {
        match &self.error {
            Error::Refused { code, .. } => code,
            _ => self.code,
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let code = match &error {
            Error::Unauthenticated => "unauthenticated",
            Error::Forbidden { .. } => "forbidden",
            Error::NotFound { .. } => "not_found",
            Error::Invalid { .. } => "invalid",
            Error::Conflict { .. } => "conflict",
            Error::Refused { .. } => "refused",
            Error::Cycle { .. } => "cycle",
            Error::Blocked { .. } => "blocked",
            Error::TooLarge { .. } => "too_large",
            Error::TooMany { .. } => "too_many",
            Error::Unavailable { .. } => "unavailable",
            Error::Internal { .. } => "internal",
        };
        Self { status: status_of(&error), code, error }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        let retry = match (&self.error, self.status) {
            (Error::TooMany { retry_after }, _) => Some(*retry_after),
            (_, StatusCode::SERVICE_UNAVAILABLE) => Some(1),
            _ => None,
        };
        if let Some(seconds) = retry {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// The body under `/api`.
#[derive(Serialize)]
struct Document<'p> {
    r#type: String,
    title: &'p str,
    status: u16,
    detail: String,
    instance: &'p str,
    code: &'p str,
    request_id: &'p str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'p [FieldError],
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<&'p RawValue>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    path: &'p [CycleTask],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    blocked: &'p [BlockedTask],
}

/// Who reads an answer.
enum Reader {
    /// The page's own client.
    Script,
    /// Whatever calls the API.
    Program,
    /// Somebody in front of a browser, also after a form without script.
    Person,
}

impl Reader {
    fn of(request: &Request) -> Self {
        let path = request.uri().path();
        if path.starts_with("/api/") {
            Self::Program
        } else if path.starts_with("/fn/") && !wants_page(request.headers()) {
            Self::Script
        } else {
            Self::Person
        }
    }
}

/// Whether a browser asks for something to show, and not its script for something to read.
pub fn wants_page(headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accepts.is_some_and(|accept| accept.contains("text/html"))
}

/// Writes the bodies of problems, and of the bare errors of the layers and extractors below.
pub async fn write(request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    let head = request.method() == Method::HEAD;
    let reader = Reader::of(&request);
    let context = request.extensions().get::<RequestContext>().cloned().unwrap_or_default();
    let response = next.run(request).await;
    let Some(problem) = problem_of(&response, uri.path()) else { return response };
    let (mut parts, _) = response.into_parts();
    // They belonged to the body that is replaced.
    parts.headers.remove(header::CONTENT_LENGTH);
    let written = match reader {
        Reader::Script => Json(AppError::Service(problem.error)).into_response(),
        Reader::Program => document(&problem, &uri, &context.request_id),
        Reader::Person => page(&problem),
    };
    for (name, value) in written.headers() {
        parts.headers.insert(name, value.clone());
    }
    Response::from_parts(parts, if head { Body::empty() } else { written.into_body() })
}

fn problem_of(response: &Response, path: &str) -> Option<Problem> {
    if let Some(problem) = response.extensions().get::<Problem>() {
        return Some(problem.clone());
    }
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    if !failed || !(path.starts_with("/api/") || path.starts_with("/fn/")) || is_written(response) {
        return None;
    }
    Some(bare(status))
}

/// Whether its body says what is wrong: an error as JSON, or the page of a refused form.
fn is_written(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.contains("json") || kind.starts_with("text/html"))
}

/// What to say of a status that came without words of ours.
fn bare(status: StatusCode) -> Problem {
    let (code, message) = match status {
        StatusCode::BAD_REQUEST => ("bad_request", "The request could not be read."),
        StatusCode::NOT_FOUND => return Problem::no_such_address(),
        StatusCode::METHOD_NOT_ALLOWED => (
            "method_not_allowed",
            "This address does not take that method. The header Allow says which it takes.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "The request is larger than the limit."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            ("unsupported_media_type", "Send JSON, with Content-Type: application/json.")
        }
        StatusCode::GATEWAY_TIMEOUT => {
            let message = "This took too long and was given up. What was to be changed may have been changed all the same: \
                           look before you do it again.";
            ("timeout", message)
        }
        _ if status.is_client_error() => ("bad_request", "The request could not be answered."),
        _ => (
            "internal",
            "Something went wrong on our side. If it happens again, tell your operator the request's id.",
        ),
    };
    Problem::new(status, code, message)
}

fn document(problem: &Problem, uri: &Uri, request_id: &str) -> Response {
    let (errors, current) = match &problem.error {
        Error::Invalid { fields } => (fields.as_slice(), None),
        Error::Conflict { current, .. } => (&[][..], serde_json::from_str(current).ok()),
        _ => (&[][..], None),
    };
    let (path, blocked): (&[CycleTask], &[BlockedTask]) = match &problem.error {
        Error::Cycle { path } => (path, &[]),
        Error::Blocked { tasks } => (&[], tasks),
        _ => (&[], &[]),
    };
    let code = problem.code();
    let document = Document {
        r#type: format!("urn:pms:problem:{code}"),
        title: problem.status.canonical_reason().unwrap_or("Error"),
        status: problem.status.as_u16(),
        detail: problem.error.to_string(),
        instance: uri.path(),
        code,
        request_id,
        errors,
        current,
        path,
        blocked,
    };
    let mut response = Json(document).into_response();
    let kind = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// A refusal outside the program's pages: too many requests, a form of another site.
fn page(problem: &Problem) -> Response {
    let title = problem.status.canonical_reason().unwrap_or("Error");
    let text = problem.error.to_string().replace('&', "&amp;").replace('<', "&lt;");
    Html(format!(
        "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title} · PMS</title><h1>{title}</h1><p>{text}</p><p><a href=\"/\">Home</a></p></html>"
    ))
    .into_response()
}
