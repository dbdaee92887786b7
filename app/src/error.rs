//! What a server function answers when it does not do what was asked: the domain's error, or that the server
//! could not be reached.

use crate::components::LoadFailure;
use domain::Error;
use serde::{Deserialize, Serialize};
use server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};

/// The one error of every server function and resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    /// The service said no.
    Service(Error),
    /// The server did not answer: the network, not the request, is at fault.
    Network,
}

impl AppError {
    /// What is wrong with the field of that name, if anything.
    pub fn field(&self, name: &str) -> Option<String> {
        match self {
            Self::Service(Error::Invalid { fields }) => {
                fields.iter().find(|field| field.field == name).map(|field| field.message.clone())
            }
            _ => None,
        }
    }

    /// What was sent is not what the function takes: a program's mistake, or an old page meeting a new server.
    fn unreadable() -> Self {
        #[cfg(feature = "ssr")]
        crate::ssr::answer(http::StatusCode::BAD_REQUEST);
        let message = "The form could not be read. Reload the page and try again.";
        Self::Service(Error::field("form", "unreadable", message))
    }

    /// Whether what was looked for is not there (or not for this person).
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Service(Error::NotFound { .. }))
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Service(error) => error.fmt(f),
            Self::Network => f.write_str("The server did not answer. Check the connection and try again."),
        }
    }
}

impl std::error::Error for AppError {}

impl LoadFailure for AppError {
    fn is_signed_out(&self) -> bool {
        matches!(self, Self::Service(Error::Unauthenticated))
    }
}

impl From<Error> for AppError {
    fn from(error: Error) -> Self {
        #[cfg(feature = "ssr")]
        crate::ssr::answer_status(&error);
        Self::Service(error)
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Network,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Self::unreadable(),
            // The server meets it in what it is sent, a browser in what it is answered.
            #[cfg(feature = "ssr")]
            ServerFnErrorErr::Deserialization(_) => Self::unreadable(),
            // An answer that is no answer of ours: a proxy's page, or an old page meeting a new server.
            _ => Self::Service(Error::Unavailable {
                message: "The server answered in a way this page does not understand. Reload the page."
                    .into(),
            }),
        }
    }
}
