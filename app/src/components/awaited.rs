//! What is drawn once a future is there. Every part of a page that waits is drawn through here.

use leptos::prelude::*;
use std::future::Future;

/// Shows `loading` until `content` gives a view; when anything that it reads changes, it is asked again, and the old
/// view stays until the new one is there.
///
/// In the browser that is a [`Transition`]. On the server it must not be: a `Transition` calls what is in it several
/// times to find out what it waits for, so that resources made in there are loaded more than once, and how often
/// depends on how fast they are. Then the browser takes up the page with the ids of others.
pub fn awaited<V, W>(loading: ViewFnOnce, content: impl Fn() -> W + Send + 'static) -> AnyView
where
    V: IntoView + Send + 'static,
    W: Future<Output = V> + Send + 'static,
{
    here::draw(loading, content)
}

#[cfg(feature = "ssr")]
mod here {
    use leptos::{prelude::*, tachys::reactive_graph::OwnedView};
    use std::{
        future::{Future, poll_fn},
        task::Poll,
    };

    pub fn draw<V, W>(_: ViewFnOnce, content: impl Fn() -> W + Send + 'static) -> AnyView
    where
        V: IntoView + Send + 'static,
        W: Future<Output = V> + Send + 'static,
    {
        // The browser's `Transition` has an id of its own; those that follow must be the same on both sides.
        if let Some(shared) = Owner::current_shared_context() {
            shared.next_id();
        }
        let owner = Owner::new();
        let inside = owner.clone();
        let view = owner.with(|| {
            let content = content();
            Suspend::new(async move {
                wait_for_its_turn().await;
                OwnedView::new_with_owner(content.await, inside)
            })
        });
        OwnedView::new_with_owner(view, owner).into_any()
    }

    /// What is pending is drawn from the page's top to its end; what is ready would be drawn at once, and its resources
    /// would get the ids that the browser gives to those above.
    async fn wait_for_its_turn() {
        let mut asked = false;
        poll_fn(|context| {
            if asked {
                return Poll::Ready(());
            }
            asked = true;
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }
}

#[cfg(not(feature = "ssr"))]
mod here {
    use leptos::prelude::*;
    use std::future::Future;

    pub fn draw<V, W>(loading: ViewFnOnce, content: impl Fn() -> W + Send + 'static) -> AnyView
    where
        V: IntoView + Send + 'static,
        W: Future<Output = V> + Send + 'static,
    {
        view! { <Transition fallback=loading>{move || Suspend::new(content())}</Transition> }.into_any()
    }
}
