//! Several of many: boxes to tick in a list that scrolls, with a field above that narrows a long one.

use super::alive::use_alive;
use crate::components::{Avatar, AvatarSize, ColourDot, Icon};
use domain::palette::Colour;
use leptos::{ev::KeyboardEvent, prelude::*};

/// Lists up to this length are seen at once.
const SHORT: usize = 8;

/// One of the many.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckItem {
    /// What the form sends.
    pub value: String,
    /// What people read.
    pub text: String,
    /// Stands before the text.
    pub mark: Mark,
}

/// What stands before the text of a [`CheckItem`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// A dot of that colour.
    Colour(Colour),
    /// The letters of the name.
    Face,
}

/// Sends each ticked one under `name`, which ends in `[]`. Those that are ticked at first stand on top.
#[component]
pub fn CheckList(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    items: Vec<CheckItem>,
    /// The values that are ticked.
    #[prop(optional)]
    chosen: Vec<String>,
    /// Said when there is nothing to choose.
    #[prop(into)]
    empty: String,
    #[prop(optional, into)] error: MaybeProp<String>,
) -> impl IntoView {
    let words = RwSignal::new(String::new());
    let narrows = (items.len() > SHORT).then(|| view! { <Narrow label=label.clone() words/> });
    let (error_id, described) = (format!("{id}-error"), format!("{id}-error"));
    let (ticked, rest): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| chosen.contains(&item.value));
    let boxes = ticked
        .into_iter()
        .map(|item| (item, true))
        .chain(rest.into_iter().map(|item| (item, false)))
        .map(|(item, checked)| tick(format!("{id}-{}", item.value), name.clone(), item, checked, words))
        .collect::<Vec<_>>();
    let content = if boxes.is_empty() {
        view! { <p class="field-hint">{empty}</p> }.into_any()
    } else {
        view! { <div class="check-list-items">{boxes}</div> }.into_any()
    };
    view! {
        // Focused when it is what is wrong with a form.
        <fieldset class="field check-list" id=id tabindex="-1" aria-describedby=described>
            <legend class="field-label">{label}</legend>
            {narrows}
            {content}
            <p class="field-error" id=error_id>
                {move || error.get().map(|text| view! { <Icon icon=Icon::Alert/> {text} })}
            </p>
        </fieldset>
    }
}

fn tick(id: String, name: String, item: CheckItem, checked: bool, words: RwSignal<String>) -> impl IntoView {
    let mark = match item.mark {
        Mark::Colour(colour) => view! { <ColourDot colour/> }.into_any(),
        Mark::Face => {
            view! { <Avatar name=item.text.clone() size=AvatarSize::Small beside_name=true/> }.into_any()
        }
    };
    let text = item.text.clone();
    let hidden = move || words.with(|words| !has(&text, words));
    view! {
        <div class="checkbox" hidden=hidden>
            <input class="checkbox-box" type="checkbox" id=id.clone() name=name value=item.value checked=checked/>
            <label class="checkbox-label check-list-label" for=id>{mark} {item.text}</label>
        </div>
    }
}

/// Only with script, which does the narrowing.
#[component]
fn Narrow(label: String, words: RwSignal<String>) -> impl IntoView {
    let alive = use_alive();
    let label = format!("Find in {}", label.to_lowercase());
    view! {
        <input
            class="input"
            type="search"
            hidden=move || !alive.get()
            aria-label=label.clone()
            placeholder=label
            autocomplete="off"
            on:input=move |event| words.set(event_target_value(&event))
            on:keydown=|event: KeyboardEvent| {
                // It would send the form.
                if event.key() == "Enter" {
                    event.prevent_default();
                }
            }
        />
    }
}

fn has(text: &str, words: &str) -> bool {
    let text = text.to_lowercase();
    words.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_narrowed_by_parts_of_words() {
        assert!(has("Ada Lovelace", "love ad"));
        assert!(has("Ada Lovelace", " "));
        assert!(!has("Ada Lovelace", "grace"));
    }
}
