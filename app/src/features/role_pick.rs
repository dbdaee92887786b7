//! Another role for someone who has one: choosing is saving.

use crate::components::{Choice, Select};
use domain::{ids::RoleId, role::Role};
use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys::HtmlSelectElement};

/// Not written into the view: there, Leptos makes an attribute of it.
const CHANGE: &str =
    r#"<button class="button" data-variant="secondary" data-size="small" type="submit">Change</button>"#;

/// Stands in the form that sends it as `role_id`. Without script, a button beside it sends the form.
#[component]
pub fn RolePick(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    /// Whose role.
    #[prop(into)]
    label: String,
    /// The roles to choose from; the current one is added where it is missing.
    roles: Vec<Role>,
    /// The role that they have.
    current: (RoleId, String),
    /// Whether the last change was refused: then the current one stands here again.
    #[prop(into)]
    refused: Signal<bool>,
) -> impl IntoView {
    let choices = choices(roles, &current);
    let value = current.0.to_string();
    let back = value.clone();
    let select_id = id.clone();
    Effect::new(move |_| {
        if refused.get()
            && let Some(select) = find(&select_id)
        {
            select.set_value(&back);
        }
    });
    let select_id = id.clone();
    let send = move |_: String| {
        if let Some(form) = find(&select_id).and_then(|select| select.form()) {
            // Fails when a field is wrong, and a list has none.
            drop(form.request_submit());
        }
    };
    view! {
        <Select id name="role_id" label hide_label=true choices value on_change=send/>
        // As text: a browser with script reads what is in here as text too, so there is nothing to take over.
        <noscript inner_html=CHANGE></noscript>
    }
}

fn choices(roles: Vec<Role>, (id, name): &(RoleId, String)) -> Vec<Choice> {
    let known = roles.iter().any(|role| role.id == *id);
    let current = (!known).then(|| Choice::new(id.to_string(), name.clone()));
    current
        .into_iter()
        .chain(roles.into_iter().map(|role| Choice::new(role.id.to_string(), role.name)))
        .collect()
}

fn find(id: &str) -> Option<HtmlSelectElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
