//! Oneself, at the foot of the side bar: account, keys, sign-out.

use super::shortcuts::use_overlays;
use crate::{
    api::account::SignOut,
    components::{Icon, Menu, MenuItem, MenuLink, MenuSeparator, Person},
    paths,
    session::use_me,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The menu behind one's own name.
#[component]
pub fn AccountMenu() -> impl IntoView {
    let overlays = use_overlays();
    let name = use_me().map(|me| me.user.display_name).unwrap_or_default();
    let shown = name.clone();
    view! {
        <Menu id="account-menu" label=format!("Account of {name}") trigger=move || view! { <Person name=shown/> }>
            <MenuLink href=paths::ACCOUNT icon=Icon::User>"Your account"</MenuLink>
            <MenuItem icon=Icon::Keyboard on:click=move |_| overlays.help.set(true)>"Keyboard shortcuts"</MenuItem>
            <MenuSeparator/>
            // A plain form: signing out loads a whole page, so that nothing of this person stays in it.
            <form method="post" action=SignOut::url()>
                <MenuItem icon=Icon::Logout kind="submit">"Sign out"</MenuItem>
            </form>
        </Menu>
    }
}
