//! What one is told, and why.

mod group;

use self::group::{Group, tick};
use crate::{
    AppError,
    api::notification::{MarkAllNotifications, MarkNotifications, list_notifications},
    components::{
        AsyncPanel, Button, ButtonSize, EmptyState, FormErrors, Icon, LinkButton, PageHeader, Pagination,
        Segment, Segmented, SkeletonRows, use_toaster,
    },
    features::{
        ask_again::ask_again,
        by_script::focus,
        form_outcome::{FormOutcome, on_success},
        inbox_count::use_inbox_count,
        live::follow_inbox,
        query::address,
        use_query::use_query,
    },
    paths,
};
use domain::{
    ids::NotificationId,
    notification::{Mark, Notification, Shelf, topics},
    page::Paged,
};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;

/// One's notifications: those not read, all in the inbox, or those put away; together by what they are about.
#[component]
pub fn InboxPage() -> impl IntoView {
    let query = use_query();
    let shelf = Memo::new(move |_| {
        query.with(|query| query.get("shelf").and_then(|shelf| Shelf::parse(&shelf)).unwrap_or_default())
    });
    let cursor = Memo::new(move |_| query.with(|query| query.get("cursor").unwrap_or_default()));
    let first = Resource::new(move || (shelf.get(), cursor.get()), |(shelf, cursor)| page_of(shelf, cursor));
    view! {
        <Title text="Inbox"/>
        <PageHeader
            title="Inbox"
            actions=|| view! {
                <LinkButton href=paths::NOTIFICATIONS icon=Icon::Settings size=ButtonSize::Small>"What to tell me"</LinkButton>
            }
        />
        <div class="page">
            <Shelves shelf/>
            <AsyncPanel resource=first loading=|| view! { <SkeletonRows count=8/> } let:found>
                <Content found shelf=shelf.get_untracked() cursor=cursor.get_untracked()/>
            </AsyncPanel>
        </div>
    }
}

async fn page_of(shelf: Shelf, cursor: String) -> Result<Paged<Notification>, AppError> {
    list_notifications(shelf.as_str().into(), cursor).await
}

#[component]
fn Shelves(shelf: Memo<Shelf>) -> impl IntoView {
    let segment = move |this: Shelf, text: &'static str| {
        let current = Signal::derive(move || shelf.get() == this);
        view! { <Segment href=address(paths::INBOX, &[("shelf", this.as_str())]) current>{text}</Segment> }
    };
    view! {
        <Segmented label="Which notifications">
            {segment(Shelf::Inbox, "All")}
            {segment(Shelf::Unread, "Unread")}
            {segment(Shelf::Archived, "Archived")}
        </Segmented>
    }
}

fn nothing(shelf: Shelf) -> AnyView {
    let (title, text) = match shelf {
        Shelf::Unread => ("Nothing unread", "What others do that concerns you shows up here."),
        Shelf::Inbox => (
            "Nothing here",
            "When somebody assigns or mentions you, or comments on what you watch, it shows up here. Your own acts do not.",
        ),
        Shelf::Archived => (
            "Nothing archived",
            "What you archive rests here for 90 days, announcements for as long as they stand.",
        ),
    };
    view! { <EmptyState icon=Icon::Bell title text/> }.into_any()
}

/// Follows what happens: what stays as it is keeps its tick and its open explanation.
#[component]
fn Content(found: Paged<Notification>, shelf: Shelf, cursor: String) -> impl IntoView {
    let now = RwSignal::new(found);
    let of = cursor.clone();
    let reload = ask_again(move || page_of(shelf, of.clone()), move |found| now.set(found));
    follow_inbox(move || reload.run(()));
    let mark = ServerAction::<MarkNotifications>::new();
    // Whose button was pressed.
    let pressed = StoredValue::new(None);
    let count = use_inbox_count();
    let toaster = use_toaster();
    on_success(mark, move |marked| {
        if marked == 0 {
            pressed.set_value(None);
            toaster.error("Nothing changed: what asks you to acknowledge it stays until you do.");
        }
        reload.run(());
        count.refetch();
    });
    let problem = FormOutcome::of(mark, "");
    keep_focus(now, pressed);
    let topics = move || now.with(|now| topics(&now.items));
    let is_empty = Memo::new(move |_| now.with(|now| now.items.is_empty()));
    view! {
        <FormErrors message=problem.message()/>
        {(cursor.is_empty() && shelf != Shelf::Archived).then(|| view! { <MarkAll now reload/> })}
        {move || is_empty.get().then(|| nothing(shelf))}
        <ActionForm action=mark attr:class="inbox" attr:hidden=is_empty>
            <BulkBar shelf/>
            <For each=topics key=|topic| *topic let:topic>
                <Group now topic mark pressed/>
            </For>
        </ActionForm>
        {move || now.with(|now| (!now.items.is_empty() || !cursor.is_empty()).then(|| pages(now, shelf, &cursor)))}
    }
}

