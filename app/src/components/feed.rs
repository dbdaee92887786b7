//! What happened, newest or oldest first, with a line between the events.

use super::{icon::Icon, relative_time::RelativeTime};
use domain::Timestamp;
use leptos::prelude::*;

/// A list of [`FeedItem`]s.
#[component]
pub fn Feed(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! { <ol class="feed" aria-label=label>{children()}</ol> }
}

/// One event. The children are the sentence, with `<strong>` around the name of who did it.
#[component]
pub fn FeedItem(icon: Icon, at: Timestamp, children: Children) -> impl IntoView {
    view! {
        <li class="feed-item">
            <span class="feed-icon"><Icon icon/></span>
            <div class="feed-text">
                {children()}
                " "
                <RelativeTime at/>
            </div>
        </li>
    }
}
