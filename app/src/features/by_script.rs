//! What only script does with elements of the page: bring the focus somewhere, send a form, press a button.

use leptos::{
    html,
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{HtmlElement, HtmlFormElement, HtmlInputElement, js_sys::Reflect},
};

/// Brings the focus to the element of that id when the component that calls this is shown.
pub fn focus_when_shown(id: impl Into<String>) {
    let selector = format!("#{}", id.into());
    Effect::new(move |_| {
        let selector = selector.clone();
        request_animation_frame(move || {
            focus(&selector);
        });
    });
}

/// Brings the focus to what the selector finds, at once: what is typed next goes there. Whether it is there.
pub fn focus(selector: &str) -> bool {
    let Some(element) = find(selector) else { return false };
    // Fails only when the element has left the page.
    drop(element.focus());
    true
}

/// Presses what the selector finds, as a click would; whether it is there and can be pressed.
pub fn press(selector: &str) -> bool {
    let Some(element) = find(selector).filter(|element| !element.has_attribute("disabled")) else {
        return false;
    };
    element.click();
    true
}

/// Only in the browser: sends the form of that id, once what was set before this call has reached its fields.
pub fn send_soon(id: impl Into<String>) {
    let id = id.into();
    request_animation_frame(move || send(&id));
}

/// Sends the form of that id, unless a field of it is still being filled in.
pub fn send(id: &str) {
    let form = find(&format!("#{id}")).and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    if let Some(form) = form.filter(HtmlFormElement::check_validity) {
        // Fails when a field is wrong, which was just asked.
        drop(form.request_submit());
    }
}

/// Keeps the control of that id equal to `value` where others change it. What is typed before the page is alive stays,
/// and so does what is not saved yet.
pub fn follow(id: impl Into<String>, value: Signal<String>) {
    let id = id.into();
    Effect::new(move |before: Option<String>| {
        let now = value.get();
        if before.is_some_and(|before| before != now)
            && let Some(control) = find(&format!("#{id}"))
        {
            // Every control has a value.
            drop(Reflect::set(&control, &"value".into(), &JsValue::from_str(&now)));
        }
        now
    });
}

/// Ticks the boxes within the element of that id whose values are given, and unticks the others.
pub fn tick_only(id: &str, values: &[String]) {
    let Ok(boxes) = document().query_selector_all(&format!("#{id} input[type=checkbox]")) else { return };
    for at in 0..boxes.length() {
        if let Some(one) = boxes.item(at).and_then(|one| one.dyn_into::<HtmlInputElement>().ok()) {
            one.set_checked(values.contains(&one.value()));
        }
    }
}

/// Empties the line that was sent, but for what was typed since.
pub fn empty_sent(field: NodeRef<html::Input>, sent: &str) {
    if let Some(field) = field.get_untracked() {
        let typed = field.value();
        field.set_value(typed.trim_start().strip_prefix(sent).unwrap_or_default().trim_start());
    }
}

/// The first element that the selector finds.
pub fn find(selector: &str) -> Option<HtmlElement> {
    document().query_selector(selector).ok().flatten()?.dyn_into().ok()
}
