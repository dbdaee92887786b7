//! Text that people wrote in Markdown.

use leptos::prelude::*;

/// Shows HTML as it is. Give it only what the server has rendered **and sanitised**.
#[component]
pub fn Markdown(#[prop(into)] html: Signal<String>) -> impl IntoView {
    view! { <div class="prose" inner_html=move || html.get()></div> }
}
