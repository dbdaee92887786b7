//! The one way to show data that is fetched: loading, empty, failed with a way to try again, or there.

use super::{awaited::awaited, icon::Icon, notice::Notice, tone::Tone};
use leptos::{either::EitherOf3, prelude::*};
use serde::{Serialize, de::DeserializeOwned};
use std::{fmt::Display, sync::Arc};

/// Why something could not be loaded.
pub trait LoadFailure: Display {
    /// Whether nobody is signed in any more, so that trying again does not help.
    fn is_signed_out(&self) -> bool;
}

/// Shows `loading` first, then the data; while it is fetched again, the old data stays.
///
/// ```ignore
/// <AsyncPanel resource=tasks loading=|| view! { <SkeletonRows/> }
///     is_empty=Vec::is_empty empty=|| view! { <EmptyState .../> } let:tasks>
///     <TaskRows tasks/>
/// </AsyncPanel>
/// ```
#[component]
pub fn AsyncPanel<T, E, V, F>(
    resource: Resource<Result<T, E>>,
    /// A skeleton of the same height as the data.
    #[prop(into)]
    loading: ViewFnOnce,
    /// Whether there is nothing to show.
    #[prop(optional)]
    is_empty: Option<fn(&T) -> bool>,
    /// Shown instead when `is_empty` says so.
    #[prop(optional, into)]
    empty: ViewFn,
    children: F,
) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    E: LoadFailure + Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Fn(T) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let children = Arc::new(children);
    awaited(loading, move || {
        let children = Arc::clone(&children);
        let empty = empty.clone();
        async move {
            match resource.await {
                Ok(data) if is_empty.is_some_and(|is_empty| is_empty(&data)) => EitherOf3::A(empty.run()),
                Ok(data) => EitherOf3::B(children(data)),
                Err(error) => {
                    let retry = Callback::new(move |()| resource.refetch());
                    EitherOf3::C(view! { <LoadError error retry/> })
                }
            }
        }
    })
}

/// Why something could not be loaded, and a way to try again: without script, the page itself. Who is signed out loads
/// the page too: the server asks them to sign in, and leads them back.
#[component]
pub fn LoadError<E: LoadFailure>(error: E, #[prop(into)] retry: Callback<()>) -> impl IntoView {
    let (message, signed_out) = (error.to_string(), error.is_signed_out());
    let (icon, text) = if signed_out { (Icon::User, "Sign in") } else { (Icon::Restore, "Try again") };
    view! {
        <Notice tone=Tone::Danger title="This could not be loaded" alert=true>
            <p>{message}</p>
            <a
                class="button"
                data-variant="secondary"
                data-size="small"
                href=""
                rel="external"
                on:click=move |event| {
                    if !signed_out {
                        event.prevent_default();
                        retry.run(());
                    }
                }
            >
                <Icon icon/>
                {text}
            </a>
        </Notice>
    }
}
