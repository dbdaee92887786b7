//! Starts the page in the browser: takes over what the server rendered.

use app::pages::later::Part;
use leptos::prelude::{document, request_idle_callback, window};
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the document once the module is loaded.
#[wasm_bindgen]
pub async fn hydrate() {
    console_error_panic_hook::set_once();
    Part::of(&window().location().pathname().unwrap_or_default()).load().await;
    leptos::mount::hydrate_body(app::App);
    // Style sheets and tests see that the page is alive.
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-alive", "true");
    }
    // So that going on to the other pages takes no time.
    request_idle_callback(|| {
        leptos::task::spawn_local(async {
            Part::Work.load().await;
            Part::Office.load().await;
        });
    });
}
