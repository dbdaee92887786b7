//! Says when the page no longer hears of changes.

use super::live::{Connection, Live, on_live};
use crate::components::Icon;
use leptos::prelude::*;

/// A strip at the edge of the window, as long as there is something to say.
#[component]
pub fn ConnectionState() -> impl IntoView {
    let connection = RwSignal::new(Connection::Connecting);
    on_live(move |live| {
        if let Live::State { state } = live {
            connection.set(*state);
        }
    });
    let words = move || {
        match connection.get() {
        Connection::Live | Connection::Connecting => None,
        Connection::Lost => Some(
            view! { <Icon icon=Icon::Alert/> "The connection is lost: what you see may be old. PMS goes on trying." }
                .into_any(),
        ),
        Connection::SignedOut => Some(
            view! {
                <Icon icon=Icon::User/>
                "You are not signed in any more. "
                // By the browser: the server asks to sign in, and leads back.
                <a href="" rel="external">"Sign in"</a>
            }
            .into_any(),
        ),
    }
    };
    view! {
        <div class="connection" role="status">
            {move || words().map(|words| view! { <p class="connection-words">{words}</p> })}
        </div>
    }
}
