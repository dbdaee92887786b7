//! The value of a field as text: as controls have it, and as people read it.

use crate::{
    api::{task_choices::TaskChoices, task_form::TaskForm, task_page::TaskField},
    features::{open_task::OpenTask, task_fields::name},
};
use domain::{
    Day, estimate,
    task::{Priority, Task},
};

/// What the task has. Of a parent it tells the id: enough to see whether it changed.
pub fn held(field: TaskField, task: &Task) -> String {
    let it = &task.summary;
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    match field {
        TaskField::Column => it.column_id.to_string(),
        TaskField::Priority => it.priority.as_str().to_owned(),
        TaskField::Assignees => joined(it.assignees.iter().map(|person| person.id.to_string())),
        TaskField::Labels => joined(it.labels.iter().map(|label| label.id.to_string())),
        TaskField::StartOn => day(it.start_on),
        TaskField::DueOn => day(it.due_on),
        TaskField::Estimate => it.estimate_minutes.map(estimate::format).unwrap_or_default(),
        TaskField::Parent => it.parent_id.map(|id| id.to_string()).unwrap_or_default(),
    }
}

/// What the control of a field shows; follows the task.
pub fn current(field: TaskField, task: OpenTask) -> String {
    match field {
        TaskField::Parent => {
            task.with(|view| view.ancestors.last().map(|parent| parent.key.clone()).unwrap_or_default())
        }
        field => task.with(|view| held(field, &view.task)),
    }
}

/// What a form asks for.
pub fn wanted(field: TaskField, form: &TaskForm) -> String {
    match field {
        TaskField::Column => form.column_id.clone(),
        TaskField::Priority => form.priority.clone(),
        TaskField::Assignees => joined(form.assignees.iter().map(ToString::to_string)),
        TaskField::Labels => joined(form.labels.iter().map(ToString::to_string)),
        TaskField::StartOn => form.start_on.clone(),
        TaskField::DueOn => form.due_on.clone(),
        TaskField::Estimate => form.estimate.clone(),
        TaskField::Parent => form.parent.clone(),
    }
}

/// The names and values that a form sends for it.
pub fn sent(field: TaskField, form: &TaskForm) -> Vec<(String, String)> {
    let list = |field: &str, ids: Vec<String>| {
        ids.into_iter().map(|id| (format!("{}[]", name(field)), id)).collect::<Vec<_>>()
    };
    match field {
        TaskField::Assignees => list("assignees", form.assignees.iter().map(ToString::to_string).collect()),
        TaskField::Labels => list("labels", form.labels.iter().map(ToString::to_string).collect()),
        field => vec![(name(form_name(field)), wanted(field, form))],
    }
}

/// A value in words.
pub fn in_words(field: TaskField, value: &str, choices: Option<&TaskChoices>) -> String {
    if value.is_empty() {
        return "nothing".into();
    }
    let known = |find: &dyn Fn(&TaskChoices) -> Option<String>| choices.and_then(find);
    let named = |id: &str| {
        known(&|choices| {
            let columns = choices.columns.iter().map(|it| (it.id.to_string(), &it.name));
            let labels = choices.labels.iter().map(|it| (it.id.to_string(), &it.name));
            let people = choices.people.iter().map(|it| (it.id.to_string(), &it.name));
            columns.chain(labels).chain(people).find(|(known, _)| known == id).map(|(_, name)| name.clone())
        })
        .unwrap_or_else(|| "someone or something that is not there any more".into())
    };
    match field {
        TaskField::Column | TaskField::Assignees | TaskField::Labels => {
            value.split(' ').map(named).collect::<Vec<_>>().join(", ")
        }
        TaskField::Priority => Priority::parse(value).unwrap_or_default().label().to_owned(),
        _ => value.to_owned(),
    }
}

/// The field's name as people read it.
pub const fn label(field: TaskField) -> &'static str {
    match field {
        TaskField::Column => "Column",
        TaskField::Priority => "Priority",
        TaskField::Assignees => "Assignees",
        TaskField::Labels => "Labels",
        TaskField::StartOn => "Starts",
        TaskField::DueOn => "Due",
        TaskField::Estimate => "Estimate",
        TaskField::Parent => "Part of",
    }
}

/// The field's name in [`TaskForm`].
pub const fn form_name(field: TaskField) -> &'static str {
    match field {
        TaskField::Estimate => "estimate",
        TaskField::Parent => "parent",
        other => error_name(other),
    }
}

/// The field's name in refusals; with `task-` before it, the id of its control.
pub const fn error_name(field: TaskField) -> &'static str {
    match field {
        TaskField::Column => "column_id",
        TaskField::Priority => "priority",
        TaskField::Assignees => "assignees",
        TaskField::Labels => "labels",
        TaskField::StartOn => "start_on",
        TaskField::DueOn => "due_on",
        TaskField::Estimate => "estimate_minutes",
        TaskField::Parent => "parent_id",
    }
}

/// As a form names it; see `TaskField`'s serialisation.
pub const fn word(field: TaskField) -> &'static str {
    match field {
        TaskField::Column => "column",
        TaskField::Priority => "priority",
        TaskField::Assignees => "assignees",
        TaskField::Labels => "labels",
        TaskField::StartOn => "start_on",
        TaskField::DueOn => "due_on",
        TaskField::Estimate => "estimate",
        TaskField::Parent => "parent",
    }
}

fn joined(ids: impl Iterator<Item = String>) -> String {
    let mut ids: Vec<_> = ids.collect();
    ids.sort();
    ids.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::UserId;
    use uuid::Uuid;

    const ALL: [TaskField; 8] = [
        TaskField::Column,
        TaskField::Priority,
        TaskField::Assignees,
        TaskField::Labels,
        TaskField::StartOn,
        TaskField::DueOn,
        TaskField::Estimate,
        TaskField::Parent,
    ];

    #[test]
    fn a_form_names_a_field_as_it_is_read() {
        for field in ALL {
            let read: TaskField = serde_json::from_value(word(field).into()).expect("a field");
            assert_eq!(read, field);
        }
    }

    #[test]
    fn a_form_sends_the_names_that_it_is_read_by() {
        let form = TaskForm {
            assignees: vec![UserId(Uuid::from_u128(2)), UserId(Uuid::from_u128(1))],
            due_on: "2026-01-17".into(),
            ..TaskForm::default()
        };
        assert_eq!(sent(TaskField::DueOn, &form), [("task[due_on]".into(), "2026-01-17".into())]);
        let people = sent(TaskField::Assignees, &form);
        assert_eq!(people.len(), 2);
        assert_eq!(people[0].0, "task[assignees][]");
    }

    #[test]
    fn people_in_another_order_are_the_same_people() {
        let ids = [UserId(Uuid::from_u128(2)), UserId(Uuid::from_u128(1))];
        let one = TaskForm { assignees: ids.into(), ..TaskForm::default() };
        let other = TaskForm { assignees: ids.into_iter().rev().collect(), ..TaskForm::default() };
        assert_eq!(wanted(TaskField::Assignees, &one), wanted(TaskField::Assignees, &other));
    }

    #[test]
    fn a_value_is_told_in_words() {
        assert_eq!(in_words(TaskField::DueOn, "", None), "nothing");
        assert_eq!(in_words(TaskField::Priority, "high", None), "High");
        assert_eq!(in_words(TaskField::Estimate, "2h", None), "2h");
    }
}
