//! How much in one's inbox is not read, wherever it is shown. It comes with the page and follows what happens.

use super::{ask_again::ask_again, live::follow_inbox};
use crate::{api::notification::count_unread, session::use_me};
use leptos::prelude::*;

/// The number.
#[derive(Clone, Copy)]
pub struct InboxCount {
    count: RwSignal<i64>,
    refetch: Callback<()>,
}

impl InboxCount {
    /// As it is now, up to 100.
    pub fn get(self) -> Signal<i64> {
        self.count.into()
    }

    /// Asks the server again: after something was read.
    pub fn refetch(self) {
        self.refetch.run(());
    }
}

/// Makes [`use_inbox_count`] answer.
pub fn provide_inbox_count() {
    let me = use_me();
    let signed_in = me.is_some();
    let count = RwSignal::new(me.map(|me| me.unread.unread).unwrap_or_default());
    let ask = ask_again(count_unread, move |now| count.set(now.unread));
    let refetch = Callback::new(move |()| {
        if signed_in {
            ask.run(());
        }
    });
    follow_inbox(move || refetch.run(()));
    provide_context(InboxCount { count, refetch });
}

/// The number of the page; none where no page is.
pub fn use_inbox_count() -> InboxCount {
    use_context().unwrap_or_else(|| InboxCount { count: RwSignal::new(0), refetch: Callback::new(|()| {}) })
}
