//! A part of a page of settings: what it is about at the side, its controls beside it.

use leptos::prelude::*;

/// A section with its heading. `id` names the heading too, so it must be unique in the page.
#[component]
pub fn SettingsSection(
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    children: Children,
) -> impl IntoView {
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    view! {
        <section class="settings-section" id=id aria-labelledby=labelled_by>
            <div class="settings-about">
                <h2 id=title_id>{title}</h2>
                <p>{text}</p>
            </div>
            <div class="settings-body">{children()}</div>
        </section>
    }
}
