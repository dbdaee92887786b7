//! A block that tells something about the page.

use super::{icon::Icon, tone::Tone};
use leptos::prelude::*;

/// A notice. `alert` reads it out when it appears.
#[component]
pub fn Notice(
    #[prop(default = Tone::Info)] tone: Tone,
    #[prop(optional, into)] title: Option<String>,
    #[prop(optional)] alert: bool,
    children: Children,
) -> impl IntoView {
    let icon = match tone {
        Tone::Neutral | Tone::Info => Icon::Info,
        Tone::Success => Icon::Done,
        Tone::Warning | Tone::Danger => Icon::Alert,
    };
    view! {
        <div class="notice" data-tone=tone.as_str() role=alert.then_some("alert")>
            <Icon icon/>
            <div class="notice-body">
                {title.map(|title| view! { <p class="notice-title">{title}</p> })}
                {children()}
            </div>
        </div>
    }
}
