//! Says that the task, or its project, is put away, and how it comes back.

use super::acts::{ActForm, Acts};
use crate::{
    api::task::TaskAct,
    components::{Button, ButtonSize, Icon, LinkButton, Notice, Tone},
    features::open_task::OpenTask,
    paths,
};
use domain::{limits, permission::Permission, task::Lifecycle};
use leptos::prelude::*;

/// Nothing for what is in use.
#[component]
pub fn PutAway(task: OpenTask, acts: Acts) -> impl IntoView {
    let state = Memo::new(move |_| task.with(|view| (view.project_lifecycle, view.task.summary.lifecycle)));
    move || {
        let (title, text, way_back) = match state.get() {
            (Lifecycle::Active, Lifecycle::Active) => return None,
            (Lifecycle::Active, Lifecycle::Archived) => (
                "This task is archived",
                "It can be read, is in no list, and nothing of it changes until it is brought back."
                    .to_owned(),
                bring_back(task, acts, TaskAct::Unarchive, Permission::TaskArchive),
            ),
            (Lifecycle::Active, Lifecycle::Deleted) => (
                "This task is deleted",
                format!(
                    "It rests for {} days, seen only by those who may delete it. Then it is removed for good.",
                    limits::REST_DAYS
                ),
                bring_back(task, acts, TaskAct::Restore, Permission::TaskDelete),
            ),
            (project, _) => {
                let word = if project == Lifecycle::Archived { "archived" } else { "deleted" };
                (
                    "Nothing changes here for now",
                    format!("The project of this task is {word}. Its page is where it is brought back."),
                    Some(view! { <ToProject task/> }.into_any()),
                )
            }
        };
        Some(view! {
            <div class="page-header-notice">
                <Notice tone=Tone::Warning title><p>{text}</p> {way_back}</Notice>
            </div>
        })
    }
}

fn bring_back(task: OpenTask, acts: Acts, act: TaskAct, needed: Permission) -> Option<AnyView> {
    task.may(needed).then(|| {
        view! {
            <ActForm task acts act>
                <Button kind="submit" size=ButtonSize::Small icon=Icon::Restore busy=acts.busy()>"Bring it back"</Button>
            </ActForm>
        }
        .into_any()
    })
}

#[component]
fn ToProject(task: OpenTask) -> impl IntoView {
    let project = task.project();
    view! {
        <LinkButton href=paths::project(&project.key) size=ButtonSize::Small icon=Icon::Projects>{project.name}</LinkButton>
    }
}
