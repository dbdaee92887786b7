//! One of several, from a native list.

use super::{
    field::{Field, described_by, invalid},
    icon::Icon,
};
use leptos::prelude::*;

/// A choice: what the form sends and what people read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// A labelled `<select>`. `on:change` lands on the field and bubbles from the control.
#[component]
pub fn Select(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    #[prop(optional, into)] name: Option<String>,
    /// The value that is chosen.
    #[prop(optional, into)]
    value: Signal<String>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] error: MaybeProp<String>,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional)] hide_label: bool,
    /// Called with the new value.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
) -> impl IntoView {
    let name = name.unwrap_or_else(|| id.clone());
    let describedby = described_by(&id, hint.is_some());
    let options = move || {
        choices
            .get()
            .into_iter()
            .map(|choice| {
                let this = choice.value.clone();
                view! {
                    <option value=choice.value selected=move || value.get() == this>
                        {choice.label}
                    </option>
                }
            })
            .collect_view()
    };
    let control = view! {
        <div class="select">
            <select
                class="input"
                id=id.clone()
                name=name
                required=required
                disabled=move || disabled.get()
                aria-describedby=describedby
                aria-invalid=invalid(error)
                on:change=move |event| {
                    if let Some(on_change) = on_change {
                        on_change.run(event_target_value(&event));
                    }
                }
            >
                {options}
            </select>
            <Icon icon=Icon::ChevronDown/>
        </div>
    };
    view! {
        <Field id label hint error required hide_label>
            {control}
        </Field>
    }
}
