//! From the browser's events to decisions of `drag`, and from those to what the board shows.

use super::{
    drag::{Arrow, Drag, Slot, index_at, is_drag, slot_of, step},
    state::BoardState,
};
use domain::{
    ids::{ColumnId, TaskId},
    permission::Permission,
};
use leptos::{
    ev::{FocusEvent, KeyboardEvent, MouseEvent, PointerEvent},
    html::Div,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, Event, HtmlDivElement, HtmlElement},
};

/// How close to the board's edge a drag scrolls it, and by how much for each move, in pixels.
const EDGE: f64 = 48.0;
const SCROLL: i32 = 16;

/// The board's listeners.
#[derive(Clone, Copy)]
pub struct Wiring {
    state: BoardState,
    root: NodeRef<Div>,
    /// A drag ends with a click on what was dragged; that one must not open the task.
    swallow_click: StoredValue<bool>,
}

impl Wiring {
    pub fn new(state: BoardState, root: NodeRef<Div>) -> Self {
        Self { state, root, swallow_click: StoredValue::new(false) }
    }

    pub fn pointer_down(self, event: &PointerEvent) {
        self.swallow_click.set_value(false);
        // The main button only; a finger scrolls the column, and has the form for moving.
        if event.button() != 0 || event.pointer_type() == "touch" || !self.state.may(Permission::TaskMove) {
            return;
        }
        if on_control(event) {
            return;
        }
        if let Some(card) = card_at(event) {
            let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
            self.state.set_drag(Drag::Pressed { card, x, y });
        }
    }

    pub fn pointer_move(self, event: &PointerEvent) {
        let at = (f64::from(event.client_x()), f64::from(event.client_y()));
        match self.state.drag() {
            Drag::Pressed { card, x, y } if is_drag((x, y), at) => {
                if let Some(root) = self.root() {
                    // Moves outside the board still come here. It fails only for a pointer that is gone.
                    let _ = root.set_pointer_capture(event.pointer_id());
                }
                self.state.set_drag(Drag::Dragging { card, target: None });
                self.aim(card, at);
            }
            Drag::Dragging { card, .. } => {
                event.prevent_default();
                self.aim(card, at);
            }
            _ => {}
        }
    }

    pub fn pointer_up(self, event: &PointerEvent) {
        match self.state.drag() {
            Drag::Dragging { card, target } => {
                event.prevent_default();
                self.swallow_click.set_value(true);
                self.end();
                if let (Some(from), Some(to)) = (slot_of(&self.state.order(), card), target)
                    && from != to
                {
                    self.state.show_at(card, to);
                    self.state.send(card, from, to);
                    self.state.say(format!("Moved: {}.", self.state.place_in_words(to)));
                }
            }
            Drag::Pressed { .. } => self.end(),
            _ => {}
        }
    }

    /// Leaves everything where it was.
    pub fn cancel(self) {
        if let Drag::Picked { card, from } = self.state.drag() {
            self.state.show_at(card, from);
            self.state.say("Put back where it was.");
            self.focus_later(card);
        }
        self.end();
    }

    pub fn click(self, event: &MouseEvent) {
        if self.swallow_click.try_get_value().unwrap_or_default() {
            self.swallow_click.set_value(false);
            event.prevent_default();
            event.stop_propagation();
        }
    }

    pub fn key_down(self, event: &KeyboardEvent) {
        match (self.state.drag(), event.key().as_str()) {
            (Drag::Idle, " ") => self.pick_up(event),
            (Drag::Picked { card, from }, " " | "Enter") => {
                event.prevent_default();
                self.put_down(card, from);
            }
            (Drag::Picked { .. } | Drag::Dragging { .. }, "Escape") => {
                event.prevent_default();
                event.stop_propagation();
                self.cancel();
            }
            (Drag::Picked { card, .. }, key) => {
                if let Some(arrow) = Arrow::parse(key) {
                    event.prevent_default();
                    self.carry(card, arrow);
                }
            }
            (Drag::Idle, key) => {
                if let Some(arrow) = Arrow::parse(key) {
                    self.walk(event, arrow);
                }
            }
            _ => {}
        }
    }

    /// A picked-up card that loses the focus for good is put down where it is.
    pub fn focus_out(self, event: &FocusEvent) {
        let stays = event.related_target().is_none();
        if let Drag::Picked { card, from } = self.state.drag()
            && !stays
        {
            self.put_down(card, from);
        }
    }

    fn pick_up(self, event: &KeyboardEvent) {
        if !self.state.may(Permission::TaskMove) || on_control(event) {
            return;
        }
        let Some(card) = card_at(event) else { return };
        let Some(from) = slot_of(&self.state.order(), card) else { return };
        event.prevent_default();
        self.state.set_drag(Drag::Picked { card, from });
        self.state.say(format!("Picked up: {}. Arrow keys move it.", self.state.place_in_words(from)));
    }

    fn carry(self, card: TaskId, arrow: Arrow) {
        let order = self.state.order();
        let Some(to) = slot_of(&order, card).and_then(|slot| step(&order, slot, arrow)) else { return };
        self.state.show_at(card, to);
        self.state.say(self.state.place_in_words(to));
        self.focus_later(card);
    }

    fn put_down(self, card: TaskId, from: Slot) {
        self.end();
        let Some(to) = slot_of(&self.state.order(), card) else { return };
        if to == from {
            self.state.say("Put down where it was.");
        } else {
            self.state.send(card, from, to);
            self.state.say(format!("Put down: {}.", self.state.place_in_words(to)));
        }
        self.focus_later(card);
    }

