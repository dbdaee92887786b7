//! The frame of every form control: label, hint and error, tied to the control by id.

use super::icon::Icon;
use leptos::prelude::*;

/// A label above a control, a hint below it, and an error that says what to do.
///
/// The controls of the kit bring it along; use it directly only around a control of your own, and give that control
/// `id`, `aria-describedby=described_by(..)` and `aria-invalid`.
#[component]
pub fn Field(
    /// The control's id; hint and error get `{id}-hint` and `{id}-error`.
    #[prop(into)]
    id: String,
    #[prop(into)] label: String,
    #[prop(default = None)] hint: Option<String>,
    #[prop(optional, into)] error: MaybeProp<String>,
    #[prop(optional)] required: bool,
    /// Keeps the label for readers and takes it from sight, as in a toolbar.
    #[prop(optional)]
    hide_label: bool,
    children: Children,
) -> impl IntoView {
    let hint_id = hint_id(&id);
    let error_id = error_id(&id);
    view! {
        <div class="field">
            <label class="field-label" class:visually-hidden=hide_label for=id>
                {label}
                {required.then(|| view! { <span class="field-required" aria-hidden="true">"*"</span> })}
            </label>
            {children()}
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
            <p class="field-error" id=error_id>
                {move || error.get().map(|text| view! { <Icon icon=Icon::Alert/> {text} })}
            </p>
        </div>
    }
}

/// What a control's `aria-describedby` names. The error's place is always there, so the value does not have to change.
pub fn described_by(id: &str, has_hint: bool) -> String {
    if has_hint { format!("{} {}", hint_id(id), error_id(id)) } else { error_id(id) }
}

/// `true` for `aria-invalid`, or no attribute.
pub fn invalid(error: MaybeProp<String>) -> impl Fn() -> Option<&'static str> + Copy + Send + Sync {
    move || error.get().map(|_| "true")
}

fn hint_id(id: &str) -> String {
    format!("{id}-hint")
}

fn error_id(id: &str) -> String {
    format!("{id}-error")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_is_described_by_its_hint_and_then_its_error() {
        assert_eq!(described_by("name", true), "name-hint name-error");
        assert_eq!(described_by("name", false), "name-error");
    }
}
