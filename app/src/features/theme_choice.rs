//! The choice of colours: kept in a cookie, so that the first rendering has them.

use crate::components::{Theme, ThemeSwitch};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Where the choice is posted to.
const ACTION: &str = "/theme";

/// The choice, shared by every switch in the page.
#[derive(Clone, Copy)]
struct Chosen(RwSignal<Theme>);

/// Makes every [`ThemeChoice`] below show the same.
pub fn provide_theme() {
    let theme = SharedValue::new(|| {
        #[cfg(feature = "ssr")]
        {
            crate::ssr::request().map(|request| request.theme).unwrap_or_default()
        }
        #[cfg(not(feature = "ssr"))]
        {
            String::new()
        }
    });
    provide_context(Chosen(RwSignal::new(Theme::parse(&theme.into_inner()))));
}

/// Light, dark, or as the system has it. Changes at once, and is remembered by the server's cookie.
#[component]
pub fn ThemeChoice() -> impl IntoView {
    let current = use_context::<Chosen>().map_or_else(RwSignal::default, |chosen| chosen.0);
    let location = use_location();
    let here = move || format!("{}{}", location.pathname.get(), query_of(&location.search.get()));
    view! {
        <ThemeSwitch action=ACTION current on_choose=|theme: Theme| remember(theme)>
            // Where to go back to without script.
            <input type="hidden" name="next" value=here/>
        </ThemeSwitch>
    }
}

fn query_of(search: &str) -> String {
    let search = search.trim_start_matches('?');
    if search.is_empty() { String::new() } else { format!("?{search}") }
}

#[cfg(feature = "hydrate")]
fn remember(theme: Theme) {
    let init = web_sys::RequestInit::new();
    init.set_method("POST");
    let body = web_sys::UrlSearchParams::new();
    if let Ok(body) = body {
        body.append("theme", theme.as_str());
        init.set_body(&body);
        // Plain forms are sent on to a page; here nobody would look at it.
        init.set_redirect(web_sys::RequestRedirect::Manual);
        // Nobody waits for the answer: the page shows the choice already.
        drop(leptos::prelude::window().fetch_with_str_and_init(ACTION, &init));
    }
}

#[cfg(not(feature = "hydrate"))]
fn remember(_theme: Theme) {}
