//! A word or a number in a small frame.

use super::{icon::Icon, tone::Tone};
use leptos::prelude::*;

/// A state in one or two words.
#[component]
pub fn Badge(
    #[prop(optional)] tone: Tone,
    #[prop(optional)] icon: Option<Icon>,
    children: Children,
) -> impl IntoView {
    view! {
        <span class="badge" data-tone=tone.as_str()>
            {icon.map(|icon| view! { <Icon icon/> })}
            {children()}
        </span>
    }
}

/// How many there are, beside a name. Nothing when there are none.
#[component]
pub fn CountBadge(
    #[prop(into)] count: Signal<i64>,
    /// What is counted, for readers: "unread".
    #[prop(into)]
    of: String,
) -> impl IntoView {
    let of = StoredValue::new(of);
    view! {
        <Show when=move || { count.get() > 0 }>
            <span class="count">
                {move || short(count.get())}
                <span class="visually-hidden">" " {of.get_value()}</span>
            </span>
        </Show>
    }
}

fn short(count: i64) -> String {
    if count > 999 { "999+".into() } else { count.to_string() }
}
