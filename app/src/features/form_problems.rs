//! When somebody else changed the thing that a form is about: look at theirs, or save one's own over it.

use super::{alive::use_alive, form_outcome::FormOutcome};
use crate::{
    AppError,
    components::{Button, ButtonSize, FormErrors},
};
use domain::Error;
use leptos::{html, prelude::*};

/// Stands above a form and shows what went wrong; a conflict gets two ways out.
///
/// `version` is what the form sends as the version that it saw.
#[component]
pub fn FormProblems(
    outcome: FormOutcome,
    /// As in `FormErrors`.
    #[prop(default = "")]
    prefix: &'static str,
    version: RwSignal<i64>,
    form: NodeRef<html::Form>,
) -> impl IntoView {
    let alive = use_alive();
    let overwrite = move |_| {
        if let Some(current) = outcome.error.with_untracked(|error| current_version(error.as_ref())) {
            version.set(current);
            // After the hidden field has followed the signal.
            request_animation_frame(move || {
                if let Some(form) = form.get_untracked() {
                    // Fails when a field is wrong, and then the browser points at it.
                    drop(form.request_submit());
                }
            });
        }
    };
    view! {
        <FormErrors message=outcome.message() fields=outcome.fields() prefix/>
        <Show when=move || alive.get() && outcome.is_conflict()>
            <div class="form-actions">
                <Button size=ButtonSize::Small on:click=move |_| show_current()>"Show the current one"</Button>
                <Button size=ButtonSize::Small on:click=overwrite>"Save mine over it"</Button>
            </div>
        </Show>
    }
}

/// Loads the whole page: a field keeps what was typed into it, whatever comes from the server.
fn show_current() {
    let location = window().location();
    // Fails only for an address that is none.
    drop(location.href().and_then(|here| location.assign(&here)));
}

/// The version of the row as it is now, which came along with the refusal.
fn current_version(error: Option<&AppError>) -> Option<i64> {
    let Some(AppError::Service(Error::Conflict { current, .. })) = error else { return None };
    serde_json::from_str::<serde_json::Value>(current).ok()?.get("version")?.as_i64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_tells_the_version_to_save_over() {
        let conflict: AppError = AppError::Service(Error::conflict("role", r#"{"version":7}"#.into()));
        assert_eq!(current_version(Some(&conflict)), Some(7));
        assert_eq!(current_version(Some(&AppError::Network)), None);
        assert_eq!(current_version(None), None);
    }
}
