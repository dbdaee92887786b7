//! That a project is urgent.

use super::{badge::Badge, icon::Icon, tone::Tone};
use leptos::prelude::*;

/// “Urgent”, with its sign. Nothing while it is not.
#[component]
pub fn UrgentBadge(#[prop(into)] urgent: Signal<bool>) -> impl IntoView {
    move || urgent.get().then(|| view! { <Badge tone=Tone::Danger icon=Icon::Urgent>"Urgent"</Badge> })
}
