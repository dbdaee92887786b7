//! Notifications about one thing, and each of them.

use crate::{
    api::notification::{MarkNotifications, mark_notifications},
    components::{Badge, Icon, IconButton, RelativeTime, Tone},
    features::{by_script::focus_when_shown, inbox_count::use_inbox_count},
    paths,
};
use domain::{
    ids::NotificationId,
    notification::{Event, Mark, Notification, Topic},
    page::Paged,
};
use leptos::{prelude::*, server::ServerAction, task::spawn_local};

/// Those about one thing, under its name.
#[component]
pub fn Group(
    now: RwSignal<Paged<Notification>>,
    topic: Topic,
    mark: ServerAction<MarkNotifications>,
    pressed: StoredValue<Option<NotificationId>>,
) -> impl IntoView {
    let rows = Memo::new(move |_| {
        now.with(|now| now.items.iter().filter(|row| row.topic() == topic).cloned().collect::<Vec<_>>())
    });
    let about = Memo::new(move |_| rows.with(|rows| rows.first().map(Head::of)));
    let title_id = format!("about-{}", id_of(topic));
    let heading = title_id.clone();
    view! {
        <section class="inbox-group" aria-labelledby=title_id>
            {move || about.get().map(|about| head(about, heading.clone(), rows))}
            <ul class="inbox-rows">
                <For each=move || rows.get() key=state let:row>
                    {one(row, mark, pressed)}
                </For>
            </ul>
        </section>
    }
}

fn id_of(topic: Topic) -> String {
    match topic {
        Topic::Announcement(id) => id.to_string(),
        Topic::Task(id) => id.to_string(),
        Topic::Project(id) => id.to_string(),
        Topic::Itself(id) => id.to_string(),
    }
}

/// The id of the box that ticks it.
pub fn tick(id: NotificationId) -> String {
    format!("tick-{id}")
}

/// What is drawn of one: with the same, it stays as it is.
fn state(row: &Notification) -> (NotificationId, bool, bool, String, String) {
    (row.id, row.unread, row.waits(), row.act(), row.detail.clone())
}

/// What notifications are about, by its name of now.
#[derive(Clone, PartialEq)]
struct Head {
    icon: Icon,
    about: String,
    /// None where there is no page of it.
    path: Option<String>,
    /// The project of a task.
    project: Option<(String, String)>,
}

impl Head {
    fn of(newest: &Notification) -> Self {
        let project = newest.task.as_ref().and(newest.project.as_ref());
        Self {
            icon: icon_of(newest),
            about: newest.about(),
            path: newest.has_page().then(|| newest.path()),
            project: project.map(|project| (paths::project(&project.key), project.name.clone())),
        }
    }
}

/// The name leads there; whoever follows it has read what is told of it.
fn head(head: Head, id: String, rows: Memo<Vec<Notification>>) -> impl IntoView {
    let Head { icon, about, path, project } = head;
    let count = use_inbox_count();
    let follow = move |_| {
        let unread = rows.with_untracked(|rows| {
            rows.iter().filter(|row| row.unread).map(|row| row.id).collect::<Vec<_>>()
        });
        if unread.is_empty() {
            return;
        }
        let read = mark_notifications(unread, Mark::Read.as_str().into(), String::new());
        spawn_local(async move {
            // Unread they stay, if the server can't be asked: nothing is lost.
            if read.await.is_ok() {
                count.refetch();
            }
        });
    };
    view! {
        <header class="inbox-head">
            <Icon icon/>
            <h2 id=id>
                {match path {
                    Some(path) => view! { <a class="link-plain" href=path on:click=follow>{about}</a> }.into_any(),
                    None => about.into_any(),
                }}
            </h2>
            {project.map(|(path, name)| view! { <a class="link-plain muted" href=path>{name}</a> })}
        </header>
    }
}

fn icon_of(it: &Notification) -> Icon {
    match (&it.announcement, &it.task, &it.project) {
        (Some(_), ..) => Icon::Flag,
        (None, Some(_), _) => Icon::Todo,
        (None, None, Some(_)) => Icon::Projects,
        (None, None, None) => Icon::Users,
    }
}

fn one(
    row: Notification,
    mark: ServerAction<MarkNotifications>,
    pressed: StoredValue<Option<NotificationId>>,
) -> impl IntoView {
    let id = row.id;
    let busy = mark.pending();
    let tick = tick(row.id);
    // It is drawn anew, and the keyboard stays with it.
    if pressed.get_value() == Some(id) {
        pressed.set_value(None);
        focus_when_shown(tick.clone());
    }
    let words = row.act();
    let tone = if row.event == Event::Overdue { Tone::Danger } else { Tone::Warning };
    let waits = row.waits().then(|| view! { <Badge tone icon=Icon::Flag>"Asks you to acknowledge"</Badge> });
    let dot = row
        .unread
        .then(|| view! { <span class="inbox-dot"><span class="visually-hidden">"Unread"</span></span> });
    let excerpt = row.excerpt().map(|text| view! { <p class="inbox-excerpt">{text.to_owned()}</p> });
    view! {
        <li class="inbox-row" data-unread=row.unread.then_some("true")>
            <input class="checkbox-box" type="checkbox" id=tick.clone() name="ids[]" value=row.id.to_string()/>
            <div class="inbox-text">
                <label for=tick>{dot}<span>{words}</span></label>
                " "
                {waits}
                " "
                <RelativeTime at=row.at/>
                {excerpt}
                <details class="inbox-why">
                    <summary>"Why did I get this?"</summary>
                    <p>{row.why()} " " <a href=paths::NOTIFICATIONS>"Change what you are told"</a></p>
                </details>
            </div>
            <div class="inbox-acts" on:click=move |_| pressed.set_value(Some(id))>{acts(&row, busy.into())}</div>
        </li>
    }
}

/// What can be done to one.
fn acts(row: &Notification, busy: Signal<bool>) -> impl IntoView + use<> {
    let (about, what) = (row.about(), row.act());
    let act = |mark: Mark, icon: Icon, text: &str| {
        let value = format!("{}:{}", mark.as_str(), row.id);
        view! {
            <IconButton icon label=format!("{text}: {about}, {what}") kind="submit" disabled=busy attr:name="one" attr:value=value/>
        }
    };
    if row.archived_at.is_some() {
        return vec![act(Mark::Restore, Icon::Restore, "Back to the inbox")];
    }
    let read = if row.unread {
        act(Mark::Read, Icon::Check, "Mark as read")
    } else {
        act(Mark::Unread, Icon::Todo, "Mark as unread")
    };
    // It stays until it is acknowledged.
    if row.waits() { vec![read] } else { vec![read, act(Mark::Archive, Icon::Archive, "Archive")] }
}
