//! Asking before something that can't be taken back, in a way that works without script.

use crate::components::{Icon, Notice, Tone};
use leptos::prelude::*;

/// A button that opens the consequences; the act itself is in the children: a form with its own button.
#[component]
pub fn AskFirst(
    /// What the closed button says: "Delete team…".
    #[prop(into)]
    label: String,
    icon: Icon,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="ask-first">
            <summary class="button" data-variant="secondary" data-size="medium">
                <Icon icon/>
                {label}
            </summary>
            <Notice tone=Tone::Danger>{children()}</Notice>
        </details>
    }
}
