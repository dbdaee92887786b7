//! A window over the page that wants an answer. The browser keeps the focus in it and gives it back.

use super::{button::IconButton, icon::Icon};
use leptos::{ev::MouseEvent, html, prelude::*, wasm_bindgen::JsCast, web_sys};

/// A native modal dialog, shown while `open` is true. Esc, the cross and a press outside close it.
///
/// Put the buttons in `<div class="dialog-foot">` at the end (inside the form, if there is one), and `autofocus` on the
/// control to start with.
#[component]
pub fn Dialog(
    #[prop(into)] id: String,
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    follow(node, open);
    view! {
        <dialog
            class="dialog"
            id=id
            aria-labelledby=labelled_by
            node_ref=node
            on:close=move |_| open.set(false)
            on:mousedown=move |event| {
                if is_backdrop(&event) {
                    open.set(false);
                }
            }
        >
            <div class="dialog-panel">
                <h2 class="dialog-title" id=title_id>{move || title.get()}</h2>
                <div class="dialog-body">{children()}</div>
                // Last in the order of focus: the first stop is what the dialog asks for.
                <div class="dialog-close">
                    <IconButton icon=Icon::Close label="Close" on:click=move |_| open.set(false)/>
                </div>
            </div>
        </dialog>
    }
}

/// Opens and closes the native element as the signal says.
pub(super) fn follow(node: NodeRef<html::Dialog>, open: RwSignal<bool>) {
    Effect::new(move |_| {
        let (wanted, Some(dialog)) = (open.get(), node.get()) else {
            return;
        };
        match (wanted, dialog.open()) {
            // It fails only when the element has left the page, and then there is nothing to show.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
}

/// Whether the press was outside: the panel covers the whole element, so only the backdrop answers as the dialog itself.
pub(super) fn is_backdrop(event: &MouseEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| element.tag_name() == "DIALOG")
}
