//! Starts the page in the browser: takes over what the server rendered.

use app::pages::later::Part;
use leptos::prelude::{document, window};
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the document once the module is loaded.
#[wasm_bindgen]
pub async fn hydrate() {
    console_error_panic_hook::set_once();
    let part = Part::of(&window().location().pathname().unwrap_or_default());
    // Without its code the page stays as the server sent it, and its forms work all the same.
    if part.load().await.is_err() {
        return;
    }
    leptos::mount::hydrate_body(app::App);
    // Style sheets and tests see that the page is alive.
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-alive", "true");
    }
}
