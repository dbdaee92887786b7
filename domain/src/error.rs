//! The one error that leaves a use case. REST turns it into problem+json, the page into words.

use crate::dependency::{BlockedTask, CycleTask, blocked_text, cycle_text};
use serde::{Deserialize, Serialize};

/// Short for a result that fails with [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What is wrong with one field of a form or request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name, as in the command struct.
    pub field: String,
    /// A stable word for programs: `blank`, `too_long`, `taken`, `invisible`, `unknown` …
    pub code: String,
    /// A sentence for people that says what to do.
    pub message: String,
}

/// Why a use case did not do what was asked. Texts are for people and never carry a driver's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Error {
    /// Nobody is signed in, or the session has ended.
    Unauthenticated,
    /// Signed in, may see the thing, and may not do this to it.
    Forbidden {
        /// The permission that is missing, `area.action`.
        permission: String,
    },
    /// It is not there, or not for this person: the two look the same on purpose.
    NotFound {
        /// What was looked for: `task`, `project` …
        what: String,
    },
    /// Fields that need another value.
    Invalid {
        /// Each wrong field.
        fields: Vec<FieldError>,
    },
    /// Someone else changed the row since it was read.
    Conflict {
        /// What was changed: `task`, `project` …
        what: String,
        /// The row as it is now, as JSON text.
        current: String,
    },
    /// A rule of the product says no; the message says why and what to do.
    Refused {
        /// A stable word for programs: `last_role_manager`, `column_not_empty` …
        code: String,
        /// A sentence for people.
        message: String,
    },
    /// A dependency that would make a loop.
    Cycle {
        /// The loop, from the step that was asked for round to its beginning.
        path: Vec<CycleTask>,
    },
    /// Tasks that can't begin or be done, because others have to be finished first.
    Blocked {
        /// The tasks, each with what it waits for.
        tasks: Vec<BlockedTask>,
    },
    /// The content is larger than the limit.
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// Asked for too often.
    TooMany {
        /// Seconds to wait before the next try.
        retry_after: u64,
    },
    /// The service can't answer now (busy database, full disk); trying again later may help.
    Unavailable {
        /// A sentence for people.
        message: String,
    },
    /// Our fault. The details are in the log under this id.
    Internal {
        /// The id to quote to an operator.
        id: String,
    },
}

impl Error {
    /// [`Error::NotFound`] for `what`.
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::NotFound { what: what.into() }
    }

    /// [`Error::Invalid`] with one field.
    pub fn field(field: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid {
            fields: vec![FieldError { field: field.into(), code: code.into(), message: message.into() }],
        }
    }

    /// [`Error::Refused`] by the rule `code`.
    pub fn refused(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Refused { code: code.into(), message: message.into() }
    }

    /// The same error, where what is not there is a `what`: a label of a project that one may not see is no such label.
    #[must_use]
    pub fn about(self, what: &str) -> Self {
        match self {
            Self::NotFound { .. } => Self::not_found(what),
            other => other,
        }
    }

    /// [`Error::Conflict`] with the row as it is now.
    pub fn conflict(what: impl Into<String>, current: String) -> Self {
        Self::Conflict { what: what.into(), current }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unauthenticated => f.write_str("You are not signed in. Sign in and try again."),
            Self::Forbidden { permission } => write!(
                f,
                "You may not do this: it needs the permission “{permission}”. \
                 Ask someone who manages roles or this project's members."
            ),
            Self::NotFound { what } => {
                write!(f, "There is no such {what}, or you do not have access to it.")
            }
            Self::Invalid { fields } => {
                let mut first = true;
                for field in fields {
                    if !first {
                        f.write_str(" ")?;
                    }
                    first = false;
                    f.write_str(&field.message)?;
                }
                Ok(())
            }
            Self::Conflict { what, .. } => write!(
                f,
                "Someone changed this {what} while you were editing. Look at the current one and save again."
            ),
            Self::Cycle { path } => write!(
                f,
                "That would make a loop: {}. Take one of the other links away first.",
                cycle_text(path)
            ),
            Self::Blocked { tasks } => f.write_str(&blocked_text(tasks)),
            Self::Refused { message, .. } | Self::Unavailable { message } => f.write_str(message),
            Self::TooLarge { limit } => {
                write!(f, "This is larger than the limit of {} kB.", limit / 1024)
            }
            Self::TooMany { retry_after } => {
                let plural = if *retry_after == 1 { "" } else { "s" };
                write!(f, "Too many requests in a short time. Try again in {retry_after} second{plural}.")
            }
            Self::Internal { id } => write!(
                f,
                "Something went wrong on our side. If it happens again, give your operator this number: {id}."
            ),
        }
    }
}

impl std::error::Error for Error {}

/// Gathers what is wrong with a command, so a person sees every field at once.
#[derive(Default, Debug)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    /// Nothing wrong yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a wrong field.
    pub fn add(&mut self, field: &str, code: &str, message: impl Into<String>) {
        self.0.push(FieldError { field: field.into(), code: code.into(), message: message.into() });
    }

    /// The value if it is right; otherwise notes the problem and gives a default to go on with.
    pub fn check<T: Default>(
        &mut self,
        field: &str,
        value: std::result::Result<T, crate::validate::Problem>,
    ) -> T {
        match value {
            Ok(value) => value,
            Err(problem) => {
                self.add(field, problem.code, problem.message);
                T::default()
            }
        }
    }

    /// # Errors
    /// [`Error::Invalid`] if anything was noted.
    pub fn finish(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid { fields: self.0 }) }
    }
}
