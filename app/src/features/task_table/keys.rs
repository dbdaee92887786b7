//! From row to row by keyboard: `j` and `k` from anywhere on the page, arrows within the table.

use super::selection::{Selection, focus_row, link_of};
use crate::features::single_keys::single_keys_wanted;
use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::Element,
};

/// What a key means to the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    Next,
    Previous,
    Tick,
    Open,
}

/// Listens while the list is on the page.
pub fn walk_rows(selection: Selection) {
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, move |event| pressed(selection, &event));
        on_cleanup(move || handle.remove());
    });
}

fn pressed(selection: Selection, event: &KeyboardEvent) {
    let control = event.ctrl_key() || event.meta_key() || event.alt_key();
    if control || event.default_prevented() || is_typed(event) {
        return;
    }
    let rows = selection.rows();
    let here = place(&rows);
    let Some(step) = meaning(&event.key(), here.is_some(), single_keys_wanted()) else { return };
    let row = match step {
        Step::Next => rows.get(here.map_or(0, |here| here + 1)),
        Step::Previous => here.and_then(|here| rows.get(here.checked_sub(1)?)),
        Step::Tick | Step::Open => here.and_then(|here| rows.get(here)),
    };
    let Some(row) = row else { return };
    match step {
        Step::Next | Step::Previous => focus_row(row),
        Step::Tick => selection.toggle(row),
        Step::Open => {
            // The link itself knows how to be followed.
            if let Some(link) = link_of(row) {
                link.click();
            }
        }
    }
    event.prevent_default();
}

/// `in_row`: whether the focus is in a row; `single`: whether keys without Ctrl are wanted.
fn meaning(key: &str, in_row: bool, single: bool) -> Option<Step> {
    match key {
        "j" if single => Some(Step::Next),
        "k" if single => Some(Step::Previous),
        "x" if single && in_row => Some(Step::Tick),
        "ArrowDown" if in_row => Some(Step::Next),
        "ArrowUp" if in_row => Some(Step::Previous),
        // In a box it would send the form.
        "Enter" if in_row => Some(Step::Open),
        _ => None,
    }
}

/// Which row has the focus.
fn place(rows: &[Element]) -> Option<usize> {
    let active = document().active_element()?;
    rows.iter().position(|row| row.contains(Some(&active)))
}

/// Whether the key is typed into something, or something lies over the page.
fn is_typed(event: &KeyboardEvent) -> bool {
    let field = event.target().and_then(|target| target.dyn_into::<Element>().ok()).is_some_and(|element| {
        element
            .matches("input:not([type=checkbox]), textarea, select, [contenteditable], dialog *, [popover] *")
            .unwrap_or(false)
    });
    field || document().query_selector("dialog[open]").is_ok_and(|open| open.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_work_from_anywhere_and_arrows_only_in_the_table() {
        assert_eq!(meaning("j", false, true), Some(Step::Next));
        assert_eq!(meaning("k", true, true), Some(Step::Previous));
        assert_eq!(meaning("ArrowDown", false, true), None);
        assert_eq!(meaning("ArrowDown", true, false), Some(Step::Next));
        assert_eq!(meaning("x", false, true), None);
        assert_eq!(meaning("x", true, true), Some(Step::Tick));
        assert_eq!(meaning("Enter", true, false), Some(Step::Open));
    }

    #[test]
    fn who_turned_letters_off_keeps_the_arrows() {
        for key in ["j", "k", "x"] {
            assert_eq!(meaning(key, true, false), None);
        }
    }
}
