//! A label of a task, in its colour.

use domain::palette::Colour;
use leptos::prelude::*;

/// A label's name with a dot of its colour; a link when it leads to the tasks that have it.
#[component]
pub fn LabelChip(
    #[prop(into)] name: String,
    colour: Colour,
    #[prop(optional, into)] href: Option<String>,
) -> impl IntoView {
    match href {
        Some(href) => view! { <a class="chip" data-colour=colour.as_str() href=href>{name}</a> }.into_any(),
        None => view! { <span class="chip" data-colour=colour.as_str()>{name}</span> }.into_any(),
    }
}

/// A project's colour as a small square, beside its name.
#[component]
pub fn ColourDot(colour: Colour) -> impl IntoView {
    view! { <span class="colour-dot" data-colour=colour.as_str() aria-hidden="true"></span> }
}

/// Picks one of the palette. Radio buttons, so it works without script and with arrow keys.
#[component]
pub fn ColourPicker(
    /// Also the name that the form sends.
    #[prop(into)]
    id: String,
    #[prop(into)] label: String,
    value: Colour,
) -> impl IntoView {
    let swatches = Colour::ALL
        .iter()
        .map(|&colour| {
            let name = colour.as_str();
            view! {
                <label class="swatch" data-colour=name title=name>
                    <input type="radio" name=id.clone() value=name checked=colour == value/>
                    <span class="visually-hidden">{name}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field" id=id>
            <legend class="field-label">{label}</legend>
            <div class="swatches">{swatches}</div>
        </fieldset>
    }
}
