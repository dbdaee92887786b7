//! A yes or no.

use leptos::{html, prelude::*};

/// A checkbox with its words beside it. Unticked, a form sends nothing for it.
#[component]
pub fn Checkbox(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] name: Option<String>,
    /// What the form sends when it is ticked.
    #[prop(default = "true".into(), into)]
    value: String,
    #[prop(optional, into)] checked: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] hide_label: bool,
    /// Called with the new state.
    #[prop(optional, into)]
    on_change: Option<Callback<bool>>,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    // What was ticked before the page came alive stays.
    Effect::new(move |before: Option<()>| {
        let checked = checked.get();
        let Some(node) = node.get() else { return };
        if before.is_some() || node.checked() == node.default_checked() {
            node.set_checked(checked);
        } else if let Some(on_change) = on_change {
            on_change.run(node.checked());
        }
    });
    let name = name.unwrap_or_else(|| id.clone());
    let hint_id = format!("{id}-hint");
    let describedby = hint.is_some().then(|| hint_id.clone());
    view! {
        <div class="checkbox">
            <input
                class="checkbox-box"
                type="checkbox"
                id=id.clone()
                name=name
                value=value
                checked=checked.get_untracked()
                node_ref=node
                disabled=move || disabled.get()
                aria-describedby=describedby
                on:change=move |event| {
                    if let Some(on_change) = on_change {
                        on_change.run(event_target_checked(&event));
                    }
                }
            />
            <label class="checkbox-label" class:visually-hidden=hide_label for=id>{label}</label>
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
        </div>
    }
}
