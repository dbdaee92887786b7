//! The whole page: providers, the frame, and which page stands at which address.

use crate::{
    components::{ToastRegion, provide_ticker, provide_toaster},
    features::{frame::Frame, theme_choice::provide_theme},
    pages::{not_found::NotFoundPage, set_up::SetUpPage, sign_in::SignInPage},
    session::provide_me,
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

/// The root of the page, the same on the server and in the browser.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_me();
    provide_theme();
    provide_toaster();
    provide_ticker();
    view! {
        <Title formatter=|title: String| {
            if title.is_empty() { "PMS".to_owned() } else { format!("{title} · PMS") }
        } />
        <Router>
            <Frame>
                <FlatRoutes fallback=NotFoundPage>
                    // Before anyone is in.
                    <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                    <Route path=path!("/set-up") view=SetUpPage ssr=SsrMode::Async/>
                </FlatRoutes>
            </Frame>
        </Router>
        <ToastRegion />
    }
}
