//! The document around the page. Only the server renders it; the browser takes over what is in the body.

use crate::pages::later::Part;
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// The document, with the assets of this build and the theme that the browser remembers.
pub fn shell(assets: &crate::ssr::Assets) -> impl IntoView + use<> {
    let theme = crate::ssr::request().map(|request| request.theme).unwrap_or_default();
    let theme = (!theme.is_empty()).then_some(theme);
    let crate::ssr::Assets { js, wasm, parts, css, scripts } = assets.clone();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="description" content="PMS: projects, boards and tasks of a team whose work must not be missed." />
                // Where urgent alerts are turned off, the page's script asks nobody for sound and notifications.
                {silent().then(|| view! { <meta name="pms-urgent" content="off" /> })}
                <link rel="icon" href="/icon.svg" type="image/svg+xml" />
                <link rel="manifest" href="/manifest.webmanifest" />
                {(!css.is_empty()).then(|| view! { <link rel="stylesheet" href=css /> })}
                <script src=format!("/vitals.js?v={scripts}") defer></script>
                <Alerts version=scripts.clone() />
                <Live version=scripts />
                {(!js.is_empty()).then(|| view! { <Script js wasm parts /> })}
                <MetaTags />
            </head>
            <body>
                <crate::App />
            </body>
        </html>
    }
}

/// Where the page is in the history, and the script that tells it what follows. Only for those who are signed in.
#[component]
fn Live(version: String) -> impl IntoView {
    let request = crate::ssr::request().ok();
    let found = request.and_then(|request| request.me.zip(request.live));
    found.map(|(me, since)| {
        let script = format!("/live.js?v={version}");
        view! {
            <meta name="pms-live" content=since data-user=me.user.id.to_string() data-build=version />
            <script src=script defer></script>
        }
    })
}

/// Whether urgent alerts are turned off.
fn silent() -> bool {
    crate::ssr::services().is_ok_and(|services| !services.features.urgent)
}

/// Rings for whoever is signed in. Beside the module and before it: it must work without it, and when it has failed. Its
/// files name one another, so the version is their folder.
#[component]
fn Alerts(version: String) -> impl IntoView {
    let me = crate::ssr::request().ok().and_then(|request| request.me);
    me.map(|me| {
        let script = format!("/alerts/{version}/alerts.js");
        view! {
            <meta name="pms-person" content=me.user.id.to_string() />
            <script type="module" src=script></script>
        }
    })
}

/// Loads the module and hands the page over to it. Without script, everything above works all the same.
#[component]
fn Script(js: String, wasm: String, parts: Vec<String>) -> impl IntoView {
    let (needed, others) = needed_first(parts);
    let start = format!(
        "{}const others = {}; import('{js}').then(m => m.default({{ module_or_path: '{wasm}' }}).then(m.hydrate)).then({FETCH})",
        address_of_page(),
        serde_json::json!(others),
    );
    let nonce = leptos::nonce::use_nonce();
    let preload = |module: String| {
        view! { <link rel="preload" href=module r#as="fetch" r#type="application/wasm" crossorigin="anonymous" /> }
    };
    view! {
        <link rel="modulepreload" href=js />
        {preload(wasm)}
        {needed.into_iter().map(preload).collect_view()}
        <script type="module" nonce=nonce>{start}</script>
    }
}

/// When the page is alive and at rest, brings the other parts into the browser's cache, so that going on takes no time.
/// What can't be had now is asked for when it is needed.
const FETCH: &str = "() => (self.requestIdleCallback ?? setTimeout)(() => others.forEach(\
    part => fetch(part, { priority: 'low' }).then(answer => answer.arrayBuffer()).catch(() => {})))";

/// The parts that this page starts with, and the others.
fn needed_first(parts: Vec<String>) -> (Vec<String>, Vec<String>) {
    let refused = crate::ssr::request().ok().and_then(|request| request.refused).map(|refused| refused.page);
    let asked = || use_context::<http::request::Parts>().map(|parts| parts.uri.path().to_owned());
    let path = refused.or_else(asked).unwrap_or_default();
    let part = Part::of(path.split('?').next().unwrap_or_default());
    parts.into_iter().partition(|file| part.has(file))
}

/// The page of a refused form came as the answer of its server function; script goes on at the page's own address.
fn address_of_page() -> String {
    let refused = crate::ssr::request().ok().and_then(|request| request.refused);
    let page = refused.and_then(|refused| serde_json::to_string(&refused.page).ok());
    // Within a script, only `<` could end it.
    page.map(|page| format!("history.replaceState(null, '', {});", page.replace('<', "\\u003c")))
        .unwrap_or_default()
}
