//! Choosing a task by its key, with suggestions by title. A native list, as for people.

use super::pause::Pause;
use crate::{
    api::task_choices::{TaskOption, task_options},
    components::{Field, described_by, invalid},
};
use domain::ids::ProjectId;
use leptos::prelude::*;
use std::time::Duration;

const PAUSE: Duration = Duration::from_millis(150);

/// Sends the key under `name`. Tasks of the project are suggested; without one, of all that the person may see.
#[component]
pub fn TaskPicker(
    #[prop(optional, into)] project: Option<ProjectId>,
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] error: MaybeProp<String>,
    #[prop(optional)] hide_label: bool,
    #[prop(optional)] placeholder: Option<&'static str>,
) -> impl IntoView {
    let list_id = format!("{id}-list");
    let described = described_by(&id, hint.is_some());
    let tasks = RwSignal::new(Vec::<TaskOption>::new());
    let ask = suggest(project, tasks);
    let options = move || {
        tasks
            .get()
            .into_iter()
            .map(|task| view! { <option value=task.key>{task.title}</option> })
            .collect_view()
    };
    let control = view! {
        <input
            class="input"
            id=id.clone()
            name=name
            value=value
            list=list_id.clone()
            placeholder=placeholder
            autocomplete="off"
            autocapitalize="characters"
            spellcheck="false"
            aria-describedby=described
            aria-invalid=invalid(error)
            on:focus=move |event| ask.run(event_target_value(&event))
            on:input=move |event| ask.run(event_target_value(&event))
        />
        <datalist id=list_id>{options}</datalist>
    };
    view! { <Field id label hint error hide_label>{control}</Field> }
}

/// Asks the server for what is typed, when the typing rests.
fn suggest(project: Option<ProjectId>, tasks: RwSignal<Vec<TaskOption>>) -> Callback<String> {
    let ask = Action::new(move |words: &String| task_options(project, words.clone()));
    Effect::new(move |_| {
        // Suggestions that can't be had leave the last ones standing.
        if let Some(Ok(found)) = ask.value().get() {
            tasks.set(found);
        }
    });
    let pause = Pause::of(PAUSE);
    Callback::new(move |words: String| {
        pause.then(move || {
            ask.dispatch(words);
        });
    })
}
