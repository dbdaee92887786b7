//! A button that opens a short list of acts. A native popover: it opens, closes and gives focus back without script.

use super::{
    button::{ButtonSize, ButtonVariant},
    icon::Icon,
};
use leptos::{
    ev::{Event, KeyboardEvent, MouseEvent},
    html,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys,
};

const STOPS: &str = "a[href], button:not(:disabled)";

/// The button and its panel. Arrows, Home and End move between the items; Esc or a press outside closes.
#[component]
pub fn Menu(
    #[prop(into)] id: String,
    /// What the button is for: "More actions for WEB-12".
    #[prop(into)]
    label: String,
    #[prop(default = Icon::More)] icon: Icon,
    #[prop(default = ButtonVariant::Quiet)] variant: ButtonVariant,
    #[prop(optional)] size: ButtonSize,
    /// Shows the label in the button, with a chevron.
    #[prop(optional)]
    show_label: bool,
    /// What the button shows instead of icon and label.
    #[prop(optional, into)]
    trigger: Option<ViewFnOnce>,
    children: Children,
) -> impl IntoView {
    let class = match (&trigger, show_label) {
        (Some(_), _) => "menu-trigger",
        (None, true) => "button",
        (None, false) => "button button-icon",
    };
    // A trigger of its own speaks for itself.
    let hidden_label = (trigger.is_none() && !show_label).then(|| label.clone());
    let content = match trigger {
        Some(trigger) => trigger.run(),
        None if show_label => view! { {label} <Icon icon=Icon::ChevronDown/> }.into_any(),
        None => view! { <Icon icon/> }.into_any(),
    };
    view! {
        <span class="menu">
            <button
                class=class
                type="button"
                popovertarget=id.clone()
                data-variant=variant.as_str()
                data-size=size.as_str()
                aria-label=hidden_label.clone()
                title=hidden_label
            >
                {content}
            </button>
            <MenuPanel id>{children()}</MenuPanel>
        </span>
    }
}

/// An act of a menu. `on:click` lands on the button; `kind="submit"` inside a form posts it.
#[component]
pub fn MenuItem(
    #[prop(optional)] icon: Option<Icon>,
    /// `button` or `submit`.
    #[prop(default = "button")]
    kind: &'static str,
    /// Colours it as destructive.
    #[prop(optional)]
    danger: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            class="menu-item"
            type=kind
            data-tone=danger.then_some("danger")
            disabled=move || disabled.get()
        >
            {icon.map(|icon| view! { <Icon icon/> })}
            <span class="menu-item-text">{children()}</span>
        </button>
    }
}

/// A place in a menu.
#[component]
pub fn MenuLink(
    #[prop(into)] href: String,
    #[prop(optional)] icon: Option<Icon>,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="menu-item" href=href>
            {icon.map(|icon| view! { <Icon icon/> })}
            <span class="menu-item-text">{children()}</span>
        </a>
    }
}

/// Words above a group of items.
#[component]
pub fn MenuHeading(#[prop(into)] text: String) -> impl IntoView {
    view! { <p class="menu-heading">{text}</p> }
}

/// A line between groups.
#[component]
pub fn MenuSeparator() -> impl IntoView {
    view! { <hr class="menu-separator"/> }
}

#[component]
fn MenuPanel(id: String, children: Children) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let on_toggle = move |_: Event| {
        if let Some(panel) = node.get()
            && panel.matches(":popover-open").unwrap_or(false)
        {
            focus(&panel, 0);
        }
    };
    let on_keydown = move |event: KeyboardEvent| {
        let Some(panel) = node.get() else { return };
        let (here, count) = position(&panel);
        let Some(next) = next_stop(&event.key(), here, count) else {
            return;
        };
        event.prevent_default();
        focus(&panel, next);
    };
    let on_click = move |event: MouseEvent| {
        if let Some(panel) = node.get()
            && chosen(&event)
        {
            // Fails when it is closed already, which is what we want.
            drop(panel.hide_popover());
        }
    };
    view! {
        <div
            class="menu-panel"
            id=id
            popover="auto"
            node_ref=node
            on:toggle=on_toggle
            on:keydown=on_keydown
            on:click=on_click
        >
            {children()}
        </div>
    }
}

/// Where a key leads in a list of `count` stops; the ends meet.
fn next_stop(key: &str, here: Option<u32>, count: u32) -> Option<u32> {
    if count == 0 {
        return None;
    }
    match key {
        "ArrowDown" => Some(here.map_or(0, |here| (here + 1) % count)),
        "ArrowUp" => Some(here.map_or(count - 1, |here| (here + count - 1) % count)),
        "Home" => Some(0),
        "End" => Some(count - 1),
        _ => None,
    }
}

/// Which stop has the focus, and how many there are.
fn position(panel: &web_sys::HtmlDivElement) -> (Option<u32>, u32) {
    let active = document().active_element();
    let stops = stops(panel);
    let here = stops.iter().position(|stop| Some(stop) == active.as_ref());
    (here.and_then(|here| u32::try_from(here).ok()), u32::try_from(stops.len()).unwrap_or(0))
}

fn focus(panel: &web_sys::HtmlDivElement, index: u32) {
    if let Some(stop) = stops(panel).get(index as usize)
        && let Some(stop) = stop.dyn_ref::<web_sys::HtmlElement>()
    {
        // Fails only when the element has left the page.
        drop(stop.focus());
    }
}

fn stops(panel: &web_sys::HtmlDivElement) -> Vec<web_sys::Element> {
    let found = panel.get_elements_by_class_name("menu-item");
    (0..found.length())
        .filter_map(|index| found.item(index))
        .filter(|element| element.matches(STOPS).unwrap_or(false))
        .collect()
}

fn chosen(event: &MouseEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .and_then(|element| element.closest(".menu-item").ok().flatten())
        .is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arrows_go_round() {
        assert_eq!(next_stop("ArrowDown", None, 3), Some(0));
        assert_eq!(next_stop("ArrowDown", Some(2), 3), Some(0));
        assert_eq!(next_stop("ArrowUp", None, 3), Some(2));
        assert_eq!(next_stop("ArrowUp", Some(0), 3), Some(2));
        assert_eq!(next_stop("End", Some(0), 3), Some(2));
        assert_eq!(next_stop("Home", Some(2), 3), Some(0));
    }

    #[test]
    fn other_keys_and_empty_menus_lead_nowhere() {
        assert_eq!(next_stop("Tab", Some(1), 3), None);
        assert_eq!(next_stop("ArrowDown", None, 0), None);
    }
}
