//! That a task is blocked: by what, and since when.

use super::{icon::Icon, relative_time::RelativeTime};
use domain::{Timestamp, dependency::keys_text, task::TaskSummary};
use leptos::prelude::*;

/// What a badge says of a blocked task.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct BlockedBy {
    /// What it waits for: “WEB-1, OPS-2 and 3 more”.
    pub keys: String,
    /// Since when.
    pub since: Timestamp,
}

impl BlockedBy {
    /// Of a task that is blocked.
    pub fn of(task: &TaskSummary) -> Option<Self> {
        let keys: Vec<_> = task.blockers.iter().map(String::as_str).collect();
        Some(Self { keys: keys_text(&keys, task.blocker_count), since: task.blocked_since? })
    }
}

/// “Blocked by WEB-1 since yesterday”.
#[component]
pub fn BlockedBadge(by: BlockedBy) -> impl IntoView {
    view! {
        <span class="badge blocked-badge" data-tone="danger">
            <Icon icon=Icon::Ban/>
            <span class="blocked-badge-text">
                "Blocked by " {by.keys} <span class="blocked-badge-since">" since " <RelativeTime at=by.since/></span>
            </span>
        </span>
    }
}
