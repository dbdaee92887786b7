//! What a form's words mean.

use super::BulkForm;
use domain::{
    Error, Result,
    error::Fields,
    task::{BulkEdit, Lifecycle, Priority},
    validate::Problem,
};
use std::str::FromStr;

impl BulkForm {
    /// The change that the form asks for.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every field that can't be read, and for a form that asks for nothing.
    pub fn edit(&self) -> Result<BulkEdit> {
        if self.tasks.is_empty() {
            return Err(Error::field("tasks", "blank", "Tick the tasks to change, then try again."));
        }
        if let Some(to) = Lifecycle::parse(&self.to) {
            return Ok(BulkEdit { tasks: self.tasks.clone(), lifecycle: Some(to), ..BulkEdit::default() });
        }
        if (Self { tasks: Vec::new(), to: String::new(), ..self.clone() }) == Self::default() {
            let message = "Choose what to change: a column, a priority, a person, a label or a date.";
            return Err(Error::field("column_id", "blank", message));
        }
        self.fields()
    }

    fn fields(&self) -> Result<BulkEdit> {
        let mut fields = Fields::new();
        let due_on = match (self.clear_due, self.due_on.trim()) {
            (true, _) => Some(None),
            (false, "") => None,
            (false, day) => {
                Some(fields.check("due_on", some(day, "Choose a day, or write it like 2026-01-17.")))
            }
        };
        let gone = "It is not there any more. Choose another one.";
        let edit = BulkEdit {
            tasks: self.tasks.clone(),
            column_id: fields.check("column_id", some(&self.column_id, gone)),
            priority: fields.check("priority", priority(&self.priority)),
            add_assignees: fields.check("assign", some(&self.assign, gone)).into_iter().collect(),
            remove_assignees: fields.check("unassign", some(&self.unassign, gone)).into_iter().collect(),
            add_labels: fields.check("add_label", some(&self.add_label, gone)).into_iter().collect(),
            remove_labels: fields.check("remove_label", some(&self.remove_label, gone)).into_iter().collect(),
            due_on,
            lifecycle: None,
        };
        fields.finish()?;
        Ok(edit)
    }
}

fn some<T: FromStr>(text: &str, message: &str) -> std::result::Result<Option<T>, Problem> {
    match text {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Problem { code: "unknown", message: message.to_owned() }),
    }
}

fn priority(text: &str) -> std::result::Result<Option<Priority>, Problem> {
    let unknown = || Problem { code: "unknown", message: "Choose one of the priorities.".into() };
    if text.is_empty() { Ok(None) } else { Priority::parse(text).map(Some).ok_or_else(unknown) }
}

#[cfg(test)]
mod tests {
    use super::{super::ChangeTasks, *};
    use domain::ids::TaskId;
    use uuid::Uuid;

    const GOOD: &str = "project_id=00000000-0000-0000-0000-000000000001";

    fn read(text: &str) -> BulkForm {
        let text = format!("{GOOD}&{text}").replace('[', "%5B").replace(']', "%5D");
        let read: ChangeTasks = serde_qs::Config::new(5, false).deserialize_str(&text).expect("a form");
        read.change
    }

    fn ticked(text: &str) -> BulkForm {
        read(&format!(
            "change[tasks][]=00000000-0000-0000-0000-000000000002&change[tasks][]=00000000-0000-0000-0000-000000000003{text}"
        ))
    }

    fn wrong(form: &BulkForm) -> Vec<String> {
        let Err(Error::Invalid { fields }) = form.edit() else { panic!("wrong fields") };
        fields.into_iter().map(|field| field.field).collect()
    }

    #[test]
    fn ticked_tasks_and_choices_become_one_change() {
        let label = "00000000-0000-0000-0000-000000000009";
        let edit = ticked(&format!(
            "&change[priority]=high&change[add_label]={label}&change[column_id]=&change[to]="
        ))
        .edit()
        .expect("a change");
        assert_eq!(edit.tasks, [2, 3].map(|number| TaskId(Uuid::from_u128(number))));
        assert_eq!((edit.priority, edit.column_id, edit.due_on), (Some(Priority::High), None, None));
        assert_eq!(edit.add_labels.len(), 1);
    }

    #[test]
    fn a_button_does_only_what_it_says() {
        let edit = ticked("&change[priority]=high&change[to]=archived").edit().expect("a change");
        assert_eq!((edit.lifecycle, edit.priority), (Some(Lifecycle::Archived), None));
    }

    #[test]
    fn a_due_date_is_set_or_cleared() {
        assert_eq!(ticked("&change[clear_due]=true").edit().expect("a change").due_on, Some(None));
        let edit = ticked("&change[due_on]=2026-01-17").edit().expect("a change");
        assert_eq!(edit.due_on.flatten().expect("a day").to_string(), "2026-01-17");
    }

    #[test]
    fn a_form_that_asks_for_nothing_says_what_to_do() {
        assert_eq!(wrong(&read("change[priority]=high")), ["tasks"]);
        assert_eq!(wrong(&ticked("&change[priority]=")), ["column_id"]);
        assert_eq!(wrong(&ticked("&change[due_on]=soon&change[assign]=x")), ["due_on", "assign"]);
    }
}
