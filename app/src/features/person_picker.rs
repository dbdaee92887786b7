//! Choosing a person by user name, with suggestions. A native list, so it works without script and by keyboard.

use super::pause::Pause;
use crate::{
    api::people::people_options,
    components::{Field, described_by, invalid},
};
use domain::user::UserRef;
use leptos::prelude::*;
use std::time::Duration;

const PAUSE: Duration = Duration::from_millis(150);

/// Sends the user name under `name`. `first` are the suggestions before anything is typed.
#[component]
pub fn PersonPicker(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(optional, into)] value: String,
    #[prop(optional)] first: Vec<UserRef>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] error: MaybeProp<String>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let list_id = format!("{id}-list");
    let described = described_by(&id, hint.is_some());
    let people = RwSignal::new(first);
    let ask = suggest(people);
    let options = move || {
        people
            .get()
            .into_iter()
            .map(|user| view! { <option value=user.username>{user.display_name}</option> })
            .collect_view()
    };
    let control = view! {
        <input
            class="input"
            id=id.clone()
            name=name
            value=value
            list=list_id.clone()
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            required=required
            aria-describedby=described
            aria-invalid=invalid(error)
            on:input=move |event| ask.run(event_target_value(&event))
        />
        <datalist id=list_id>{options}</datalist>
    };
    view! { <Field id label hint error required>{control}</Field> }
}

/// Asks the server for what is typed, when the typing rests.
fn suggest(people: RwSignal<Vec<UserRef>>) -> Callback<String> {
    let ask = Action::new(|words: &String| people_options(words.clone()));
    Effect::new(move |_| {
        // Suggestions that can't be had leave the last ones standing.
        if let Some(Ok(found)) = ask.value().get() {
            people.set(found);
        }
    });
    let pause = Pause::of(PAUSE);
    Callback::new(move |words: String| {
        pause.then(move || {
            ask.dispatch(words);
        });
    })
}
