//! Notifications about one thing, and each of them.

use super::read_on_the_way;
use crate::{
    api::notification::MarkNotifications,
    components::{Badge, Icon, IconButton, RelativeTime, Tone},
    paths,
};
use domain::notification::{Event, Mark, Notification};
use leptos::{prelude::*, server::ServerAction};

/// Those about one thing, under its name.
pub fn group(rows: Vec<Notification>, mark: ServerAction<MarkNotifications>) -> impl IntoView {
    let Some(newest) = rows.first() else { return ().into_any() };
    let title_id = format!("about-{}", newest.id);
    let unread: Vec<_> = rows.iter().filter(|row| row.unread).map(|row| row.id).collect();
    let open = read_on_the_way(newest.id);
    let follow = move |_| {
        if !unread.is_empty() {
            open();
        }
    };
    let project = newest.task.as_ref().and(newest.project.as_ref()).map(|project| {
        view! { <a class="link-plain muted" href=paths::project(&project.key)>{project.name.clone()}</a> }
    });
    let labelled_by = title_id.clone();
    view! {
        <section class="inbox-group" aria-labelledby=labelled_by>
            <header class="inbox-head">
                <Icon icon=icon_of(newest)/>
                <h2 id=title_id><a class="link-plain" href=newest.path() on:click=follow>{newest.about()}</a></h2>
                {project}
            </header>
            <ul class="inbox-rows">{rows.into_iter().map(|row| one(row, mark)).collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn icon_of(it: &Notification) -> Icon {
    match (&it.announcement, &it.task, &it.project) {
        (Some(_), ..) => Icon::Flag,
        (None, Some(_), _) => Icon::Todo,
        (None, None, Some(_)) => Icon::Projects,
        (None, None, None) => Icon::Users,
    }
}

fn one(row: Notification, mark: ServerAction<MarkNotifications>) -> impl IntoView {
    let busy = mark.pending();
    let tick = format!("tick-{}", row.id);
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
                {waits}
                " "
                <RelativeTime at=row.at/>
                {excerpt}
                <details class="inbox-why">
                    <summary>"Why did I get this?"</summary>
                    <p>{row.why()} " " <a href=paths::NOTIFICATIONS>"Change what you are told"</a></p>
                </details>
            </div>
            <div class="inbox-acts">{acts(&row, busy.into())}</div>
        </li>
    }
}

/// What can be done to one.
fn acts(row: &Notification, busy: Signal<bool>) -> impl IntoView + use<> {
    let about = row.about();
    let act = |mark: Mark, icon: Icon, text: &str| {
        let value = format!("{}:{}", mark.as_str(), row.id);
        view! {
            <IconButton icon label=format!("{text}: {about}") kind="submit" disabled=busy attr:name="one" attr:value=value/>
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
