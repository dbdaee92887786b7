//! The thing that a page is about: there, not there, or not to be had right now.

use super::not_found::NotFound;
use crate::{
    AppError,
    components::{LoadError, awaited},
};
use leptos::{either::EitherOf3, prelude::*};
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// Shows the thing; what is missing, or hidden from this person, is a page of its own with status 404.
#[component]
pub fn Entity<T, V, F>(
    /// Made with `Resource::new_blocking`, so that the status is known before the page is sent.
    resource: Resource<Result<T, AppError>>,
    #[prop(into)] loading: ViewFnOnce,
    children: F,
) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Fn(T) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let children = Arc::new(children);
    awaited(loading, move || {
        let children = Arc::clone(&children);
        async move {
            match resource.await {
                Ok(data) => EitherOf3::A(children(data)),
                Err(error) if error.is_not_found() => EitherOf3::B(view! { <NotFound/> }),
                Err(error) => {
                    let retry = Callback::new(move |()| resource.refetch());
                    EitherOf3::C(view! {
                        <div class="page"><LoadError error retry/></div>
                    })
                }
            }
        }
    })
}
