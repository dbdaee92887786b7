//! What everybody, one's teams and one's projects were told.

use crate::{
    api::announcement::list_announcements,
    components::{
        AsyncPanel, Badge, ButtonVariant, EmptyState, Icon, LinkButton, Markdown, PageHeader, Pagination,
        RelativeTime, SkeletonRows,
    },
    features::query::address,
    paths,
};
use domain::{announcement::Announcement, page::Paged};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// Newest first, a page at a time.
#[component]
pub fn AnnouncementsPage() -> impl IntoView {
    let query = use_query_map();
    let cursor = Memo::new(move |_| query.with(|query| query.get("cursor").unwrap_or_default()));
    let rows = Resource::new(move || cursor.get(), list_announcements);
    view! {
        <Title text="Announcements"/>
        <PageHeader
            title="Announcements"
            text="To everybody, to your teams and to your projects."
            actions=|| view! {
                <LinkButton href=paths::NEW_ANNOUNCEMENT variant=ButtonVariant::Primary icon=Icon::Plus>"Announce"</LinkButton>
            }
        />
        <div class="page page-narrow">
            <AsyncPanel
                resource=rows
                loading=|| view! { <SkeletonRows count=6/> }
                is_empty=|rows| rows.items.is_empty()
                empty=|| view! {
                    <EmptyState
                        icon=Icon::Flag
                        title="Nothing was announced yet"
                        text="Who runs the workspace can tell everybody or a team, who runs a project can tell its people. Each of them finds it in their inbox."
                    />
                }
                let:rows
            >
                {list_of(rows, &cursor.get_untracked())}
            </AsyncPanel>
        </div>
    }
}

fn list_of(rows: Paged<Announcement>, cursor: &str) -> impl IntoView + use<> {
    let first = (!cursor.is_empty()).then(|| paths::ANNOUNCEMENTS.to_owned());
    let next = rows.next.as_deref().map(|next| address(paths::ANNOUNCEMENTS, &[("cursor", next)]));
    let summary = format!("{} announcements, newest first", rows.items.len());
    view! {
        {rows.items.into_iter().map(row).collect_view()}
        <Pagination summary first next forward_only=true/>
    }
}

fn row(it: Announcement) -> impl IntoView {
    let author = it.author.as_ref().map_or_else(|| "PMS".to_owned(), |author| author.display_name.clone());
    let to = it.audience_name().to_owned();
    view! {
        <article class="announcement">
            <h2><a class="link-plain" href=paths::announcement(it.id)>{it.title}</a></h2>
            <p class="muted">{author} " to " {to} " · " <RelativeTime at=it.created_at/></p>
            {it.acknowledge.then(|| view! { <Badge>{format!("{} of {} have acknowledged", it.acknowledged_count, it.told_count)}</Badge> })}
            <Markdown html=it.body_html/>
        </article>
    }
}
