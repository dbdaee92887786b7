//! One of a few, all in sight.

use super::{icon::Icon, select::Choice};
use leptos::prelude::*;

/// Radio buttons under one question.
#[component]
pub fn RadioGroup(
    /// Also the name that the form sends.
    #[prop(into)]
    id: String,
    #[prop(into)] label: String,
    choices: Vec<Choice>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] error: MaybeProp<String>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let error_id = format!("{id}-error");
    let described_by = error_id.clone();
    let radios = choices
        .into_iter()
        .map(|choice| {
            let radio_id = format!("{id}-{}", choice.value);
            let checked = choice.value == value;
            view! {
                <div class="checkbox">
                    <input
                        class="checkbox-box"
                        type="radio"
                        id=radio_id.clone()
                        name=id.clone()
                        value=choice.value
                        checked=checked
                        required=required
                    />
                    <label class="checkbox-label" for=radio_id>{choice.label}</label>
                </div>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field" id=id aria-describedby=described_by>
            <legend class="field-label">{label}</legend>
            {hint.map(|hint| view! { <p class="field-hint">{hint}</p> })}
            {radios}
            <p class="field-error" id=error_id>
                {move || error.get().map(|text| view! { <Icon icon=Icon::Alert/> {text} })}
            </p>
        </fieldset>
    }
}
