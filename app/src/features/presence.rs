//! Who else looks at a task.

use super::live::{Live, on_live};
use crate::{
    api::task_page::{leave_task, look_at_task},
    components::AvatarStack,
};
use domain::{ids::TaskId, user::UserRef};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// How often the page says that it is open; it counts as closed when it has not done so for a bit more than twice this.
const EVERY: Duration = Duration::from_secs(20);

/// The faces of those who look at the task, too. Says to them that this person does, as long as the page is seen.
#[component]
pub fn AlsoHere(task: TaskId) -> impl IntoView {
    let people = RwSignal::new(Vec::<UserRef>::new());
    let look = move || {
        if document().hidden() {
            return;
        }
        spawn_local(async move {
            // It is for people to notice each other: without an answer nothing is lost.
            if let Ok(here) = look_at_task(task).await {
                people.try_set(here);
            }
        });
    };
    Effect::new(move |_| {
        look();
        if let Ok(timer) = set_interval_with_handle(look, EVERY) {
            on_cleanup(move || {
                timer.clear();
                spawn_local(async move { drop(leave_task(task).await) });
            });
        }
    });
    on_live(move |live| {
        if matches!(live, Live::Present { task_id } if *task_id == task) {
            look();
        }
    });
    let names =
        move || people.with(|people| people.iter().map(|user| user.display_name.clone()).collect::<Vec<_>>());
    view! {
        <span class="also-here" role="status">
            {move || {
                let names = names();
                (!names.is_empty()).then(|| {
                    let words = format!("Also here: {}", names.join(", "));
                    view! {
                        <span class="visually-hidden">{words.clone()}</span>
                        <span aria-hidden="true" title=words><AvatarStack names/></span>
                    }
                })
            }}
        </span>
    }
}
