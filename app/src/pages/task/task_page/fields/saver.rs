//! Saving one field of the task at a time: each change as it is made, one after the other.

use super::value::{held, wanted};
use crate::{
    api::{
        task_form::TaskForm,
        task_page::{SaveTaskField, TaskField},
    },
    features::{
        by_script::{send, send_soon},
        form_outcome::FormOutcome,
        open_task::{OpenTask, theirs},
    },
    refused::{Typed, forget_typed, typed_in},
};
use domain::task::Task;
use leptos::{prelude::*, server::ServerAction};

/// Saves the fields of a page's task. Copy it into closures.
#[derive(Clone, Copy)]
pub struct Saver {
    pub task: OpenTask,
    pub action: ServerAction<SaveTaskField>,
    pub outcome: FormOutcome,
    /// What was not saved, because someone else changed the same field.
    pub clash: RwSignal<Option<SaveTaskField>>,
    /// What was sent last, and the task as it was then.
    sent: StoredValue<Option<(SaveTaskField, Task)>>,
    /// The forms that are to be sent next.
    waiting: StoredValue<Vec<String>>,
}

impl Saver {
    /// For a page's task.
    pub fn new(task: OpenTask) -> Self {
        let action = ServerAction::<SaveTaskField>::new();
        let outcome = FormOutcome::of(action, "task-");
        let refused = untrack(|| outcome.is_conflict());
        let saver = Self {
            task,
            action,
            outcome,
            clash: RwSignal::new(typed(task).filter(|_| refused)),
            sent: StoredValue::new(None),
            waiting: StoredValue::new(Vec::new()),
        };
        saver.remember();
        saver.answer();
        saver
    }

    /// Saves the form of that id now, or when what is on its way has arrived.
    pub fn save(self, form: String) {
        // Enter changes a field and then sends its form: that comes first.
        request_animation_frame(move || self.save_now(form));
    }

    fn save_now(self, form: String) {
        if self.action.pending().get_untracked() {
            self.waiting.update_value(|waiting| {
                if !waiting.contains(&form) {
                    waiting.push(form);
                }
            });
        } else {
            send(&form);
        }
    }

    /// What went wrong besides a wrong value and a clash, which are told where they are.
    pub fn problem(self) -> Signal<Option<String>> {
        let outcome = self.outcome;
        Signal::derive(move || {
            let elsewhere = !outcome.fields().with(Vec::is_empty) || outcome.is_conflict();
            if elsewhere { None } else { outcome.message().get() }
        })
    }

    /// What a control of `field` starts with: what was typed there and refused, or else what the task has.
    pub fn start(self, field: TaskField) -> String {
        let typed = typed(self.task).filter(|typed| typed.field == field);
        typed.map_or_else(|| super::value::current(field, self.task), |typed| wanted(field, &typed.task))
    }

    fn send_again(self, mine: SaveTaskField) {
        self.clash.set(None);
        self.action.dispatch(SaveTaskField { version: untrack(|| self.task.version()), ..mine });
    }

    fn remember(self) {
        let input = self.action.input();
        Effect::new(move |_| {
            if let Some(input) = input.get() {
                self.sent.set_value(Some((input, self.task.now())));
            }
        });
    }

    fn answer(self) {
        let (version, value) = (self.action.version(), self.action.value());
        Effect::new(move |before: Option<usize>| {
            let now = version.get();
            if before.is_none_or(|before| before == now) {
                return now;
            }
            match value.get_untracked() {
                Some(Ok(task)) => {
                    forget_typed();
                    self.clash.set(None);
                    self.task.set(task);
                }
                Some(Err(error)) => {
                    if let Some(theirs) = theirs::<Task>(Some(&error)) {
                        self.meet(theirs);
                    }
                }
                None => {}
            }
            self.go_on();
            now
        });
    }

    /// Someone else was quicker. Where they left this field alone, one's own change is sent again by itself.
    fn meet(self, theirs: Task) {
        let sent = self.sent.get_value();
        self.task.set_theirs(theirs.clone());
        let Some((mine, before)) = sent else { return };
        let field = mine.field;
        if held(field, &theirs) == held(field, &before) {
            self.send_again(mine);
        } else if held(field, &theirs) != wanted(field, &mine.task) {
            self.clash.set(Some(mine));
        }
    }

    fn go_on(self) {
        let next = self.waiting.try_update_value(|waiting| (!waiting.is_empty()).then(|| waiting.remove(0)));
        if let Some(next) = next.flatten() {
            send_soon(next);
        }
    }
}

/// What was sent without script and refused, if it was about this task.
fn typed(task: OpenTask) -> Option<SaveTaskField> {
    let typed = typed_in::<SaveTaskField>()?;
    let id = typed.get("id")?.parse().ok().filter(|id| *id == task.id())?;
    let field = serde_json::from_value(typed.get("field")?.into()).ok()?;
    let version = typed.get("version")?.parse().ok()?;
    Some(SaveTaskField { id, version, field, task: form_of(&typed) })
}

fn form_of(typed: &Typed) -> TaskForm {
    let of = |name: &str| typed.get(&format!("task[{name}]")).unwrap_or_default().to_owned();
    TaskForm {
        column_id: of("column_id"),
        priority: of("priority"),
        assignees: typed.all("task[assignees][]").filter_map(|id| id.parse().ok()).collect(),
        labels: typed.all("task[labels][]").filter_map(|id| id.parse().ok()).collect(),
        start_on: of("start_on"),
        due_on: of("due_on"),
        estimate: of("estimate"),
        parent: of("parent"),
        ..TaskForm::default()
    }
}
