//! The keys that work everywhere, and the window that lists them.

use super::single_keys::{single_keys_wanted, want_single_keys};
use crate::{
    components::{Checkbox, Dialog, Kbd},
    paths,
};
use leptos::{
    ev,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, KeyboardEvent},
};
use leptos_router::hooks::{use_location, use_navigate};

/// What lies over the page and can be opened from anywhere.
#[derive(Clone, Copy)]
pub struct Overlays {
    /// The command palette.
    pub palette: RwSignal<bool>,
    /// The list of keys.
    pub help: RwSignal<bool>,
}

/// What keys do on the page that stands, asked after those that work everywhere: whether it did something.
#[derive(Clone, Copy)]
struct PageKeys(StoredValue<Option<(u32, Callback<String, bool>)>>);

/// What the keys do: everywhere, and where a page has some of its own.
const EVERYWHERE: [(&str, &str); 14] = [
    ("Ctrl K", "Search and commands (⌘ K on a Mac)"),
    ("/", "Search and commands"),
    ("n", "New task in this project"),
    ("g h", "Go to Home"),
    ("g i", "Go to your inbox"),
    ("g p", "Go to Projects"),
    ("g u", "Go to urgent projects"),
    ("g b", "Go to this project’s board"),
    ("g l", "Go to this project’s task list"),
    ("g o", "Go to this project’s overview"),
    ("g s", "Go to Search"),
    ("g a", "Go to your account"),
    ("?", "This list"),
    ("Esc", "Close what is open"),
];
const IN_A_LIST: [(&str, &str); 4] = [
    ("j", "To the next task (↓ in the table)"),
    ("k", "To the task before (↑ in the table)"),
    ("x", "Select it, or no longer"),
    ("Enter", "Open it"),
];
const ON_A_TASK: [(&str, &str); 8] = [
    ("e", "Edit title and description"),
    ("c", "Write a comment"),
    ("x", "Complete, or reopen"),
    ("m", "Move to another column"),
    ("a", "Assign"),
    ("l", "Set labels"),
    ("s", "Add a sub-task"),
    ("w", "Watch, or stop watching"),
];

/// What a key, or two one after the other, leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Intent {
    Palette,
    Help,
    Go(String),
    /// The first of two keys.
    Wait,
    Nothing,
}

/// Makes [`use_overlays`] answer.
pub fn provide_overlays() {
    provide_context(Overlays { palette: RwSignal::new(false), help: RwSignal::new(false) });
    provide_context(PageKeys(StoredValue::new(None)));
}

/// Lets a page have keys of its own while it stands: `press` gets each that does nothing everywhere, and says whether it
/// did something. List them in [`Shortcuts`].
pub fn on_page_key(press: impl Fn(String) -> bool + Send + Sync + 'static) {
    let Some(keys) = use_context::<PageKeys>() else { return };
    let press = Callback::new(press);
    Effect::new(move |_| {
        let mine = keys.0.with_value(|last| last.as_ref().map_or(0, |(number, _)| number.wrapping_add(1)));
        keys.0.set_value(Some((mine, press)));
        on_cleanup(move || {
            // The next page may have come before this one went.
            keys.0.try_update_value(|last| last.take_if(|(number, _)| *number == mine));
        });
    });
}

/// The page's overlays; some that nobody sees where no page is.
pub fn use_overlays() -> Overlays {
    use_context().unwrap_or_else(|| Overlays { palette: RwSignal::new(false), help: RwSignal::new(false) })
}

/// Listens to the keys while it is in the page, and lists them.
#[component]
pub fn Shortcuts() -> impl IntoView {
    let overlays = use_overlays();
    let path = use_location().pathname;
    let single_keys = RwSignal::new(true);
    listen(overlays, path, single_keys);
    Effect::new(move |_| single_keys.set(single_keys_wanted()));
    let on_change = move |wanted: bool| {
        single_keys.set(wanted);
        want_single_keys(wanted);
    };
    view! {
        <Dialog id="shortcuts" open=overlays.help title="Keyboard shortcuts">
            {list(&EVERYWHERE)}
            <h3 class="shortcuts-title">"In a task list"</h3>
            {list(&IN_A_LIST)}
            <h3 class="shortcuts-title">"On a task’s page"</h3>
            {list(&ON_A_TASK)}
            <Checkbox
                id="single-keys"
                label="Use keys without Ctrl"
                hint="Turn this off if keys are pressed by accident, or by speech input. Remembered in this browser."
                checked=single_keys
                on_change=on_change
            />
        </Dialog>
    }
}

fn list(lines: &'static [(&'static str, &'static str)]) -> impl IntoView {
    let lines = lines.iter().map(|&(keys, text)| {
        view! {
            <div class="shortcut">
                <dt><Kbd keys/></dt>
                <dd>{text}</dd>
            </div>
        }
    });
    view! { <dl class="shortcuts">{lines.collect_view()}</dl> }
}

