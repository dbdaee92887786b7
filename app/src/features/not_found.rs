//! What stands where nothing is: at an address that leads nowhere, or to a thing that is gone or hidden.

use crate::{
    components::{EmptyState, Icon, LinkButton},
    paths,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// Says that there is nothing here, without telling whether there is something for others; with status 404.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::ssr::set_status(http::StatusCode::NOT_FOUND);
    view! {
        <Title text="Not found" />
        <div class="page">
            <EmptyState
                icon=Icon::Search
                title="There is nothing here"
                text="The address is wrong, the thing was deleted, or you do not have access to it."
                whole_page=true
            >
                <LinkButton href=paths::HOME>"Go home"</LinkButton>
            </EmptyState>
        </div>
    }
}
