//! Facts about a thing: a name and a value each.

use leptos::prelude::*;

/// A list of [`Property`]s.
#[component]
pub fn Properties(children: Children) -> impl IntoView {
    view! { <dl class="properties">{children()}</dl> }
}

/// One fact. The value may be text, a badge or a control.
#[component]
pub fn Property(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! {
        <div class="property">
            <dt class="property-label">{label}</dt>
            <dd class="property-value">{children()}</dd>
        </div>
    }
}

/// Says that a fact has no value.
#[component]
pub fn Nothing(#[prop(default = "None".into(), into)] text: String) -> impl IntoView {
    view! { <span class="property-nothing">{text}</span> }
}
