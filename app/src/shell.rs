//! The document around the page. Only the server renders it; the browser takes over what is in the body.

use leptos::prelude::*;
use leptos_meta::MetaTags;

/// The document, with the assets of this build and the theme that the browser remembers.
pub fn shell(assets: &crate::ssr::Assets) -> impl IntoView + use<> {
    let theme = crate::ssr::request().map(|request| request.theme).unwrap_or_default();
    let theme = (!theme.is_empty()).then_some(theme);
    let crate::ssr::Assets { js, wasm, css } = assets.clone();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/icon.svg" type="image/svg+xml" />
                <link rel="manifest" href="/manifest.webmanifest" />
                {(!css.is_empty()).then(|| view! { <link rel="stylesheet" href=css /> })}
                {(!js.is_empty()).then(|| view! { <Script js wasm /> })}
                <MetaTags />
            </head>
            <body>
                <crate::App />
            </body>
        </html>
    }
}

/// Loads the module and hands the page over to it. Without script, everything above works all the same.
#[component]
fn Script(js: String, wasm: String) -> impl IntoView {
    let address = address_of_page();
    let start = format!(
        "{address}import('{js}').then(m => m.default({{ module_or_path: '{wasm}' }}).then(() => m.hydrate()))"
    );
    let nonce = leptos::nonce::use_nonce();
    view! {
        <link rel="modulepreload" href=js />
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
        <script type="module" nonce=nonce>{start}</script>
    }
}

/// The page of a refused form came as the answer of its server function; script goes on at the page's own address.
fn address_of_page() -> String {
    let refused = crate::ssr::request().ok().and_then(|request| request.refused);
    let page = refused.and_then(|refused| serde_json::to_string(&refused.page).ok());
    // Within a script, only `<` could end it.
    page.map(|page| format!("history.replaceState(null, '', {});", page.replace('<', "\\u003c")))
        .unwrap_or_default()
}
