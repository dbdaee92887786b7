//! Copies a text, and says that it did.

use super::alive::use_alive;
use crate::components::{ButtonSize, Icon, IconButton, MenuItem, use_toaster};
use leptos::prelude::*;

/// The button beside the text.
#[component]
pub fn CopyButton(#[prop(into)] text: String) -> impl IntoView {
    let toaster = use_toaster();
    let copy = move |_| {
        if put_into_clipboard(&text) {
            toaster.success("Copied.");
        } else {
            toaster.error("This browser does not let the page copy. Select the text and copy it yourself.");
        }
    };
    view! { <IconButton icon=Icon::Copy label="Copy" size=ButtonSize::Small on:click=copy/> }
}

/// Copies the address of a page of ours, whole; in a menu, and only with script.
#[component]
pub fn CopyLink(#[prop(into)] path: String) -> impl IntoView {
    let alive = use_alive();
    let toaster = use_toaster();
    let copy = move |path: &str| {
        let here = window().location().origin().unwrap_or_default();
        if put_into_clipboard(&format!("{here}{path}")) {
            toaster.success("The link is copied.");
        } else {
            toaster.error("This browser does not let the page copy. Copy the address from its bar.");
        }
    };
    move || {
        let path = path.clone();
        alive.get().then(|| {
            view! {
                <MenuItem icon=Icon::Copy on:click=move |_| copy(&path)>"Copy link"</MenuItem>
            }
        })
    }
}

/// Whether the page has a clipboard: by plain HTTP, from another machine, it has none.
#[cfg(feature = "hydrate")]
fn put_into_clipboard(text: &str) -> bool {
    let navigator = leptos::prelude::window().navigator();
    let there = js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|found| found.is_object());
    if there {
        // The browser refuses only outside of a person's own act, and this is one.
        drop(navigator.clipboard().write_text(text));
    }
    there
}

#[cfg(not(feature = "hydrate"))]
fn put_into_clipboard(_text: &str) -> bool {
    false
}
