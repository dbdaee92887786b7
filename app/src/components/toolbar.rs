//! A row of filters and acts above a list.

use leptos::prelude::*;

/// A toolbar. `<span class="toolbar-gap"></span>` between the children pushes the rest to the end.
#[component]
pub fn Toolbar(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! { <div class="toolbar" role="group" aria-label=label>{children()}</div> }
}
