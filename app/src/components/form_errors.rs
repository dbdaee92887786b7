//! What is wrong with a form, above it, with a link to each field.

use super::icon::Icon;
use domain::FieldError;
use leptos::prelude::*;

/// Empty until there is something to say; then it is read out at once.
///
/// `message` is the whole refusal; `fields` adds one link for each wrong field, to the control of that id.
#[component]
pub fn FormErrors(
    #[prop(into)] message: MaybeProp<String>,
    #[prop(optional, into)] fields: Signal<Vec<FieldError>>,
    /// Put before each field's name to get its control's id.
    #[prop(default = "")]
    prefix: &'static str,
) -> impl IntoView {
    let links = move || {
        fields
            .get()
            .into_iter()
            .map(|wrong| {
                let href = format!("#{prefix}{}", wrong.field);
                view! { <li><a href=href rel="external">{wrong.message}</a></li> }
            })
            .collect_view()
    };
    let body = move || {
        let text = message.get()?;
        Some(if fields.with(Vec::is_empty) {
            view! { <p>{text}</p> }.into_any()
        } else {
            view! {
                <p class="notice-title">"Please look at these fields again"</p>
                <ul>{links}</ul>
            }
            .into_any()
        })
    };
    view! {
        <div class="form-errors" role="alert">
            {move || {
                body().map(|body| view! {
                    <div class="notice" data-tone="danger">
                        <Icon icon=Icon::Alert/>
                        <div class="notice-body">{body}</div>
                    </div>
                })
            }}
        </div>
    }
}
