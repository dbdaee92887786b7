//! What happened to the task, newest first.

use crate::{
    api::activity::task_activity,
    components::LinkButton,
    components::{ButtonSize, ButtonVariant, Feed},
    features::{
        activity_feed::{ActivityItem, FeedScope},
        ask_again::ask_again,
        more_rows::{MoreButton, MoreRows},
        open_task::OpenTask,
        query::address,
    },
    paths,
};
use domain::{activity::Activity, page::Paged};
use leptos::prelude::*;

/// Rows that come at once.
const ROWS: i64 = 20;

/// The rows that came with the page, kept up with what is done on it.
#[component]
pub fn History(
    task: OpenTask,
    first: Paged<Activity>,
    /// Whether `first` is older rows, asked for by address.
    older: bool,
) -> impl IntoView {
    let id = task.id();
    let rows = MoreRows::new(first, move |cursor| task_activity(id, Some(cursor), Some(ROWS)));
    if !older {
        keep_up(task, rows);
    }
    let page = paths::task(&task.key());
    let newest = older.then(|| {
        let href = format!("{page}#history");
        view! {
            <LinkButton href variant=ButtonVariant::Quiet size=ButtonSize::Small>"Back to the newest"</LinkButton>
        }
    });
    let href = move |cursor: String| format!("{}#history", address(&page, &[("history", &cursor)]));
    view! {
        <section class="task-section" id="history" aria-labelledby="history-title">
            <div class="task-section-head">
                <h2 class="task-section-title" id="history-title">"History"</h2>
                {newest}
            </div>
            <Feed label="History">
                <For each=move || rows.get() key=|row| row.id let:activity>
                    <ActivityItem activity scope=FeedScope::Task/>
                </For>
            </Feed>
            <div class="more-rows"><MoreButton rows href label="Show older changes"/></div>
        </section>
    }
}

/// Asks again after each write; what cannot be had comes with the next.
fn keep_up(task: OpenTask, rows: MoreRows<Activity>) {
    let id = task.id();
    let again = ask_again(
        move || task_activity(id, None, Some(ROWS)),
        move |first| rows.meet(first, |a, b| a.id == b.id),
    );
    Effect::new(move |before: Option<u32>| {
        let now = task.track_touched();
        if before.is_some_and(|before| before != now) {
            again.run(());
        }
        now
    });
}
