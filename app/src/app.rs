//! The whole page: providers, the frame, and which page stands at which address.

use crate::{
    components::{ToastRegion, provide_ticker, provide_toaster},
    pages::not_found::NotFoundPage,
    session::provide_me,
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{Router, Routes};

/// The root of the page, the same on the server and in the browser.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_me();
    provide_toaster();
    provide_ticker();
    view! {
        <Title formatter=|title: String| {
            if title.is_empty() { "PMS".to_owned() } else { format!("{title} · PMS") }
        } />
        <Router>
            <Routes fallback=NotFoundPage><leptos_router::components::Route path=leptos_router::path!("/nothing") view=NotFoundPage /></Routes>
        </Router>
        <ToastRegion />
    }
}
