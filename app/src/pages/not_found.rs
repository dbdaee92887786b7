//! The page for addresses that lead nowhere.

use crate::features::not_found::NotFound;
use leptos::prelude::*;

/// Says that there is nothing here.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! { <NotFound/> }
}
