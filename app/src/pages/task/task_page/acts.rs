//! What can be done to the whole task with one button, and taken back.

use crate::{
    AppError,
    api::task::{ActOnTask, MoveToColumn, TaskAct, WatchTask, act_on_task, move_to_column},
    components::{Toaster, use_toaster},
    features::{
        form_outcome::{FormOutcome, on_success},
        open_task::OpenTask,
    },
};
use domain::{
    board::Category,
    limits,
    task::{Lifecycle, Task},
};
use leptos::{
    form::ActionForm,
    prelude::*,
    server::ServerAction,
    server_fn::{Http, ServerFn, codec::PostUrl},
    task::spawn_local,
};

/// The acts of a page; one of each, whatever buttons stand for them.
#[derive(Clone, Copy)]
pub struct Acts {
    task: OpenTask,
    /// Completes, reopens, archives, deletes, brings back.
    pub act: ServerAction<ActOnTask>,
    /// Puts it into another column.
    pub shift: ServerAction<MoveToColumn>,
    /// Begins or ends watching.
    pub watch: ServerAction<WatchTask>,
    toaster: Toaster,
}

impl Acts {
    /// For a page's task. What is done is told, with a way back.
    pub fn new(task: OpenTask) -> Self {
        let acts = Self {
            task,
            act: ServerAction::new(),
            shift: ServerAction::new(),
            watch: ServerAction::new(),
            toaster: use_toaster(),
        };
        acts.follow(acts.act);
        acts.follow(acts.shift);
        on_success(acts.watch, move |()| task.touch());
        acts
    }

    /// What went wrong last, in words.
    pub fn problem(self) -> Signal<Option<String>> {
        let refusal = self.refusal();
        Signal::derive(move || refusal.get().map(|error| said(&error)))
    }

    /// What went wrong last.
    pub fn refusal(self) -> Signal<Option<AppError>> {
        let outcomes = [
            FormOutcome::of(self.act, "").error,
            FormOutcome::of(self.shift, "").error,
            FormOutcome::of(self.watch, "").error,
        ];
        Signal::derive(move || outcomes.iter().find_map(|error| error.get()))
    }

    /// While any of it is on its way.
    pub fn busy(self) -> Signal<bool> {
        let pending = [self.act.pending(), self.shift.pending(), self.watch.pending()];
        Signal::derive(move || pending.iter().any(|pending| pending.get()))
    }

    fn follow<S, P>(self, action: ServerAction<S>)
    where
        S: ServerFn<Error = AppError, Output = Task, Protocol = Http<PostUrl, P>>
            + Clone
            + Send
            + Sync
            + 'static,
    {
        let before = StoredValue::new(None::<Task>);
        let input = action.input();
        Effect::new(move |_| {
            if input.with(Option::is_some) {
                before.set_value(Some(self.task.now()));
            }
        });
        on_success(action, move |now: Task| {
            if let Some(before) = before.get_value() {
                self.tell(before, &now);
            }
            self.task.set(now);
            self.forget_refusals();
        });
        self.task.learn_from(action);
    }

    /// Forgets what was refused before: something went well since, and it may not be so any more.
    pub fn forget_refusals(self) {
        self.act.clear();
        self.shift.clear();
        self.watch.clear();
    }

    /// Says what became of the task, and offers to take it back from wherever the person has gone meanwhile.
    fn tell(self, before: Task, now: &Task) {
        let Some((text, can_undo)) = became(&before, now) else { return };
        if !can_undo {
            self.toaster.success(text);
            return;
        }
        let (task, toaster, now) = (self.task, self.toaster, now.clone());
        toaster.undo(text, move || {
            let (before, now) = (before.clone(), now.clone());
            spawn_local(async move {
                match take_back(&before, &now).await {
                    Ok(back) => {
                        toaster.success(format!("{} is back where it was.", back.summary.key));
                        task.set(back);
                    }
                    Err(error) => toaster.error(said(&error)),
                }
            });
        });
    }
}

/// Undoes the last act, unless someone has changed the task since.
async fn take_back(before: &Task, now: &Task) -> Result<Task, AppError> {
    let (id, version) = (now.summary.id, now.summary.version);
    match now.summary.lifecycle {
        Lifecycle::Archived => act_on_task(id, version, TaskAct::Unarchive).await,
        Lifecycle::Deleted => act_on_task(id, version, TaskAct::Restore).await,
        Lifecycle::Active => move_to_column(id, version, before.summary.column_id).await,
    }
}

/// What the person is told, and whether it can be taken back.
fn became(before: &Task, now: &Task) -> Option<(String, bool)> {
    let (was, is) = (&before.summary, &now.summary);
    let key = &is.key;
    if was.lifecycle != is.lifecycle {
        return Some(match is.lifecycle {
            Lifecycle::Active => (format!("{key} is back in use."), false),
            Lifecycle::Archived => (format!("{key} is archived."), true),
            Lifecycle::Deleted => {
                (format!("{key} is deleted. It rests for {} days.", limits::REST_DAYS), true)
            }
        });
    }
    if was.column_id == is.column_id {
        return None;
    }
    let text = match (was.category == Category::Done, is.category == Category::Done) {
        (false, true) => format!("{key} is done."),
        (true, false) => format!("{key} is open again."),
        _ => format!("{key} is in “{}”.", is.column_name),
    };
    Some((text, true))
}

fn said(error: &AppError) -> String {
    if matches!(error, AppError::Service(domain::Error::Conflict { .. })) {
        return "Someone else changed this task at the same time. It is shown as it is now; try again if that is still right."
            .to_owned();
    }
    error.to_string()
}

/// A form for one act; the children are its button.
#[component]
pub fn ActForm(
    task: OpenTask,
    acts: Acts,
    #[prop(into)] act: Signal<TaskAct>,
    children: Children,
) -> impl IntoView {
    view! {
        <ActionForm action=acts.act>
            <input type="hidden" name="id" value=task.id().to_string()/>
            <input type="hidden" name="version" value=move || task.version()/>
            <input type="hidden" name="act" value=move || word(act.get())/>
            {children()}
        </ActionForm>
    }
}

/// As a form sends it.
const fn word(act: TaskAct) -> &'static str {
    match act {
        TaskAct::Complete => "complete",
        TaskAct::Reopen => "reopen",
        TaskAct::Archive => "archive",
        TaskAct::Unarchive => "unarchive",
        TaskAct::Delete => "delete",
        TaskAct::Restore => "restore",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_names_an_act_as_it_is_read() {
        for act in [
            TaskAct::Complete,
            TaskAct::Reopen,
            TaskAct::Archive,
            TaskAct::Unarchive,
            TaskAct::Delete,
            TaskAct::Restore,
        ] {
            let read: TaskAct = serde_json::from_str(&format!("\"{}\"", word(act))).expect("an act");
            assert_eq!(read, act);
        }
    }
}
