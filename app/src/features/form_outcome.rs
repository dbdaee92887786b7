//! How a form's last sending ended, in the shapes that a form needs.

use crate::AppError;
use domain::{Error, FieldError};
use leptos::{
    prelude::*,
    server::ServerAction,
    server_fn::{Http, ServerFn, codec::PostUrl},
    wasm_bindgen::JsCast,
    web_sys::HtmlElement,
};

/// The error of a form's last sending, if it failed; empty while it is being sent and after it went well.
#[derive(Clone, Copy)]
pub struct FormOutcome {
    /// What the server said.
    pub error: Signal<Option<AppError>>,
    /// While it is on its way.
    pub busy: Signal<bool>,
}

impl FormOutcome {
    /// Follows `action`, and brings the focus to the first wrong field, whose control has the id `{prefix}{field}`.
    pub fn of<S, P>(action: ServerAction<S>, prefix: &'static str) -> Self
    where
        S: ServerFn<Error = AppError, Protocol = Http<PostUrl, P>> + Clone + Send + Sync + 'static,
        S::Output: Send + Sync + 'static,
    {
        let value = action.value();
        let error = Signal::derive(move || {
            value.with(|value| value.as_ref().and_then(|result| result.as_ref().err().cloned()))
        });
        let version = action.version();
        Effect::new(move |before: Option<usize>| {
            let now = version.get();
            if before.is_some_and(|before| before != now) {
                let wrong = error.with_untracked(|error| fields_of(error.as_ref()));
                focus_first(prefix, &wrong);
            }
            now
        });
        Self { error, busy: Signal::derive(move || action.pending().get()) }
    }

    /// The whole refusal, for `FormErrors`.
    pub fn message(self) -> Signal<Option<String>> {
        Signal::derive(move || self.error.with(|error| error.as_ref().map(ToString::to_string)))
    }

    /// Each wrong field, for `FormErrors`.
    pub fn fields(self) -> Signal<Vec<FieldError>> {
        Signal::derive(move || self.error.with(|error| fields_of(error.as_ref())))
    }

    /// What is wrong with the field of that name, for its control's `error`.
    pub fn field(self, name: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || self.error.with(|error| error.as_ref()?.field(name)))
    }

    /// Whether somebody else changed the thing in the meantime.
    pub fn is_conflict(self) -> bool {
        self.error.with(|error| matches!(error, Some(AppError::Service(Error::Conflict { .. }))))
    }
}

/// Calls `then` with each success of `action`, in the browser.
pub fn on_success<S, P>(action: ServerAction<S>, then: impl Fn(S::Output) + 'static)
where
    S: ServerFn<Error = AppError, Protocol = Http<PostUrl, P>> + Clone + Send + Sync + 'static,
    S::Output: Clone + Send + Sync + 'static,
{
    let (version, value) = (action.version(), action.value());
    Effect::new(move |before: Option<usize>| {
        let now = version.get();
        if before.is_some_and(|before| before != now)
            && let Some(Ok(output)) = value.get_untracked()
        {
            then(output);
        }
        now
    });
}

fn fields_of(error: Option<&AppError>) -> Vec<FieldError> {
    match error {
        Some(AppError::Service(Error::Invalid { fields })) => fields.clone(),
        _ => Vec::new(),
    }
}

fn focus_first(prefix: &str, wrong: &[FieldError]) {
    let control = wrong
        .iter()
        .find_map(|wrong| document().get_element_by_id(&format!("{prefix}{}", wrong.field)))
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(control) = control {
        // Fails only when the element has left the page.
        drop(control.focus());
    }
}
