//! One line of text, a number, a date or a password.

use super::field::{Field, described_by, invalid};
use leptos::{html, prelude::*};

/// What a [`TextInput`] holds.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum InputKind {
    #[default]
    Text,
    Password,
    Email,
    Date,
    Search,
    Time,
}

impl InputKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Password => "password",
            Self::Email => "email",
            Self::Date => "date",
            Self::Search => "search",
            Self::Time => "time",
        }
    }
}

/// A labelled input. Its `id` is also its `name` unless another is given.
///
/// `value` is what it starts with; `bind` keeps a signal equal to what is typed.
#[component]
pub fn TextInput(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional)] kind: InputKind,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] bind: Option<RwSignal<String>>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] error: MaybeProp<String>,
    #[prop(optional)] required: bool,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] hide_label: bool,
    #[prop(optional)] max_length: Option<u32>,
    #[prop(optional, into)] min: Option<String>,
    #[prop(optional, into)] max: Option<String>,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional)] autocomplete: Option<&'static str>,
) -> impl IntoView {
    let name = name.unwrap_or_else(|| id.clone());
    let describedby = described_by(&id, hint.is_some());
    let first = bind.map_or(value, |bind| bind.get_untracked());
    let node = NodeRef::<html::Input>::new();
    if let Some(bind) = bind {
        // Not `prop:value`: it would wipe what the person typed before the page came alive.
        Effect::new(move |again: Option<()>| {
            let (wanted, Some(input)) = (bind.get(), node.get()) else {
                return;
            };
            match (input.value() == wanted, again) {
                (true, _) => {}
                (false, None) => bind.set(input.value()),
                (false, Some(())) => input.set_value(&wanted),
            }
        });
    }
    let control = view! {
        <input
            class="input"
            id=id.clone()
            name=name
            type=kind.as_str()
            value=first
            node_ref=node
            on:input=move |event| {
                if let Some(bind) = bind {
                    bind.set(event_target_value(&event));
                }
            }
            required=required
            autofocus=autofocus
            maxlength=max_length.map(|n| n.to_string())
            min=min
            max=max
            placeholder=placeholder
            autocomplete=autocomplete
            aria-describedby=describedby
            aria-invalid=invalid(error)
        />
    };
    view! {
        <Field id label hint error required hide_label>
            {control}
        </Field>
    }
}
