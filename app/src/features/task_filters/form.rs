//! The form of the filters, once the page is alive: it goes where it would be sent, without the empty fields, and
//! shows what the address says after "Back" or "Clear filters".

use super::super::task_query::TaskQuery;
use domain::Day;
use leptos::{
    ev::{Event, SubmitEvent},
    html,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, FormData, HtmlFormElement, HtmlInputElement, HtmlSelectElement},
};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Years in which nothing is due: a year that is still being typed.
const UNFINISHED: std::ops::Range<i32> = 0..1900;

/// Follows what is chosen in the form.
#[derive(Clone, Copy)]
pub struct Follow {
    form: NodeRef<html::Form>,
    wanted: Memo<TaskQuery>,
    path: StoredValue<String>,
    go: Callback<String>,
}

impl Follow {
    /// Of the form that stands at `form` and leads to `path`.
    pub fn new(form: NodeRef<html::Form>, wanted: Memo<TaskQuery>, path: String) -> Self {
        let navigate = use_navigate();
        let last = StoredValue::new(String::new());
        let go = Callback::new(move |to: String| {
            // Enter in a field both changes it and sends the form.
            if last.with_value(|last| *last != to) {
                last.set_value(to.clone());
                navigate(&to, NavigateOptions { scroll: false, ..NavigateOptions::default() });
            }
        });
        let path = StoredValue::new(path);
        Effect::new(move |before: Option<()>| {
            let query = wanted.get();
            last.set_value(path.with_value(|path| query.address(path)));
            // What was typed before the page came alive stays.
            if let (Some(()), Some(form)) = (before, form.get_untracked()) {
                show(&form, &query);
            }
        });
        Self { form, wanted, path, go }
    }

    /// Instead of sending the form.
    pub fn sent(self, event: &SubmitEvent) {
        event.prevent_default();
        self.follow();
    }

    /// When another value is chosen.
    pub fn changed(self, event: &Event) {
        let day = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
            .filter(|input| input.type_() == "date")
            .and_then(|input| input.value().parse::<Day>().ok());
        if !day.is_some_and(|day| UNFINISHED.contains(&day.0.year())) {
            self.follow();
        }
    }

    fn follow(self) {
        let Some(form) = self.form.get_untracked() else { return };
        let Ok(data) = FormData::new_with_form(&form) else { return };
        let now = self.wanted.get_untracked();
        let asked = TaskQuery::from_pairs(|name| data.get(name).as_string());
        // The first page: the old one belongs to other filters.
        let asked = TaskQuery { cursor: String::new(), ..asked };
        if asked != now.page("") {
            self.go.run(self.path.with_value(|path| asked.address(path)));
        }
    }
}

/// Brings the controls to what the address says.
fn show(form: &HtmlFormElement, query: &TaskQuery) {
    for (name, value) in query.pairs() {
        let Ok(Some(control)) = form.query_selector(&format!("[name=\"{name}\"]")) else { continue };
        set(control, value);
    }
}

fn set(control: Element, value: &str) {
    match control.dyn_into::<HtmlSelectElement>() {
        Ok(select) if select.value() != value => select.set_value(value),
        Ok(_) => {}
        Err(control) => {
            if let Some(input) = control.dyn_ref::<HtmlInputElement>().filter(|input| input.value() != value)
            {
                input.set_value(value);
            }
        }
    }
}
