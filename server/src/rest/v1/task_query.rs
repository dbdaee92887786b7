//! Which tasks, as a query says it.

use super::{
    address::{project_id, task_id},
    schema,
};
use crate::http::Shared;
use domain::{
    Day, Result,
    board::Category,
    dependency::Waiting,
    error::Fields,
    ids::{ColumnId, LabelId},
    task::{AssigneeFilter, Lifecycle, Priority, TaskFilter, TaskSort},
};
use serde::Deserialize;
use services::Actor;
use std::str::FromStr;

/// The filters of every task list. What is left out, or empty as in a form, does not count.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct TaskQuery {
    /// Only of this project, by id or key.
    project: Option<String>,
    /// Words in title or description, or a key.
    search: Option<String>,
    /// Only in these categories: `todo`, `doing`, `done`; several by comma or by repeating.
    #[param(value_type = Option<Vec<schema::Category>>)]
    status: Vec<String>,
    /// Only in this column.
    #[param(value_type = Option<uuid::Uuid>)]
    column: Option<String>,
    /// `me`, `nobody`, or a person's id.
    assignee: Option<String>,
    /// Only with this label, by id.
    #[param(value_type = Option<uuid::Uuid>)]
    label: Option<String>,
    /// Only with this priority.
    #[param(value_type = Option<schema::Priority>)]
    priority: Option<String>,
    /// Only due on this day or before, as `2026-01-17`.
    #[param(format = Date)]
    due_until: Option<String>,
    /// Only sub-tasks of this one, by id or key.
    parent: Option<String>,
    /// `blocked`: only those that wait; `blocking`: only open ones that others wait for; `ready`: only those to do that
    /// nothing is in the way of.
    waiting: Option<String>,
    /// `active` unless asked otherwise.
    #[param(value_type = Option<schema::Lifecycle>)]
    lifecycle: Option<String>,
    /// `number`, `updated`, `due`, `priority` or `unblocks` (how many open tasks wait for it); with a minus before it the other way round.
    sort: Option<String>,
}

impl TaskQuery {
    /// The filter that services take.
    ///
    /// # Errors
    /// [`domain::Error::Invalid`] for words that mean nothing; [`domain::Error::NotFound`] for a project or parent that is not there.
    pub async fn into_filter(self, state: &Shared, actor: &Actor) -> Result<TaskFilter> {
        let mut filter = self.plain()?;
        if let Some(project) = given(self.project.as_ref()) {
            filter.project_id = Some(project_id(project, state, actor).await?);
        }
        if let Some(parent) = given(self.parent.as_ref()) {
            filter.parent_id = Some(task_id(parent, state, actor).await?);
        }
        Ok(filter)
    }

    /// All that needs no look at the database.
    fn plain(&self) -> Result<TaskFilter> {
        let mut fields = Fields::new();
        let mut filter = TaskFilter {
            search: given(self.search.as_ref()).map(str::to_owned),
            categories: self.categories(&mut fields),
            column_id: read(&mut fields, "column", self.column.as_ref(), id::<ColumnId>),
            assignee: read(&mut fields, "assignee", self.assignee.as_ref(), AssigneeFilter::parse),
            label_id: read(&mut fields, "label", self.label.as_ref(), id::<LabelId>),
            priority: read(&mut fields, "priority", self.priority.as_ref(), Priority::parse),
            due_until: read(&mut fields, "due_until", self.due_until.as_ref(), |text| {
                text.parse::<Day>().ok()
            }),
            waiting: read(&mut fields, "waiting", self.waiting.as_ref(), Waiting::parse),
            lifecycle: read(&mut fields, "lifecycle", self.lifecycle.as_ref(), Lifecycle::parse)
                .unwrap_or_default(),
            ..TaskFilter::default()
        };
        let order = read(&mut fields, "sort", self.sort.as_ref(), TaskSort::parse_order);
        (filter.sort, filter.descending) = order.unwrap_or_default();
        fields.finish()?;
        Ok(filter)
    }

    fn categories(&self, fields: &mut Fields) -> Vec<Category> {
        let words = self.status.iter().flat_map(|words| words.split(',')).filter(|word| !word.is_empty());
        words.filter_map(|word| read(fields, "status", Some(&word.to_owned()), Category::parse)).collect()
    }
}

fn given(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

fn read<T>(
    fields: &mut Fields,
    name: &str,
    text: Option<&String>,
    parse: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    let text = given(text)?;
    let value = parse(text);
    if value.is_none() {
        fields.add(name, "unknown", format!("“{text}” is not one of the values that {name} can have."));
    }
    value
}

fn id<I: FromStr>(text: &str) -> Option<I> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Error;

    fn filter(query: &str) -> Result<TaskFilter> {
        serde_html_form::from_str::<TaskQuery>(query).unwrap().plain()
    }

    #[test]
    fn a_form_without_choices_asks_for_everything() {
        assert_eq!(filter("search=&assignee=&sort=&status=").unwrap(), TaskFilter::default());
        assert_eq!(filter("").unwrap(), TaskFilter::default());
    }

    #[test]
    fn categories_come_by_comma_or_repeated() {
        let both = vec![Category::Todo, Category::Doing];
        assert_eq!(filter("status=todo,doing").unwrap().categories, both);
        assert_eq!(filter("status=todo&status=doing").unwrap().categories, both);
    }

    #[test]
    fn a_minus_turns_the_order_round() {
        let filter = filter("sort=-updated&assignee=me").unwrap();
        assert_eq!((filter.sort, filter.descending), (TaskSort::Updated, true));
        assert_eq!(filter.assignee, Some(AssigneeFilter::Me));
    }

    #[test]
    fn every_word_that_means_nothing_is_told() {
        let Error::Invalid { fields } = filter("status=open&priority=huge&due_until=17.1.2026").unwrap_err()
        else {
            panic!("fields");
        };
        let names: Vec<_> = fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(names, ["status", "priority", "due_until"]);
    }
}
