//! Which rows are ticked. The boxes know it themselves; this counts them, ticks them all, and remembers the row that
//! has the focus, so that it is found again when the rows are drawn anew.

use leptos::{
    ev::FocusEvent,
    html,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlElement, HtmlInputElement, Node},
};

/// The name under which a ticked row is sent; see `api::task_bulk::BulkForm`.
pub const TICKED: &str = "change[tasks][]";

/// The rows of the form that it was made for. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Selection {
    form: NodeRef<html::Form>,
    ticked: RwSignal<usize>,
    there: RwSignal<usize>,
    /// The id of the row with the focus, blank while it is elsewhere in the form, and whether its box has it.
    focused: StoredValue<Option<(String, bool)>>,
    /// The ids of the rows that are ticked.
    ids: StoredValue<Vec<String>>,
    /// Whether the rows that are drawn next are the same list, as others have changed it.
    keeps: StoredValue<bool>,
}

impl Default for Selection {
    /// Of a form that is not drawn yet.
    fn default() -> Self {
        Self {
            form: NodeRef::new(),
            ticked: RwSignal::new(0),
            there: RwSignal::new(0),
            focused: StoredValue::new(None),
            ids: StoredValue::new(Vec::new()),
            keeps: StoredValue::new(false),
        }
    }
}

impl Selection {
    /// For the form around the table.
    pub const fn form(self) -> NodeRef<html::Form> {
        self.form
    }

    /// How many rows are ticked.
    pub fn ticked(self) -> usize {
        self.ticked.get()
    }

    /// How many rows can be ticked; none before the page is alive.
    pub fn there(self) -> usize {
        self.there.get()
    }

    /// Whether every row is ticked.
    pub fn is_all(self) -> bool {
        self.there.get() > 0 && self.ticked.get() == self.there.get()
    }

    /// Whether some rows are ticked, but not all.
    pub fn is_some(self) -> bool {
        self.ticked.get() > 0 && self.ticked.get() < self.there.get()
    }

    /// When rows are drawn, once they are in the page: counts them, and gives the focus back if the old ones took it
    /// along. Only in the browser.
    pub fn begin(self) {
        self.soon(Self::begin_now);
    }

    /// Counts the boxes once a press of "Clear the selection" has reached them.
    pub fn count_soon(self) {
        self.soon(Self::count);
    }

    fn soon(self, act: impl FnOnce(Self) + 'static) {
        request_animation_frame(move || {
            // By then the page may be gone.
            if !self.ticked.is_disposed() {
                act(self);
            }
        });
    }

    /// What is ticked stays so when the rows are drawn the next time.
    pub fn keep(self) {
        self.keeps.try_set_value(true);
    }

    fn begin_now(self) {
        if self.keeps.get_value() {
            self.keeps.set_value(false);
            let ids = self.ids.get_value();
            for row in self.rows().iter().filter(|row| id_of(row).is_some_and(|id| ids.contains(&id))) {
                if let Some(tick) = tick_of(row) {
                    tick.set_checked(true);
                }
            }
        }
        self.count();
        let Some((row, on_box)) = self.focused.get_value().filter(|_| focus_is_lost()) else { return };
        let part = if on_box { ".cell-check input" } else { ".task-link" };
        let found = self.find(&format!("[data-task=\"{row}\"] {part}"));
        if let Some(stop) = found.or_else(|| self.find(".table-frame, .empty-state a")) {
            focus(&stop);
        }
    }

    /// Counts the boxes anew.
    pub fn count(self) {
        let rows = self.rows();
        let boxes: Vec<_> = rows.iter().filter_map(|row| Some((row, tick_of(row)?))).collect();
        self.there.set(boxes.len());
        let ticked = boxes.iter().filter(|(_, tick)| tick.checked());
        let ids: Vec<String> = ticked.filter_map(|(row, _)| id_of(row)).collect();
        self.ticked.set(ids.len());
        self.ids.set_value(ids);
    }

    /// Ticks every row, or none.
    pub fn tick_all(self, ticked: bool) {
        for tick in self.boxes() {
            tick.set_checked(ticked);
        }
        self.count();
    }

    /// Ticks this row, or no longer.
    pub fn toggle(self, row: &Element) {
        if let Some(tick) = tick_of(row) {
            tick.set_checked(!tick.checked());
            self.count();
        }
    }

    /// Leaves the form as it was when the page was drawn: nothing is ticked, nothing is chosen.
    pub fn clear(self) {
        if let Some(form) = self.form.try_get_untracked().flatten() {
            form.reset();
        }
        self.count();
    }

    /// The rows from top to bottom.
    pub fn rows(self) -> Vec<Element> {
        let Some(form) = self.form.try_get_untracked().flatten() else { return Vec::new() };
        let Ok(rows) = form.query_selector_all("[data-task]") else { return Vec::new() };
        (0..rows.length()).filter_map(|index| rows.item(index)?.dyn_into().ok()).collect()
    }

    /// Remembers where the focus is.
    pub fn focus_in(self, event: &FocusEvent) {
        let target = element(event.target());
        let on_box =
            target.as_ref().is_some_and(|target| target.matches(".cell-check input").unwrap_or(false));
        let row = target.and_then(|target| target.closest("[data-task]").ok().flatten());
        let id = row.and_then(|row| row.get_attribute("data-task"));
        self.focused.set_value(Some((id.unwrap_or_default(), on_box)));
    }

    /// Forgets it when the focus goes somewhere else; rows that vanish with it leave it nowhere.
    pub fn focus_out(self, event: &FocusEvent) {
        let Some(to) = element(event.related_target()) else { return };
        let inside = self
            .form
            .try_get_untracked()
            .flatten()
            .is_some_and(|form| form.contains(Some(to.unchecked_ref::<Node>())));
        if !inside {
            self.focused.set_value(None);
        }
    }

    fn boxes(self) -> Vec<HtmlInputElement> {
        self.rows().iter().filter_map(tick_of).collect()
    }

    fn find(self, selector: &str) -> Option<HtmlElement> {
        self.form.try_get_untracked().flatten()?.query_selector(selector).ok()??.dyn_into().ok()
    }
}

/// Brings the focus to the row's title.
pub fn focus_row(row: &Element) {
    if let Some(link) = link_of(row) {
        focus(&link);
    }
}

/// The link to the row's task.
pub fn link_of(row: &Element) -> Option<HtmlElement> {
    row.query_selector(".task-link").ok()??.dyn_into().ok()
}

fn id_of(row: &Element) -> Option<String> {
    row.get_attribute("data-task")
}

fn tick_of(row: &Element) -> Option<HtmlInputElement> {
    row.query_selector(".cell-check input").ok()??.dyn_into().ok()
}

fn element(target: Option<leptos::web_sys::EventTarget>) -> Option<Element> {
    target?.dyn_into().ok()
}

/// Nothing is ticked when rows have just been drawn, so the bar with the button that was pressed is gone as well, or
/// will be at the next moment.
fn focus_is_lost() -> bool {
    document().active_element().is_none_or(|element| element.matches("body, .bulk-bar *").unwrap_or(false))
}

fn focus(element: &HtmlElement) {
    // Fails only when the element has left the page.
    drop(element.focus());
}
