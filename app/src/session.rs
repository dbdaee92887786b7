//! Who is signed in, as every page knows it from its first rendering on.

use domain::{permission::Permission, session::Me};
use leptos::prelude::*;

#[derive(Clone)]
struct SignedIn(StoredValue<Option<Me>>);

/// Makes [`use_me`] answer. The server takes it from the request and sends it along with the page; a sign-in or
/// sign-out loads a whole page, so it never changes while a page lives.
pub fn provide_me() {
    let shared = SharedValue::new(|| {
        #[cfg(feature = "ssr")]
        {
            crate::ssr::request().ok().and_then(|request| request.me)
        }
        #[cfg(not(feature = "ssr"))]
        {
            None::<Me>
        }
    });
    provide_context(SignedIn(StoredValue::new(shared.into_inner())));
}

/// Who is signed in.
pub fn use_me() -> Option<Me> {
    use_context::<SignedIn>().and_then(|signed_in| signed_in.0.get_value())
}

/// Whether dependencies between tasks are turned on.
pub fn has_dependencies() -> bool {
    use_me().is_some_and(|me| me.dependencies)
}

/// Whether the signed-in person's workspace role allows it: for offering controls only, the service decides.
pub fn may(permission: Permission) -> bool {
    use_context::<SignedIn>().is_some_and(|signed_in| {
        signed_in.0.with_value(|me| me.as_ref().is_some_and(|me| me.permissions.contains(permission)))
    })
}
