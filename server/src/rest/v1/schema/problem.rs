//! What an answer is when a request was not done.

use super::{BlockedTask, CycleTask};
use utoipa::ToSchema;

/// Why a request was not done (RFC 9457). Programs read `code`, people `detail`.
#[derive(ToSchema)]
pub struct Problem {
    /// `urn:pms:problem:` and the code.
    pub r#type: String,
    /// The status in words.
    pub title: String,
    /// The status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// A sentence for people that says what to do.
    pub detail: String,
    /// The address that was asked.
    pub instance: String,
    /// A stable word: `not_found`, `invalid`, `conflict`, `cycle`, `blocked`, `column_not_empty` …
    pub code: String,
    /// To be quoted to an operator; the log has it, and the header `x-request-id`.
    pub request_id: String,
    /// With 422: each wrong field.
    #[schema(required = false)]
    pub errors: Vec<FieldError>,
    /// With 409 `conflict`: the resource as it is now.
    #[schema(value_type = Option<Object>)]
    pub current: Option<()>,
    /// With 409 `cycle`: the loop, from the step that was asked for round to its beginning.
    #[schema(required = false)]
    pub path: Vec<CycleTask>,
    /// With 409 `blocked`: the tasks that can't begin or be done, and what they wait for.
    #[schema(required = false)]
    pub blocked: Vec<BlockedTask>,
}

/// What is wrong with one field.
#[derive(ToSchema)]
pub struct FieldError {
    /// The field's name, as in the request.
    pub field: String,
    /// A stable word: `blank`, `too_long`, `taken`, `unknown`, `missing`, `unreadable` …
    pub code: String,
    /// A sentence for people that says what to do.
    pub message: String,
}