fn listen(overlays: Overlays, path: Memo<String>, single_keys: RwSignal<bool>) {
    let navigate = use_navigate();
    let page_keys = use_context::<PageKeys>();
    let first = StoredValue::new(None::<String>);
    let on_key = move |event: KeyboardEvent| {
        let control = event.ctrl_key() || event.meta_key();
        if control && event.key().eq_ignore_ascii_case("k") && !event.alt_key() {
            event.prevent_default();
            overlays.palette.update(|open| *open = !*open);
            return;
        }
        if control || event.alt_key() || !single_keys.get_untracked() || is_busy(&event) {
            first.set_value(None);
            return;
        }
        let before = first.get_value();
        let meant = intent(before.as_deref(), &event.key(), project_in(&path.get_untracked()));
        first.set_value((meant == Intent::Wait).then(|| event.key()));
        match meant {
            Intent::Palette => overlays.palette.set(true),
            Intent::Help => overlays.help.set(true),
            Intent::Go(to) => navigate(&to, leptos_router::NavigateOptions::default()),
            Intent::Wait => return,
            Intent::Nothing => {
                let press = page_keys.and_then(|keys| keys.0.get_value()).filter(|_| before.is_none());
                if !press.is_some_and(|(_, press)| press.run(event.key())) {
                    return;
                }
            }
        }
        event.prevent_default();
    };
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, on_key.clone());
        on_cleanup(move || handle.remove());
    });
}

fn intent(before: Option<&str>, key: &str, project: Option<&str>) -> Intent {
    let in_project = |to: fn(&str) -> String| project.map_or(Intent::Nothing, |key| Intent::Go(to(key)));
    let go = |to: &str| Intent::Go(to.to_owned());
    match (before, key) {
        (None, "/") => Intent::Palette,
        (None, "?") => Intent::Help,
        (None, "g") => Intent::Wait,
        (None, "n") => in_project(paths::new_task),
        (Some("g"), "h") => go(paths::HOME),
        (Some("g"), "i") => go(paths::INBOX),
        (Some("g"), "u") => go(paths::URGENT),
        (Some("g"), "p") => go(paths::PROJECTS),
        (Some("g"), "s") => go(paths::SEARCH),
        (Some("g"), "a") => go(paths::ACCOUNT),
        (Some("g"), "b") => in_project(paths::board),
        (Some("g"), "l") => in_project(paths::tasks),
        (Some("g"), "o") => in_project(paths::project),
        _ => Intent::Nothing,
    }
}

/// The key of the project that the page is about: `/projects/WEB/board` and `/tasks/WEB-12` are about `WEB`.
pub fn project_in(path: &str) -> Option<&str> {
    let mut parts = path.trim_start_matches('/').split('/');
    let key = match (parts.next(), parts.next()) {
        (Some("projects"), Some(key)) => key,
        (Some("tasks"), Some(task)) => task.rsplit_once('-')?.0,
        _ => return None,
    };
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    is_key.then_some(key)
}

/// Whether the key is typed into something, or something lies over the page.
fn is_busy(event: &KeyboardEvent) -> bool {
    let typed = event.target().and_then(|target| target.dyn_into::<Element>().ok()).is_some_and(|element| {
        // A dialog that was closed keeps the focus until the browser draws the next time.
        let closed = element.closest("dialog:not([open])").is_ok_and(|dialog| dialog.is_some());
        !closed && element.matches("input, textarea, select, [contenteditable]").unwrap_or(false)
    });
    typed
        || event.default_prevented()
        || document().query_selector("dialog[open], [popover]:popover-open").is_ok_and(|open| open.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_a_project_or_task_knows_its_project() {
        assert_eq!(project_in("/projects/WEB"), Some("WEB"));
        assert_eq!(project_in("/projects/WEB/board"), Some("WEB"));
        assert_eq!(project_in("/tasks/WEB2-12"), Some("WEB2"));
        for path in ["/", "/projects", "/projects/new", "/projects/import", "/tasks/", "/people/WEB"] {
            assert_eq!(project_in(path), None, "{path}");
        }
    }

    #[test]
    fn two_keys_lead_on_only_one_after_the_other() {
        assert_eq!(intent(None, "g", None), Intent::Wait);
        assert_eq!(intent(Some("g"), "p", None), Intent::Go("/projects".into()));
        assert_eq!(intent(None, "p", None), Intent::Nothing);
        assert_eq!(intent(Some("g"), "x", None), Intent::Nothing);
    }

    #[test]
    fn keys_about_a_project_do_nothing_outside_of_one() {
        assert_eq!(intent(Some("g"), "b", None), Intent::Nothing);
        assert_eq!(intent(Some("g"), "b", Some("WEB")), Intent::Go("/projects/WEB/board".into()));
    }
}
