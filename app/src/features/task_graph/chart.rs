//! The drawing once the page is alive: choosing, walking by keyboard, zooming, moving about. The drawing itself is text
//! from the server, so two thousand tasks cost no more than one element here; script only sets classes and sizes.

use super::walk::{Way, chain, next};
use crate::{api::dependency::Drawing, features::single_keys::single_keys_wanted, paths};
use leptos::{
    ev::{KeyboardEvent, MouseEvent, PointerEvent, WheelEvent},
    html::Div,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, Event},
};

/// Smallest and largest size, and one step from size to size.
const SIZES: (f64, f64) = (0.01, 3.0);
const STEP: f64 = 1.25;

/// How large a drawing is and how far it is scrolled: kept while it is drawn anew.
#[derive(Clone, Copy)]
pub struct Sight {
    size: f64,
    left: i32,
    top: i32,
}

impl Default for Sight {
    fn default() -> Self {
        Self { size: 1.0, left: 0, top: 0 }
    }
}

/// A drawing and what one does with it.
#[derive(Clone, Copy)]
pub struct Chart {
    drawing: StoredValue<Drawing>,
    root: NodeRef<Div>,
    size: RwSignal<f64>,
    sight: StoredValue<Sight>,
    /// Where the pointer went down on the ground, and how far the drawing was scrolled.
    grip: StoredValue<Option<(i32, i32, i32, i32)>>,
    /// Goes to the task of that key in the address.
    choose: Callback<String>,
    /// Takes a key as the other end of a new link, if one is being made.
    take: Callback<String, bool>,
}

impl Chart {
    pub fn new(
        drawing: Drawing,
        (root, sight): (NodeRef<Div>, StoredValue<Sight>),
        choose: Callback<String>,
        take: Callback<String, bool>,
    ) -> Self {
        Self {
            drawing: StoredValue::new(drawing),
            root,
            size: RwSignal::new(1.0),
            sight,
            grip: StoredValue::new(None),
            choose,
            take,
        }
    }

    /// How large it is drawn, in percent.
    pub fn percent(self) -> String {
        format!("{:.0} %", self.size.get() * 100.0)
    }

    /// Shows it as it was seen before it was drawn anew, with the focus where it was.
    pub fn resume(self, focused: StoredValue<Option<String>>) {
        Effect::new(move |_| {
            let Sight { size, left, top } = self.sight.get_value();
            if (size - 1.0).abs() > f64::EPSILON {
                self.resize(size);
            }
            if let Some(root) = self.root.get() {
                root.set_scroll_left(left);
                root.set_scroll_top(top);
                if let Some(key) = focused.try_update_value(Option::take).flatten() {
                    self.focus_key(&key);
                }
            }
        });
    }

    /// Notes how it is seen.
    pub fn scrolled(self) {
        if let Some(root) = self.root.get_untracked() {
            let (left, top) = (root.scroll_left(), root.scroll_top());
            self.sight.set_value(Sight { size: self.size.get_untracked(), left, top });
        }
    }

    /// Follows the chosen task: marks it and its chain.
    pub fn follow(self, chosen: Memo<Option<usize>>) {
        Effect::new(move |before: Option<()>| {
            let chosen = chosen.get();
            // The first time the server has marked it.
            if before.is_some() || chosen.is_some() {
                self.mark(chosen);
            }
        });
    }

    fn mark(self, chosen: Option<usize>) {
        let Some(svg) = self.svg() else { return };
        let (nodes, links) = self.parts();
        let of_chain = self.drawing.with_value(|drawing| {
            chosen.map(|at| chain(drawing.tasks.len(), &drawing.links, at)).unwrap_or_default()
        });
        let on_it = |at: usize| of_chain.get(at).copied().unwrap_or(false);
        class(&svg, "has-chain", chosen.is_some());
        for (at, node) in nodes.iter().enumerate() {
            class(node, "is-chain", on_it(at));
            class(node, "is-chosen", chosen == Some(at));
            current(node, chosen == Some(at));
        }
        self.drawing.with_value(|drawing| {
            for ((from, to, _), link) in drawing.links.iter().zip(&links) {
                class(link, "is-chain", on_it(*from) && on_it(*to));
            }
        });
    }

