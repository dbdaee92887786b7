//! The history as sentences: who did what to which task, from what to what, when.

mod sentence;

pub use sentence::FeedScope;

use crate::{
    components::{Feed, FeedItem, Icon},
    paths,
};
use domain::activity::{Activity, Change};
use leptos::{either::EitherOf3, prelude::*};
use sentence::{Part, field_label, is_unsaid, sentence};

/// Longer values, and those of several lines, open on demand.
const SHORT: usize = 120;

/// Rows of the history, in the order given.
#[component]
pub fn ActivityFeed(
    /// For readers: "Activity".
    #[prop(into)]
    label: String,
    items: Vec<Activity>,
    scope: FeedScope,
) -> impl IntoView {
    view! {
        <Feed label>
            {items.into_iter().map(|activity| view! { <ActivityItem activity scope/> }).collect_view()}
        </Feed>
    }
}

/// One row, for feeds that mix it with other things; stands in a `Feed`.
#[component]
pub fn ActivityItem(activity: Activity, scope: FeedScope) -> impl IntoView {
    let told = sentence(&activity, scope);
    let who = activity.actor.as_ref().map_or_else(|| "PMS".to_owned(), |who| who.display_name.clone());
    let parts = told.parts.into_iter().map(|part| match part {
        Part::Words(words) => EitherOf3::A(words),
        Part::Strong(text) => EitherOf3::B(view! { <strong>{text}</strong> }),
        Part::Task { key, title } => EitherOf3::C(view! {
            <a class="feed-task" href=paths::task(&key)>
                <span class="task-key">{key.clone()}</span> " " {title}
            </a>
        }),
    });
    let changes = (!told.changes.is_empty()).then(|| {
        let changes = told.changes.into_iter().map(|change| view! { <ChangeLine change/> }).collect_view();
        view! { <ul class="feed-changes">{changes}</ul> }
    });
    view! {
        <FeedItem icon=icon(&activity.action) at=activity.at>
            <strong>{who}</strong> {parts.map(|part| (" ", part)).collect_view()}
            {changes}
        </FeedItem>
    }
}

/// "Priority: High → Critical"; a long text behind a fold.
#[component]
fn ChangeLine(change: Change) -> impl IntoView {
    let label = capitalised(field_label(&change.field));
    if is_unsaid(&change) {
        return view! { <li>{label} " changed"</li> }.into_any();
    }
    let long = [&change.before, &change.after].into_iter().flatten().any(|value| is_long(value));
    if long {
        let side = |title: &'static str, text: Option<String>| {
            text.map(|text| view! { <dt>{title}</dt><dd>{text}</dd> })
        };
        view! {
            <li>
                <details class="feed-text">
                    <summary>{label}</summary>
                    <dl class="feed-sides">{side("Before", change.before)} {side("After", change.after)}</dl>
                </details>
            </li>
        }
        .into_any()
    } else {
        let value = |value: Option<String>| match value {
            Some(text) => view! { <strong>{text}</strong> }.into_any(),
            None => view! { <span class="property-nothing">"nothing"</span> }.into_any(),
        };
        view! {
            <li>
                {label} ": " {value(change.before)} " " <Icon icon=Icon::ArrowRight/>
                <span class="visually-hidden">"to"</span> " " {value(change.after)}
            </li>
        }
        .into_any()
    }
}

fn is_long(value: &str) -> bool {
    value.contains('\n') || value.chars().nth(SHORT).is_some()
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// By the thing and the verb in `thing.verb`, so that an act of a newer version has one too.
fn icon(action: &str) -> Icon {
    match action.split_once('.').unwrap_or((action, "")) {
        (_, "archived") => Icon::Archive,
        (_, "deleted" | "removed") => Icon::Trash,
        (_, "restored") => Icon::Restore,
        ("task", "completed") => Icon::Check,
        ("task", "reopened") => Icon::Todo,
        ("task", "moved" | "released" | "unblocked") => Icon::ArrowRight,
        ("task", "blocked" | "override_ended") => Icon::Ban,
        ("dependency", _) => Icon::Link,
        ("member" | "team" | "team_member" | "user", _) => Icon::User,
        ("role", _) => Icon::Shield,
        ("column", _) => Icon::Board,
        ("label", _) => Icon::Tag,
        ("comment", _) => Icon::Comment,
        ("checklist", _) => Icon::Import,
        (_, "created") => Icon::Plus,
        _ => Icon::Edit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_of_a_newer_version_still_has_an_icon() {
        assert_eq!(icon("task.moved"), Icon::ArrowRight);
        assert_eq!(icon("robot.deleted"), Icon::Trash);
        assert_eq!(icon("something else"), Icon::Edit);
    }

    #[test]
    fn several_lines_are_long_however_short() {
        assert!(is_long("a\nb"));
        assert!(is_long(&"a".repeat(SHORT + 1)));
        assert!(!is_long("In progress"));
    }

    #[test]
    fn a_label_begins_with_a_capital() {
        assert_eq!(capitalised("due date"), "Due date");
        assert_eq!(capitalised(""), "");
    }
}
