//! Everything that happened in a project.

use crate::{
    api::activity::project_activity,
    components::{AsyncPanel, Pagination, SkeletonLines},
    features::{
        activity_feed::{ActivityFeed, FeedScope},
        live::{follow, in_project},
        project_page::{OpenProject, ProjectPage},
        query::address,
        use_query::use_query,
    },
    paths,
};
use domain::{activity::Activity, page::Paged};
use leptos::prelude::*;

/// The history, newest first, a page at a time.
#[component]
pub fn ProjectActivityPage() -> impl IntoView {
    let query = use_query();
    let cursor = Memo::new(move |_| query.with(|query| query.get("cursor").unwrap_or_default()));
    view! {
        <ProjectPage title="Activity" let:project>
            <div class="page page-narrow"><History project cursor/></div>
        </ProjectPage>
    }
}

#[component]
fn History(project: OpenProject, cursor: Memo<String>) -> impl IntoView {
    let history = Resource::new(
        move || (project.id(), cursor.get()),
        |(id, cursor)| project_activity(id, Some(cursor), None),
    );
    // Older pages stay as they are read.
    follow(in_project(project.id()), move || {
        if cursor.get_untracked().is_empty() {
            history.refetch();
        }
    });
    view! {
        <AsyncPanel resource=history loading=|| view! { <SkeletonLines count=12/> } let:history>
            {page(history, &paths::activity(&project.key()), &cursor.get_untracked())}
        </AsyncPanel>
    }
}

fn page(history: Paged<Activity>, path: &str, cursor: &str) -> impl IntoView + use<> {
    let first = (!cursor.is_empty()).then(|| path.to_owned());
    let next = history.next.as_deref().map(|cursor| address(path, &[("cursor", cursor)]));
    let summary = match (history.items.len(), &first, &next) {
        (1, None, None) => "1 change".to_owned(),
        (many, None, None) => format!("{many} changes"),
        (many, None, Some(_)) => format!("The latest {many} changes"),
        (many, Some(_), _) => format!("{many} earlier changes"),
    };
    view! {
        <ActivityFeed label="Activity" items=history.items scope=FeedScope::Project/>
        <Pagination summary first next forward_only=true/>
    }
}