/// Where the one is gone whose button was pressed, the keyboard goes on with the one that stands in its place.
fn keep_focus(now: RwSignal<Paged<Notification>>, pressed: StoredValue<Option<NotificationId>>) {
    Effect::new(move |before: Option<Vec<NotificationId>>| {
        let ids: Vec<NotificationId> = now.with(|now| now.items.iter().map(|row| row.id).collect());
        let gone = pressed.get_value().filter(|id| !ids.contains(id));
        if let Some(place) = gone.and_then(|gone| before?.into_iter().position(|id| id == gone)) {
            pressed.set_value(None);
            if let Some(next) = ids.get(place).or(ids.last()).copied() {
                request_animation_frame(move || {
                    focus(&format!("#{}", tick(next)));
                });
            }
        }
        ids
    });
}

/// Marks as read whatever is on this page and behind it, but nothing that has come since.
#[component]
fn MarkAll(now: RwSignal<Paged<Notification>>, reload: Callback<()>) -> impl IntoView {
    let mark = ServerAction::<MarkAllNotifications>::new();
    let problem = FormOutcome::of(mark, "");
    let (toaster, count) = (use_toaster(), use_inbox_count());
    on_success(mark, move |changed| {
        toaster.success(if changed == 1 {
            "1 marked as read.".into()
        } else {
            format!("{changed} marked as read.")
        });
        reload.run(());
        count.refetch();
    });
    let unread = count.get();
    let newest = Memo::new(move |_| now.with(|now| now.items.first().map(|row| row.id)));
    let until = move || newest.get().map(|id| id.to_string());
    view! {
        <FormErrors message=problem.message()/>
        <ActionForm action=mark attr:class="inbox-all" attr:hidden=move || newest.get().is_none() || unread.get() == 0>
            <input type="hidden" name="until" value=until/>
            <Button
                kind="submit" size=ButtonSize::Small icon=Icon::Check busy=problem.busy
                attr:name="mark" attr:value=Mark::Read.as_str()
            >
                "Mark all as read"
            </Button>
        </ActionForm>
    }
}

fn pages(now: &Paged<Notification>, shelf: Shelf, cursor: &str) -> impl IntoView + use<> {
    let first = (!cursor.is_empty()).then(|| address(paths::INBOX, &[("shelf", shelf.as_str())]));
    let next =
        now.next.as_deref().map(|next| address(paths::INBOX, &[("shelf", shelf.as_str()), ("cursor", next)]));
    let summary = match now.items.len() {
        1 => "1 notification".to_owned(),
        count => format!("{count} notifications, newest first"),
    };
    view! { <Pagination summary first next forward_only=true/> }
}

/// What can be done to the ticked ones.
#[component]
fn BulkBar(shelf: Shelf) -> impl IntoView {
    let act = |mark: Mark, icon: Icon, text: &'static str| {
        view! {
            <Button kind="submit" size=ButtonSize::Small icon attr:name="mark" attr:value=mark.as_str()>{text}</Button>
        }
    };
    let acts = match shelf {
        Shelf::Archived => vec![act(Mark::Restore, Icon::Restore, "Back to the inbox")],
        Shelf::Unread => {
            vec![act(Mark::Read, Icon::Check, "Mark as read"), act(Mark::Archive, Icon::Archive, "Archive")]
        }
        Shelf::Inbox => vec![
            act(Mark::Read, Icon::Check, "Mark as read"),
            act(Mark::Unread, Icon::Todo, "Mark as unread"),
            act(Mark::Archive, Icon::Archive, "Archive"),
        ],
    };
    view! {
        <div class="inbox-bar" role="group" aria-label="Change the ticked notifications">
            <p class="muted">"Ticked ones:"</p>
            {acts}
        </div>
    }
}