    /// Arrows without a card in hand go from card to card.
    fn walk(self, event: &KeyboardEvent, arrow: Arrow) {
        if on_control(event) {
            return;
        }
        let Some(card) = card_at(event) else { return };
        let order = self.state.order();
        let Some(slot) = slot_of(&order, card).and_then(|slot| step(&order, slot, arrow)) else { return };
        let next = order
            .iter()
            .find(|(column, _)| *column == slot.column)
            .and_then(|(_, cards)| cards.get(slot.index).or(cards.last()));
        if let Some(next) = next {
            event.prevent_default();
            self.focus(*next);
        }
    }

    fn aim(self, card: TaskId, at: (f64, f64)) {
        let target = self.slot_at(card, at);
        self.state.set_drag(Drag::Dragging { card, target });
        self.mark(card, target);
        self.scroll_at_edges(at);
    }

    /// The board, while it stands.
    fn root(self) -> Option<HtmlDivElement> {
        self.root.try_get_untracked().flatten()
    }

    /// The slot under the pointer.
    fn slot_at(self, card: TaskId, (x, y): (f64, f64)) -> Option<Slot> {
        let column = self.column_under(x)?;
        let id: ColumnId = column.get_attribute("data-column")?.parse().ok()?;
        let middles: Vec<f64> = cards_of(&column)
            .into_iter()
            .filter(|(other, _)| *other != card)
            .map(|(_, element)| {
                let frame = element.get_bounding_client_rect();
                frame.top() + frame.height() / 2.0
            })
            .collect();
        Some(Slot { column: id, index: index_at(&middles, y) })
    }

    fn column_under(self, x: f64) -> Option<Element> {
        elements(self.root()?.as_ref(), ".board-column").into_iter().find(|column| {
            let frame = column.get_bounding_client_rect();
            frame.left() <= x && x < frame.right()
        })
    }

    /// Shows where the card would land: a mark on the card below, or on the column's end.
    fn mark(self, card: TaskId, target: Option<Slot>) {
        self.clear_marks();
        let Some(root) = self.root() else { return };
        let Some(slot) = target else { return };
        let selector = format!(".board-column[data-column=\"{}\"]", slot.column);
        let Ok(Some(column)) = root.query_selector(&selector) else { return };
        let below = cards_of(&column).into_iter().filter(|(other, _)| *other != card).nth(slot.index);
        let marked = match below {
            Some((_, element)) => Some(element),
            None => column.query_selector(".board-cards").ok().flatten(),
        };
        if let Some(element) = marked {
            // An attribute of our own on our own element can be set.
            let _ = element.set_attribute("data-drop", "true");
        }
    }

    fn clear_marks(self) {
        if let Some(root) = self.root() {
            for element in elements(root.as_ref(), "[data-drop]") {
                let _ = element.remove_attribute("data-drop");
            }
        }
    }

    fn scroll_at_edges(self, (x, y): (f64, f64)) {
        let Some(root) = self.root() else { return };
        let frame = root.get_bounding_client_rect();
        scroll_by(root.as_ref(), sign(x, frame.left(), frame.right()), 0);
        if let Some(column) = self.column_under(x)
            && let Ok(Some(cards)) = column.query_selector(".board-cards")
        {
            let frame = cards.get_bounding_client_rect();
            scroll_by(&cards, 0, sign(y, frame.top(), frame.bottom()));
        }
    }

    fn end(self) {
        self.clear_marks();
        self.state.set_drag(Drag::Idle);
    }

    /// Gives the focus back to the card that has it, if that is drawn anew now.
    pub fn keep_focus(self) {
        let focused = || document().active_element()?.closest("[data-task]").ok()?;
        let Some(card) = focused().and_then(|card| card.get_attribute("data-task")?.parse().ok()) else {
            return;
        };
        request_animation_frame(move || {
            if document().active_element().is_none_or(|element| element.tag_name() == "BODY") {
                self.focus(card);
            }
        });
    }

    /// Focuses a card once it is drawn at its new place.
    fn focus_later(self, card: TaskId) {
        request_animation_frame(move || self.focus(card));
    }

    fn focus(self, card: TaskId) {
        let selector = format!("[data-task=\"{card}\"] .card-title");
        let title = self.root().and_then(|root| root.query_selector(&selector).ok().flatten());
        if let Some(title) = title.and_then(|title| title.dyn_into::<HtmlElement>().ok()) {
            drop(title.focus());
        }
    }
}

fn target_element(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn card_at(event: &Event) -> Option<TaskId> {
    let card = target_element(event)?.closest("[data-task]").ok()??;
    card.get_attribute("data-task")?.parse().ok()
}

/// Whether the event is about something in a card that has a use of its own.
fn on_control(event: &Event) -> bool {
    target_element(event).is_some_and(|element| {
        matches!(element.closest("button, input, select, textarea, .card-top a"), Ok(Some(_)))
    })
}

fn cards_of(column: &Element) -> Vec<(TaskId, Element)> {
    elements(column, "[data-task]")
        .into_iter()
        .filter_map(|element| Some((element.get_attribute("data-task")?.parse().ok()?, element)))
        .collect()
}

fn elements(within: &Element, selector: &str) -> Vec<Element> {
    let Ok(list) = within.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok()).collect()
}

/// -1 near the low edge, 1 near the high one, 0 between.
fn sign(at: f64, low: f64, high: f64) -> i32 {
    match at {
        at if at < low + EDGE => -1,
        at if at > high - EDGE => 1,
        _ => 0,
    }
}

fn scroll_by(element: &Element, x: i32, y: i32) {
    if x != 0 {
        element.set_scroll_left(element.scroll_left() + x * SCROLL);
    }
    if y != 0 {
        element.set_scroll_top(element.scroll_top() + y * SCROLL);
    }
}
