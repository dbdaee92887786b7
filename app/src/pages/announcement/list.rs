//! What everybody, one's teams and one's projects were told.

use crate::{
    api::announcement::{Announcements, list_announcements},
    components::{
        AsyncPanel, Badge, ButtonVariant, EmptyState, Icon, LinkButton, Markdown, PageHeader, Pagination,
        RelativeTime, SkeletonRows,
    },
    features::{
        ask_again::ask_again,
        live::{areas, follow},
        query::address,
        use_query::use_query,
    },
    paths,
};
use domain::{announcement::Announcement, page::Paged};
use leptos::prelude::*;
use leptos_meta::Title;

/// Newest first, a page at a time.
#[component]
pub fn AnnouncementsPage() -> impl IntoView {
    let query = use_query();
    let cursor = Memo::new(move |_| query.with(|query| query.get("cursor").unwrap_or_default()));
    let first = Resource::new(move || cursor.get(), list_announcements);
    view! {
        <Title text="Announcements"/>
        <PageHeader title="Announcements" text="To everybody, to your teams and to your projects."/>
        <div class="page page-narrow">
            <AsyncPanel resource=first loading=|| view! { <SkeletonRows count=6/> } let:found>
                <Content found cursor=cursor.get_untracked()/>
            </AsyncPanel>
        </div>
    }
}

#[component]
fn Content(found: Announcements, cursor: String) -> impl IntoView {
    let Announcements { rows, may_announce } = found;
    let now = RwSignal::new(rows);
    let of = cursor.clone();
    let reload =
        ask_again(move || list_announcements(of.clone()), move |found: Announcements| now.set(found.rows));
    follow(areas(["announcement"]), move || reload.run(()));
    let is_empty = Memo::new(move |_| now.with(|now| now.items.is_empty()));
    let announce = may_announce.then(|| {
        view! {
            <div class="form-actions">
                <LinkButton href=paths::NEW_ANNOUNCEMENT variant=ButtonVariant::Primary icon=Icon::Plus>"Announce"</LinkButton>
            </div>
        }
    });
    view! {
        {announce}
        {move || is_empty.get().then(nothing)}
        <For
            each=move || now.with(|now| now.items.clone())
            key=|it| (it.id, it.version, it.told_count, it.acknowledged_count)
            let:it
        >
            {row(it)}
        </For>
        {move || now.with(|now| (!now.items.is_empty() || !cursor.is_empty()).then(|| pages(now, &cursor)))}
    }
}

fn nothing() -> impl IntoView {
    view! {
        <EmptyState
            icon=Icon::Flag
            title="Nothing was announced yet"
            text="Who runs the workspace can tell everybody or a team, who runs a project can tell its people. Each of them finds it in their inbox."
        />
    }
}

fn pages(now: &Paged<Announcement>, cursor: &str) -> impl IntoView + use<> {
    let first = (!cursor.is_empty()).then(|| paths::ANNOUNCEMENTS.to_owned());
    let next = now.next.as_deref().map(|next| address(paths::ANNOUNCEMENTS, &[("cursor", next)]));
    let summary = match now.items.len() {
        1 => "1 announcement".to_owned(),
        count => format!("{count} announcements, newest first"),
    };
    view! { <Pagination summary first next forward_only=true/> }
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
