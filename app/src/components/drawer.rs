//! The side bar that becomes a drawer on a phone. Works without script: the browser opens and closes popovers.

use super::icon::Icon;
use leptos::{ev::MouseEvent, html, prelude::*, wasm_bindgen::JsCast, web_sys};

/// Navigation that stands beside the page when there is room, and slides in when there is not.
#[component]
pub fn Drawer(#[prop(into)] id: String, #[prop(into)] label: String, children: Children) -> impl IntoView {
    let node = NodeRef::<html::Nav>::new();
    view! {
        <nav
            class="shell-sidebar"
            id=id
            popover="auto"
            aria-label=label
            node_ref=node
            on:click=move |event| {
                if follows_link(&event) && let Some(nav) = node.get() {
                    // Fails when it is not open as a popover, as on a wide screen.
                    drop(nav.hide_popover());
                }
            }
        >
            {children()}
        </nav>
    }
}

/// The button that opens the drawer of that id.
#[component]
pub fn DrawerButton(#[prop(into)] target: String, #[prop(into)] label: String) -> impl IntoView {
    view! {
        <button class="tabbar-item" type="button" popovertarget=target>
            <Icon icon=Icon::Menu/>
            <span class="tabbar-label">{label}</span>
        </button>
    }
}

/// Whether the click goes to another page: within the app that does not reload it, so the drawer would stay.
fn follows_link(event: &MouseEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .and_then(|element| element.closest("a").ok().flatten())
        .is_some()
}
