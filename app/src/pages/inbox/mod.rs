//! What one is told, and why.

mod row;

use crate::{
    AppError,
    api::notification::{MarkAllNotifications, MarkNotifications, list_notifications},
    components::{
        AsyncPanel, Button, ButtonSize, EmptyState, FormErrors, Icon, LinkButton, PageHeader, Pagination,
        Segment, Segmented, SkeletonRows, use_toaster,
    },
    features::{
        form_outcome::{FormOutcome, on_success},
        inbox_count::use_inbox_count,
        live::follow_inbox,
        query::address,
    },
    paths,
};
use domain::{
    notification::{Mark, Notification, Shelf, by_topic},
    page::Paged,
};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// One's notifications: those not read, all in the inbox, or those put away; together by what they are about.
#[component]
pub fn InboxPage() -> impl IntoView {
    let query = use_query_map();
    let shelf = Memo::new(move |_| {
        query.with(|query| query.get("shelf").and_then(|shelf| Shelf::parse(&shelf)).unwrap_or_default())
    });
    let cursor = Memo::new(move |_| query.with(|query| query.get("cursor").unwrap_or_default()));
    let mark = ServerAction::<MarkNotifications>::new();
    let mark_all = ServerAction::<MarkAllNotifications>::new();
    let times = RwSignal::new(0_u32);
    let rows = Resource::new(
        move || (shelf.get(), cursor.get(), times.get()),
        |(shelf, cursor, _)| list_notifications(shelf.as_str().into(), cursor),
    );
    let count = use_inbox_count();
    let again = move || {
        times.update(|times| *times += 1);
        count.refetch();
    };
    let toaster = use_toaster();
    follow_inbox(move || times.update(|times| *times += 1));
    on_success(mark, move |_| again());
    on_success(mark_all, move |changed| {
        toaster.success(format!("{changed} changed."));
        again();
    });
    let problems = [FormOutcome::of(mark, ""), FormOutcome::of(mark_all, "")];
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
            {problems.map(|outcome| view! { <FormErrors message=outcome.message()/> }).into_iter().collect_view()}
            <AsyncPanel
                resource=rows
                loading=|| view! { <SkeletonRows count=8/> }
                is_empty=|rows| rows.items.is_empty()
                empty=move || nothing(shelf.get_untracked())
                let:rows
            >
                {move || content(rows.clone(), (shelf.get_untracked(), &cursor.get_untracked()), (mark, mark_all))}
            </AsyncPanel>
        </div>
    }
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
        Shelf::Archived => ("Nothing archived", "What you archive rests here for 90 days."),
    };
    view! { <EmptyState icon=Icon::Bell title text/> }.into_any()
}

fn content(
    rows: Paged<Notification>,
    (shelf, cursor): (Shelf, &str),
    (mark, mark_all): (ServerAction<MarkNotifications>, ServerAction<MarkAllNotifications>),
) -> impl IntoView + use<> {
    let newest =
        rows.items.first().map(|row| row.id).filter(|_| cursor.is_empty() && shelf != Shelf::Archived);
    let first = (!cursor.is_empty()).then(|| address(paths::INBOX, &[("shelf", shelf.as_str())]));
    let next = rows
        .next
        .as_deref()
        .map(|next| address(paths::INBOX, &[("shelf", shelf.as_str()), ("cursor", next)]));
    let summary = format!("{} notifications, newest first", rows.items.len());
    let all = newest.map(|newest| {
        view! {
            <ActionForm action=mark_all attr:class="inbox-all">
                <input type="hidden" name="until" value=newest.to_string()/>
                <Button kind="submit" size=ButtonSize::Small icon=Icon::Check attr:name="mark" attr:value=Mark::Read.as_str()>
                    "Mark all as read"
                </Button>
            </ActionForm>
        }
    });
    view! {
        {all}
        <ActionForm action=mark attr:class="inbox">
            <BulkBar shelf/>
            {by_topic(rows.items).into_iter().map(|group| row::group(group, mark)).collect_view()}
        </ActionForm>
        <Pagination summary first next forward_only=true/>
    }
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

/// Marks one as read when its link is followed; without script it stays unread.
fn read_on_the_way(id: domain::ids::NotificationId) -> impl Fn() {
    let count = use_inbox_count();
    move || {
        let read =
            crate::api::notification::mark_notifications(vec![id], Mark::Read.as_str().into(), String::new());
        leptos::task::spawn_local(async move {
            // Unread it stays, if the server can't be asked: nothing is lost.
            let done: Result<u64, AppError> = read.await;
            if done.is_ok() {
                count.refetch();
            }
        });
    }
}
