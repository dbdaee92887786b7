//! The side bar: where one can go, one's projects, oneself.

use super::{
    account_menu::AccountMenu, inbox_count::use_inbox_count, project_links::ProjectLinks,
    shortcuts::use_overlays, theme_choice::ThemeChoice,
};
use crate::{
    components::{CountBadge, Drawer, Icon, Kbd},
    paths,
    session::may,
};
use domain::permission::Permission;
use leptos::prelude::*;
use leptos_router::components::A;

/// Names the side bar for the button that opens it on phones.
pub const SIDEBAR: &str = "sidebar";

/// The side bar.
#[component]
pub fn Sidebar() -> impl IntoView {
    view! {
        <Drawer id=SIDEBAR label="Main">
            <Brand/>
            <SearchLink/>
            <ul class="nav-list">
                <Place href=paths::HOME icon=Icon::Home text="Home" exact=true/>
                <InboxLink/>
                <Place href=paths::PROJECTS icon=Icon::Projects text="Projects" exact=true/>
                <Place href=paths::URGENT icon=Icon::Urgent text="Urgent"/>
            </ul>
            <Workspace/>
            // Last, because it grows when its projects have come.
            <ProjectLinks/>
            <div class="shell-foot">
                <AccountMenu/>
                <ThemeChoice/>
            </div>
        </Drawer>
    }
}

#[component]
fn Brand() -> impl IntoView {
    view! {
        <A href=paths::HOME attr:class="shell-brand">
            <Mark/>
            "PMS"
        </A>
    }
}

/// The sign of the product.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
            <use href="/icon.svg#mark"></use>
        </svg>
    }
}

/// Opens the palette; without script, the search page.
#[component]
fn SearchLink() -> impl IntoView {
    let overlays = use_overlays();
    view! {
        <a
            class="shell-search"
            href=paths::SEARCH
            on:click=move |event| {
                if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
                    event.prevent_default();
                    overlays.palette.set(true);
                }
            }
        >
            <Icon icon=Icon::Search/>
            <span>"Search"</span>
            <Kbd keys="Ctrl K"/>
        </a>
    }
}

#[component]
fn Workspace() -> impl IntoView {
    view! {
        <div class="nav-section">
            <h2 class="nav-heading">"Workspace"</h2>
            <ul class="nav-list">
                {may(Permission::UserView)
                    .then(|| view! { <Place href=paths::PEOPLE icon=Icon::Users text="People"/> })}
                <Place href=paths::ANNOUNCEMENTS icon=Icon::Flag text="Announcements"/>
                {may(Permission::TeamView)
                    .then(|| view! { <Place href=paths::TEAMS icon=Icon::User text="Teams"/> })}
                <Place href=paths::ROLES icon=Icon::Shield text="Roles"/>
                {may(Permission::AuditView)
                    .then(|| view! { <Place href=paths::AUDIT icon=Icon::History text="Audit log"/> })}
            </ul>
        </div>
    }
}

/// The inbox, and how much in it is not read.
#[component]
fn InboxLink() -> impl IntoView {
    let unread = use_inbox_count();
    view! {
        <li>
            <A href=paths::INBOX attr:class="nav-item">
                <Icon icon=Icon::Bell/>
                <span class="nav-text">"Inbox"</span>
                <CountBadge count=unread.get() of="unread"/>
            </A>
        </li>
    }
}

#[component]
fn Place(href: &'static str, icon: Icon, text: &'static str, #[prop(optional)] exact: bool) -> impl IntoView {
    view! {
        <li>
            <A href exact attr:class="nav-item">
                <Icon icon/>
                <span class="nav-text">{text}</span>
            </A>
        </li>
    }
}
