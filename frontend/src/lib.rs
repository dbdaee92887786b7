//! Starts the page in the browser: takes over what the server rendered.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the document once the module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
    // Style sheets and tests see that the page is alive.
    if let Some(root) = leptos::prelude::document().document_element() {
        let _ = root.set_attribute("data-alive", "true");
    }
}
