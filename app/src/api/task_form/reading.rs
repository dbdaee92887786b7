//! From what was typed to what services take.

use super::TaskForm;
use domain::{
    Day, Error, Result,
    error::Fields,
    estimate,
    ids::{ColumnId, ProjectId, TaskId},
    page::Page,
    search_text,
    task::{EditTask, NewTask, Priority, TaskFilter},
    validate::Problem,
};
use services::{Actor, Services};

impl TaskForm {
    /// The change that the form asks for of a task, seen as `version`; `parent_id` is what [`parent_of`] found.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every field that can't be read.
    pub fn edit(&self, version: i64, parent_id: Option<TaskId>) -> Result<EditTask> {
        let mut fields = Fields::new();
        let typed = Typed::read(&mut fields, self);
        fields.finish()?;
        Ok(EditTask {
            version,
            title: Some(self.title.clone()),
            description: Some(self.description.clone()),
            priority: Priority::parse(&self.priority),
            assignees: self.with_assignees.then(|| self.assignees.clone()),
            labels: self.with_labels.then(|| self.labels.clone()),
            start_on: Some(typed.start_on),
            due_on: Some(typed.due_on),
            estimate_minutes: Some(typed.estimate_minutes),
            parent_id: Some(parent_id),
            column_id: typed.column_id,
        })
    }
}

/// The task that a form asks for.
///
/// # Errors
/// [`Error::Invalid`] with every field that can't be read; what [`parent_of`] gives.
pub async fn new_task(
    services: &Services,
    actor: &Actor,
    project: ProjectId,
    form: &TaskForm,
) -> Result<NewTask> {
    let mut fields = Fields::new();
    let typed = Typed::read(&mut fields, form);
    fields.finish()?;
    Ok(NewTask {
        id: None,
        title: form.title.clone(),
        description: form.description.clone(),
        column_id: typed.column_id,
        priority: Priority::parse(&form.priority).unwrap_or_default(),
        assignees: form.assignees.clone(),
        labels: form.labels.clone(),
        start_on: typed.start_on,
        due_on: typed.due_on,
        estimate_minutes: typed.estimate_minutes,
        parent_id: parent_of(services, actor, project, &form.parent).await?,
    })
}

/// The task of a project with the key `text`; none for a blank one.
///
/// # Errors
/// [`Error::Invalid`] for the field `parent_id`; what listing tasks gives.
pub async fn parent_of(
    services: &Services,
    actor: &Actor,
    project: ProjectId,
    text: &str,
) -> Result<Option<TaskId>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let unknown = || {
        let message = "Type the key of a task in this project, or choose one of the suggestions.";
        Error::field("parent_id", "unknown", message)
    };
    let (key, number) = search_text::task_key(text).ok_or_else(unknown)?;
    let wanted = format!("{key}-{number}");
    let filter = TaskFilter { project_id: Some(project), search: Some(wanted.clone()), ..Default::default() };
    let found = services::tasks::list(services, actor, filter, Page::new(Some(1), None)).await?;
    let task = found.items.into_iter().find(|task| task.key == wanted).ok_or_else(unknown)?;
    Ok(Some(task.id))
}

/// The fields that are typed, or chosen from a list that may be old.
struct Typed {
    column_id: Option<ColumnId>,
    start_on: Option<Day>,
    due_on: Option<Day>,
    estimate_minutes: Option<i64>,
}

impl Typed {
    fn read(fields: &mut Fields, form: &TaskForm) -> Self {
        Self {
            column_id: fields.check("column_id", column(&form.column_id)),
            start_on: fields.check("start_on", day(&form.start_on)),
            due_on: fields.check("due_on", day(&form.due_on)),
            estimate_minutes: fields.check("estimate_minutes", estimate::parse(&form.estimate)),
        }
    }
}

fn column(text: &str) -> Result<Option<ColumnId>, Problem> {
    match text {
        "" => Ok(None),
        text => {
            text.parse().map(Some).map_err(|_| Problem {
                code: "unknown",
                message: "Choose one of the project’s columns.".into(),
            })
        }
    }
}

fn day(text: &str) -> Result<Option<Day>, Problem> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Problem {
            code: "not_a_day",
            message: "Choose a day, or write it like 2026-01-17.".into(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let form = TaskForm { due_on: "soon".into(), estimate: "long".into(), ..TaskForm::default() };
        let Err(Error::Invalid { fields }) = form.edit(1, None) else { panic!("two wrong fields") };
        let names: Vec<_> = fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(names, ["due_on", "estimate_minutes"]);
    }

    #[test]
    fn blank_fields_are_cleared_and_missing_boxes_are_left_alone() {
        let edit = TaskForm { title: "x".into(), ..TaskForm::default() }.edit(3, None).expect("an edit");
        assert_eq!((edit.due_on, edit.estimate_minutes), (Some(None), Some(None)));
        assert_eq!((edit.assignees, edit.labels, edit.column_id), (None, None, None));
        let edit = TaskForm { with_labels: true, ..TaskForm::default() }.edit(3, None).expect("an edit");
        assert_eq!(edit.labels, Some(Vec::new()));
    }
}
