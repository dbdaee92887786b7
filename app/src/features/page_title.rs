//! The title in the browser's tab.

use leptos::prelude::*;
use leptos_meta::Title;

/// A title that follows what it names.
///
/// Not `Title` with a closure: the server writes the document's head after the page, whose signals may be gone by then.
#[component]
pub fn PageTitle(#[prop(into)] text: Signal<String>) -> impl IntoView {
    #[cfg(feature = "ssr")]
    let text = text.get_untracked();
    #[cfg(not(feature = "ssr"))]
    let text = move || text.get();
    view! { <Title text/> }
}
