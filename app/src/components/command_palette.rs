//! Type a few letters, choose, go: the view of the command palette. What it finds is the business of its feature.

use super::{
    dialog::{follow, is_backdrop},
    icon::Icon,
    kbd::Kbd,
    spinner::Spinner,
};
use leptos::{ev::KeyboardEvent, html, prelude::*, wasm_bindgen::JsCast, web_sys};

/// Things of one kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PaletteGroup {
    pub label: String,
    pub items: Vec<PaletteItem>,
}

/// Something to go to or to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PaletteItem {
    /// Unique in the palette; an element's id, so no spaces.
    pub id: String,
    pub icon: Icon,
    pub text: String,
    /// A key, a place: stands at the end of the line.
    pub hint: Option<String>,
}

/// A modal combobox: the focus stays in the input, arrows move the marked option, Enter chooses it.
#[component]
pub fn CommandPalette(
    #[prop(into)] id: String,
    open: RwSignal<bool>,
    query: RwSignal<String>,
    #[prop(into)] groups: Signal<Vec<PaletteGroup>>,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(into)] on_choose: Callback<PaletteItem>,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    follow(node, open);
    let list_id = format!("{id}-list");
    let items =
        Memo::new(move |_| groups.get().into_iter().flat_map(|group| group.items).collect::<Vec<_>>());
    let marked = RwSignal::new(0_usize);
    let active = Memo::new(move |_| items.with(|items| items.get(marked.get()).map(|item| item.id.clone())));
    // A new question starts at its best answer.
    Effect::new(move |_| {
        query.track();
        marked.set(0);
    });
    Effect::new(move |_| {
        active.with(|id| id.as_deref().map(scroll_to)).unwrap_or_default();
    });
    let choose = Callback::new(move |item: PaletteItem| {
        open.set(false);
        on_choose.run(item);
    });
    let on_keydown = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            if let Some(item) = items.with(|items| items.get(marked.get()).cloned()) {
                choose.run(item);
            }
        } else if let Some(next) = next_mark(&event.key(), marked.get(), items.with(Vec::len)) {
            event.prevent_default();
            marked.set(next);
        }
    };
    view! {
        <dialog
            class="palette"
            id=id
            aria-label="Search and commands"
            node_ref=node
            on:close=move |_| open.set(false)
            on:mousedown=move |event| if is_backdrop(&event) { open.set(false) }
        >
            <div class="palette-panel">
                <div class="palette-search">
                    <Icon icon=Icon::Search/>
                    <input
                        class="palette-input"
                        type="text"
                        role="combobox"
                        autofocus=true
                        autocomplete="off"
                        spellcheck="false"
                        placeholder="Search tasks, projects, people, commands"
                        aria-label="Search tasks, projects, people, commands"
                        aria-expanded="true"
                        aria-autocomplete="list"
                        aria-controls=list_id.clone()
                        aria-activedescendant=move || active.get()
                        prop:value=move || query.get()
                        on:input=move |event| query.set(event_target_value(&event))
                        on:keydown=on_keydown
                    />
                    <Show when=move || busy.get()><Spinner label="Searching"/></Show>
                    <Kbd keys="Esc"/>
                </div>
                <div class="palette-list" id=list_id role="listbox" aria-label="Results">
                    {move || groups.get().into_iter().map(|group| view! { <Group group active choose/> }).collect_view()}
                </div>
                <Show when=move || items.with(Vec::is_empty) && !busy.get()>
                    <p class="palette-empty" role="status">"Nothing found. Try fewer letters, or a task key such as WEB-12."</p>
                </Show>
            </div>
        </dialog>
    }
}

#[component]
fn Group(group: PaletteGroup, active: Memo<Option<String>>, choose: Callback<PaletteItem>) -> impl IntoView {
    let label = group.label.clone();
    let options = group.items.into_iter().map(|item| view! { <Choice item active choose/> }).collect_view();
    view! {
        <div class="palette-group" role="group" aria-label=label>
            <p class="palette-heading" aria-hidden="true">{group.label}</p>
            {options}
        </div>
    }
}

#[component]
fn Choice(item: PaletteItem, active: Memo<Option<String>>, choose: Callback<PaletteItem>) -> impl IntoView {
    let id = item.id.clone();
    let chosen = item.clone();
    view! {
        <div
            class="palette-option"
            role="option"
            id=item.id
            aria-selected=move || if active.with(|active| active.as_ref() == Some(&id)) { "true" } else { "false" }
            on:click=move |_| choose.run(chosen.clone())
        >
            <Icon icon=item.icon/>
            <span class="palette-text">{item.text}</span>
            {item.hint.map(|hint| view! { <span class="palette-hint">{hint}</span> })}
        </div>
    }
}

/// Where a key leads among `count` options; the ends meet.
fn next_mark(key: &str, here: usize, count: usize) -> Option<usize> {
    if count == 0 {
        return None;
    }
    match key {
        "ArrowDown" => Some((here + 1) % count),
        "ArrowUp" => Some((here + count - 1) % count),
        "PageDown" => Some((here + 8).min(count - 1)),
        "PageUp" => Some(here.saturating_sub(8)),
        _ => None,
    }
}

/// Moves the list only as far as needed.
fn scroll_to(id: &str) {
    let Some(option) = document().get_element_by_id(id) else {
        return;
    };
    let Some(list) = option.closest(".palette-list").ok().flatten() else {
        return;
    };
    let Ok(option) = option.dyn_into::<web_sys::HtmlElement>() else {
        return;
    };
    let (top, bottom) = (option.offset_top(), option.offset_top() + option.offset_height());
    if top < list.scroll_top() {
        list.set_scroll_top(top);
    } else if bottom > list.scroll_top() + list.client_height() {
        list.set_scroll_top(bottom - list.client_height());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_goes_round_and_pages_stop_at_the_ends() {
        assert_eq!(next_mark("ArrowDown", 4, 5), Some(0));
        assert_eq!(next_mark("ArrowUp", 0, 5), Some(4));
        assert_eq!(next_mark("PageDown", 0, 5), Some(4));
        assert_eq!(next_mark("PageUp", 3, 5), Some(0));
        assert_eq!(next_mark("a", 0, 5), None);
        assert_eq!(next_mark("ArrowDown", 0, 0), None);
    }
}
