//! The filters that are set, each with a way to take it off.

use super::{
    super::task_query::{OPEN, OVERDUE, Part, TaskQuery},
    FilterKind,
};
use crate::{api::task_choices::TaskChoices, components::Icon};
use domain::{board::Category, dependency::Waiting, task::Priority};
use leptos::prelude::*;

/// Nothing while no filter is set.
#[component]
pub fn Chips(wanted: Memo<TaskQuery>, path: String, choices: TaskChoices, kind: FilterKind) -> impl IntoView {
    move || {
        let query = wanted.get();
        let query = if kind == FilterKind::Board { query.on_board() } else { query };
        let chips = set(&query, &choices);
        (!chips.is_empty()).then(|| {
            let all = query.cleared().address(&path);
            let chips = chips
                .into_iter()
                .map(|(part, text)| {
                    let href = query.without(part).address(&path);
                    view! {
                        <li>
                            <a class="filter-chip" href=href title="Take this filter off">
                                {text} <Icon icon=Icon::Close/>
                                <span class="visually-hidden">", take this filter off"</span>
                            </a>
                        </li>
                    }
                })
                .collect_view();
            view! {
                <ul class="filter-chips" aria-label="Filters that are set">
                    {chips}
                    <li><a href=all>"Clear filters"</a></li>
                </ul>
            }
        })
    }
}

/// Each filter that is set and means something, in words.
fn set(query: &TaskQuery, choices: &TaskChoices) -> Vec<(Part, String)> {
    let words = (!query.search.is_empty()).then(|| format!("“{}”", query.search));
    let due = query.due_until().map(|day| format!("Due until {day}"));
    [
        (Part::Search, words),
        (Part::Status, status(&query.status, choices)),
        (Part::Assignee, assignee(&query.assignee, choices)),
        (Part::Label, label(&query.label, choices)),
        (Part::Priority, Priority::parse(&query.priority).map(|priority| priority.label().to_owned())),
        (Part::Due, due),
        (Part::Waiting, Waiting::parse(&query.waiting).map(|waiting| waiting.label().to_owned())),
    ]
    .into_iter()
    .filter_map(|(part, text)| Some((part, text?)))
    .collect()
}

fn status(value: &str, choices: &TaskChoices) -> Option<String> {
    match value {
        "" => None,
        OPEN => Some("Open".into()),
        OVERDUE => Some("Overdue".into()),
        other => Category::parse(other).map(|category| category.label().to_owned()).or_else(|| {
            let id = other.parse().ok()?;
            let column = choices.columns.iter().find(|column| column.id == id);
            Some(
                column.map_or_else(|| "A column that is gone".into(), |column| format!("In {}", column.name)),
            )
        }),
    }
}

fn assignee(value: &str, choices: &TaskChoices) -> Option<String> {
    match value {
        "" => None,
        "me" => Some("Mine".into()),
        "nobody" => Some("Nobody’s".into()),
        other => {
            let id = other.parse().ok()?;
            let person = choices.people.iter().find(|person| person.id == id);
            Some(person.map_or_else(|| "Someone who has left".into(), |person| person.name.clone()))
        }
    }
}

fn label(value: &str, choices: &TaskChoices) -> Option<String> {
    let id = value.parse().ok()?;
    let label = choices.labels.iter().find(|label| label.id == id);
    Some(label.map_or_else(|| "A label that is gone".into(), |label| label.name.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::task_choices::PersonChoice;
    use domain::ids::UserId;
    use uuid::Uuid;

    #[test]
    fn only_filters_that_mean_something_are_shown() {
        let ada = UserId(Uuid::from_u128(1));
        let choices = TaskChoices {
            people: vec![PersonChoice { id: ada, name: "Ada".into() }],
            ..TaskChoices::default()
        };
        let texts = |query: TaskQuery| -> Vec<String> {
            set(&query, &choices).into_iter().map(|(_, text)| text).collect()
        };
        let query = TaskQuery {
            search: "shop".into(),
            status: "overdue".into(),
            assignee: ada.to_string(),
            priority: "none".into(),
            due: "2026-01-17".into(),
            ..TaskQuery::default()
        };
        assert_eq!(texts(query), ["“shop”", "Overdue", "Ada", "No priority", "Due until 2026-01-17"]);
        let unknown =
            TaskQuery { status: "x".into(), label: "x".into(), due: "x".into(), ..TaskQuery::default() };
        assert!(texts(unknown).is_empty());
    }
}