    pub fn click(self, event: &MouseEvent) {
        // With Ctrl the browser opens it elsewhere, as any link.
        let Some(at) = node_at(event).filter(|_| !event.ctrl_key() && !event.meta_key()) else { return };
        event.prevent_default();
        self.rove(at);
        self.pick(at, event.shift_key());
    }

    /// Chooses a task, or takes it as the other end of the chosen one's next link.
    fn pick(self, at: usize, as_other: bool) {
        let key = self.key(at);
        if !as_other || !self.take.run(key.clone()) {
            self.choose.run(key);
        }
    }

    pub fn double_click(self, event: &MouseEvent) {
        if let Some(at) = node_at(event) {
            self.open(at);
        }
    }

    pub fn key_down(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let at = node_at(event);
        match (event.key().as_str(), at) {
            ("+" | "=", _) if single_keys_wanted() => self.zoom(STEP),
            ("-", _) if single_keys_wanted() => self.zoom(1.0 / STEP),
            ("0", _) if single_keys_wanted() => self.fit(),
            ("o", Some(at)) if single_keys_wanted() => self.open(at),
            ("Enter", Some(at)) if event.shift_key() => self.pick(at, true),
            (key, Some(at)) => {
                let Some(way) = Way::parse(key) else { return };
                let to = self.drawing.with_value(|it| next(&it.tasks, &it.links, at, way));
                if let Some(to) = to {
                    self.focus(to);
                }
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    /// The wheel with Ctrl zooms, as maps do; alone it scrolls.
    pub fn wheel(self, event: &WheelEvent) {
        if event.ctrl_key() {
            event.prevent_default();
            self.zoom(if event.delta_y() < 0.0 { STEP } else { 1.0 / STEP });
        }
    }

    pub fn pointer_down(self, event: &PointerEvent) {
        // A finger scrolls by itself.
        if event.button() != 0 || event.pointer_type() == "touch" || node_at(event).is_some() {
            return;
        }
        if let Some(root) = self.root.get_untracked() {
            let at = (event.client_x(), event.client_y(), root.scroll_left(), root.scroll_top());
            self.grip.set_value(Some(at));
            // Fails only for a pointer that is gone.
            let _ = root.set_pointer_capture(event.pointer_id());
        }
    }

    pub fn pointer_move(self, event: &PointerEvent) {
        if let (Some((x, y, left, top)), Some(root)) = (self.grip.get_value(), self.root.get_untracked()) {
            root.set_scroll_left(left + x - event.client_x());
            root.set_scroll_top(top + y - event.client_y());
        }
    }

    pub fn pointer_up(self) {
        self.grip.set_value(None);
    }

    /// Larger or smaller, the middle staying where it is.
    pub fn zoom(self, by: f64) {
        self.resize(self.size.get_untracked() * by);
    }

    /// As large as all of it can be seen.
    pub fn fit(self) {
        let (Some(root), Some((width, height))) = (self.root.get_untracked(), self.natural()) else { return };
        // What is around it shrinks with it; how much room there is shows at its natural size.
        self.resize(1.0);
        let (wide, high) = (f64::from(root.client_width()), f64::from(root.client_height()));
        self.resize(f64::min(wide / width, high / height).min(1.0));
    }

    fn resize(self, size: f64) {
        let size = size.clamp(SIZES.0, SIZES.1);
        let (Some(root), Some(svg), Some((width, height))) =
            (self.root.get_untracked(), self.svg(), self.natural())
        else {
            return;
        };
        let before = self.size.get_untracked();
        let middle = (
            f64::from(root.scroll_left()) + f64::from(root.client_width()) / 2.0,
            f64::from(root.scroll_top()) + f64::from(root.client_height()) / 2.0,
        );
        // Fails only for names that are none.
        drop(svg.set_attribute("width", &(width * size).to_string()));
        drop(svg.set_attribute("height", &(height * size).to_string()));
        self.size.set(size);
        let at = |middle: f64, seen: i32| {
            let pixels = middle * size / before - f64::from(seen) / 2.0;
            #[expect(clippy::cast_possible_truncation, reason = "pixels of a page")]
            let pixels = pixels as i32;
            pixels
        };
        root.set_scroll_left(at(middle.0, root.client_width()));
        root.set_scroll_top(at(middle.1, root.client_height()));
        self.scrolled();
    }

    /// Width and height as it was drawn.
    fn natural(self) -> Option<(f64, f64)> {
        let view = self.svg()?.get_attribute("viewBox")?;
        let mut numbers = view.split(' ').skip(2).filter_map(|number| number.parse().ok());
        Some((numbers.next()?, numbers.next()?))
    }

    fn focus(self, at: usize) {
        let (nodes, _) = self.parts();
        // One without it may not be seen.
        if let Some(node) = nodes.get(at).filter(|node| node.has_attribute("tabindex")) {
            self.rove(at);
            // Fails only when it has left the page; the browser scrolls to it.
            drop(node.unchecked_ref::<leptos::web_sys::SvgElement>().focus());
        }
    }

    fn focus_key(self, key: &str) {
        let at = self.drawing.with_value(|drawing| drawing.tasks.iter().position(|task| task.key == key));
        if let Some(at) = at {
            self.focus(at);
        }
    }

    /// The tabulator key comes to one task only.
    fn rove(self, at: usize) {
        let (nodes, _) = self.parts();
        for (other, node) in nodes.iter().enumerate().filter(|(_, node)| node.has_attribute("tabindex")) {
            let wanted = if other == at { "0" } else { "-1" };
            if node.get_attribute("tabindex").as_deref() != Some(wanted) {
                drop(node.set_attribute("tabindex", wanted));
            }
        }
    }

    fn open(self, at: usize) {
        let navigate = leptos_router::hooks::use_navigate();
        navigate(&paths::task(&self.key(at)), leptos_router::NavigateOptions::default());
    }

    fn key(self, at: usize) -> String {
        self.drawing
            .with_value(|drawing| drawing.tasks.get(at).map(|task| task.key.clone()).unwrap_or_default())
    }

    fn svg(self) -> Option<Element> {
        self.root.get_untracked()?.query_selector("svg.graph").ok()?
    }

    /// The elements of tasks and of links, in the drawing's order.
    fn parts(self) -> (Vec<Element>, Vec<Element>) {
        let all = |selector: &str| {
            let Some(found) =
                self.root.get_untracked().and_then(|root| root.query_selector_all(selector).ok())
            else {
                return Vec::new();
            };
            (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
        };
        (all(".graph-node"), all(".graph-link"))
    }
}

/// The key of the task that has the focus.
pub fn focused() -> Option<String> {
    let node = document().active_element()?.closest("a.graph-node").ok()??;
    Some(node.get_attribute("href")?.rsplit_once("task=")?.1.to_owned())
}

/// The task under the pointer or with the focus, if it may be seen.
fn node_at(event: &Event) -> Option<usize> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let node = target.closest("a.graph-node").ok()??;
    node.get_attribute("data-at")?.parse().ok()
}

fn current(element: &Element, wanted: bool) {
    // Fail only for names that are none.
    if wanted {
        drop(element.set_attribute("aria-current", "true"));
    } else {
        drop(element.remove_attribute("aria-current"));
    }
}

fn class(element: &Element, name: &str, wanted: bool) {
    let list = element.class_list();
    if list.contains(name) != wanted {
        // Fails only for names with spaces.
        drop(list.toggle_with_force(name, wanted));
    }
}
