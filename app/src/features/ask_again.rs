//! Asking the server again for what a page shows already.

use crate::AppError;
use leptos::{prelude::*, task::spawn_local};

/// A way to ask again. `take` gets the answer to the newest question, while the part of the page that makes this is
/// there; what can't be had leaves the last answer standing.
pub fn ask_again<T, F>(
    ask: impl Fn() -> F + Send + Sync + 'static,
    take: impl Fn(T) + Clone + Send + Sync + 'static,
) -> Callback<()>
where
    T: 'static,
    F: Future<Output = Result<T, AppError>> + 'static,
{
    let questions = StoredValue::new(0_u32);
    Callback::new(move |()| {
        if questions.try_update_value(|times| *times = times.wrapping_add(1)).is_none() {
            return;
        }
        let this = questions.get_value();
        let (answer, take) = (ask(), take.clone());
        spawn_local(async move {
            if let Ok(found) = answer.await
                && questions.try_get_value() == Some(this)
            {
                take(found);
            }
        });
    })
}
