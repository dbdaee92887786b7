//! What stands around every page: the side bar, the place of the page itself, the tab bar of phones, the command
//! palette and the keys.

use super::{
    commands::Commands,
    connection::ConnectionState,
    inbox_count::{provide_inbox_count, use_inbox_count},
    project_links::provide_project_links,
    shortcuts::{Shortcuts, provide_overlays},
    sidebar::{SIDEBAR, Sidebar},
};
use crate::{
    components::{CountBadge, DrawerButton, Icon},
    paths,
    session::use_me,
};
use leptos::{html, prelude::*};
use leptos_router::{components::A, hooks::use_location};

/// The frame. Its children are the routes; pages bring their header and content, the `<main>` is here.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    provide_overlays();
    provide_project_links();
    provide_inbox_count();
    let path = use_location().pathname;
    let signed_in = use_me().is_some();
    let framed = Memo::new(move |_| signed_in && !stands_alone(&path.get()));
    let main = NodeRef::<html::Main>::new();
    focus_new_pages(path, main);
    view! {
        // `external`, so that the browser itself follows it and moves the focus.
        <a class="skip-link" href="#main" rel="external">"Skip to content"</a>
        <div class:shell=move || framed.get()>
            <Show when=move || framed.get()><Sidebar/></Show>
            <div class:shell-page=move || framed.get()>
                <main
                    id="main"
                    class=move || if framed.get() { "shell-main" } else { "sign-in" }
                    tabindex="-1"
                    node_ref=main
                >
                    {children()}
                </main>
                <Show when=move || framed.get()><AlertStrip/></Show>
            </div>
            <Show when=move || framed.get()><TabBar/></Show>
        </div>
        <Show when=move || framed.get()>
            <ConnectionState/>
            <Commands/>
            <Shortcuts/>
        </Show>
    }
}

/// The place where `public/alerts/` says what rings, or what this browser lacks to ring. Empty, it takes no room; it
/// stands at the foot of the window, so that nothing moves when it is filled.
#[component]
fn AlertStrip() -> impl IntoView {
    view! { <section class="alert-strip" id="alert-strip" aria-label="Urgent alerts"></section> }
}

/// The five places that a thumb reaches, and the rest behind "Menu". Phones only, by style.
#[component]
fn TabBar() -> impl IntoView {
    view! {
        <nav class="tabbar" aria-label="Shortcuts">
            <Tab href=paths::HOME icon=Icon::Home label="Home" exact=true/>
            <InboxTab/>
            <Tab href=paths::PROJECTS icon=Icon::Projects label="Projects"/>
            <Tab href=paths::SEARCH icon=Icon::Search label="Search"/>
            <DrawerButton target=SIDEBAR label="Menu"/>
        </nav>
    }
}

/// The inbox, with a mark while something in it is not read.
#[component]
fn InboxTab() -> impl IntoView {
    let unread = use_inbox_count();
    view! {
        <A href=paths::INBOX attr:class="tabbar-item">
            <Icon icon=Icon::Bell/>
            <span class="tabbar-label">"Inbox"</span>
            <CountBadge count=unread.get() of="unread"/>
        </A>
    }
}

#[component]
fn Tab(href: &'static str, icon: Icon, label: &'static str, #[prop(optional)] exact: bool) -> impl IntoView {
    view! {
        <A href exact attr:class="tabbar-item">
            <Icon icon/>
            <span class="tabbar-label">{label}</span>
        </A>
    }
}

/// Pages for those who are not in yet have the window to themselves.
fn stands_alone(path: &str) -> bool {
    [paths::SIGN_IN, paths::SET_UP].contains(&path.trim_end_matches('/'))
}

/// A new page starts at its beginning for keyboards and readers too, as it would without script.
fn focus_new_pages(path: Memo<String>, main: NodeRef<html::Main>) {
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now)
            && let Some(main) = main.get_untracked()
        {
            request_animation_frame(move || {
                if !in_dialog() {
                    // Fails only when the element has left the page.
                    drop(main.focus());
                }
            });
        }
        now
    });
}

/// A page that opens a dialog or focuses its first field has chosen already.
fn in_dialog() -> bool {
    document()
        .active_element()
        .is_some_and(|element| element.matches("dialog *, input, textarea, select").unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_pages_before_signing_in_stand_alone() {
        assert!(stands_alone("/sign-in"));
        assert!(stands_alone("/set-up/"));
        assert!(!stands_alone("/"));
        assert!(!stands_alone("/sign-in-help"));
    }
}
