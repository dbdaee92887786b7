//! Picking a colour where a page has several such pickers: as the kit's, with a name of its own beside its id.

use domain::palette::Colour;
use leptos::prelude::*;

/// Radio buttons that send `name=teal`.
#[component]
pub fn ColourSwatches(
    /// Unique in the page.
    #[prop(into)]
    id: String,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    value: Colour,
) -> impl IntoView {
    let swatches = Colour::ALL
        .iter()
        .map(|&colour| {
            let word = colour.as_str();
            view! {
                <label class="swatch" data-colour=word title=word>
                    <input type="radio" name=name.clone() value=word checked=colour == value/>
                    <span class="visually-hidden">{word}</span>
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
