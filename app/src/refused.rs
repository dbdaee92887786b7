//! A form that was sent without script and refused: the answer is the page that it stands on, with what was typed.
//!
//! The server puts it into the request; the page gives it to the browser too, in case its script comes late.

use leptos::{prelude::*, server::ServerActionError};
use serde::{Deserialize, Serialize};
use server_fn::ServerFn;
#[cfg(feature = "ssr")]
use server_fn::error::ServerFnUrlError;

/// A refused form.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Refused {
    /// The address of its server function.
    pub action: String,
    /// The refusal, as addresses carry it.
    pub error: String,
    /// The address of the page that the form stands on.
    pub page: String,
    /// What was typed: names and values. Only of forms that ask for it with [`typed_in`].
    pub typed: Vec<(String, String)>,
}

impl Refused {
    /// Whether the page may get back what was typed into the form with that address. Passwords must not.
    pub fn keeps(action: &str) -> bool {
        ["/fn/task/", "/fn/comment/", "/fn/import/", "/fn/urgent/"]
            .iter()
            .any(|area| action.starts_with(area))
    }

    /// The status that the page is answered with.
    #[cfg(feature = "ssr")]
    pub fn status(&self) -> http::StatusCode {
        match ServerFnUrlError::<crate::AppError>::decode_err(&self.error) {
            crate::AppError::Service(error) => crate::ssr::status_of(&error),
            crate::AppError::Network => http::StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// What was typed into a form, by name.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Typed(Vec<(String, String)>);

impl Typed {
    /// The value of that name, if the form had it.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Every value of that name.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

#[derive(Clone, Copy)]
struct Kept(StoredValue<Option<Refused>>);

/// Makes forms find their refusal and [`typed_in`] answer. Call it once around the routes.
pub fn provide_refused() {
    let refused = SharedValue::new(|| {
        #[cfg(feature = "ssr")]
        {
            crate::ssr::request().ok().and_then(|request| request.refused)
        }
        #[cfg(not(feature = "ssr"))]
        {
            None::<Refused>
        }
    })
    .into_inner();
    if let Some(refused) = &refused {
        provide_context(ServerActionError::new(&refused.action, &refused.error));
    }
    provide_context(Kept(StoredValue::new(refused)));
}

/// What was typed into the form of `S` when it was refused, if that has just happened.
pub fn typed_in<S: ServerFn>() -> Option<Typed> {
    let kept = use_context::<Kept>()?;
    kept.0.with_value(|refused| {
        refused
            .as_ref()
            .filter(|refused| refused.action == S::PATH)
            .map(|refused| Typed(refused.typed.clone()))
    })
}

/// Forgets it: it was sent again, and went well.
pub fn forget_typed() {
    if let Some(kept) = use_context::<Kept>() {
        kept.0.set_value(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_found_by_name() {
        let pairs = [("title", "One"), ("label[]", "a"), ("label[]", "b")];
        let typed = Typed(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        assert_eq!(typed.get("title"), Some("One"));
        assert_eq!(typed.get("other"), None);
        assert_eq!(typed.all("label[]").collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn passwords_do_not_come_back() {
        assert!(Refused::keeps("/fn/task/save-text"));
        for action in ["/fn/session/sign-in", "/fn/account/password", "/fn/user/create"] {
            assert!(!Refused::keeps(action), "{action}");
        }
    }
}
