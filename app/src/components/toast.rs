//! Short news at the edge of the page, some with a way back.

use super::{
    button::{Button, ButtonSize, ButtonVariant, IconButton},
    icon::Icon,
    tone::Tone,
};
use leptos::prelude::*;
use std::{sync::Arc, time::Duration};

const STAY: Duration = Duration::from_secs(6);
/// Long enough to read, think and reach the button.
const STAY_FOR_UNDO: Duration = Duration::from_secs(12);

/// Shows toasts from anywhere below [`provide_toaster`].
#[derive(Clone, Copy)]
pub struct Toaster {
    toasts: RwSignal<Vec<Toast>>,
    next_id: StoredValue<u32>,
}

/// Not a `Callback`: that would be gone with the page it was made on, and the message stays.
type Undo = Arc<dyn Fn() + Send + Sync>;

#[derive(Clone)]
struct Toast {
    id: u32,
    tone: Tone,
    text: String,
    undo: Option<Undo>,
}

/// Makes the toaster available to the whole page. Call it in the shell and put [`ToastRegion`] there once.
pub fn provide_toaster() -> Toaster {
    let toaster = Toaster { toasts: RwSignal::new(Vec::new()), next_id: StoredValue::new(0) };
    provide_context(toaster);
    toaster
}

/// The page's toaster; one that shows nothing where no page is (when the routes are listed at start).
pub fn use_toaster() -> Toaster {
    use_context()
        .unwrap_or_else(|| Toaster { toasts: RwSignal::new(Vec::new()), next_id: StoredValue::new(0) })
}

impl Toaster {
    /// It worked. Leaves by itself.
    pub fn success(self, text: impl Into<String>) {
        self.add(Tone::Success, text.into(), None);
    }

    /// It did not. Stays until closed: who looked away must not miss it.
    pub fn error(self, text: impl Into<String>) {
        self.add(Tone::Danger, text.into(), None);
    }

    /// It worked, and can be taken back. The page may have gone when that is asked for: `undo` must not read its signals.
    pub fn undo(self, text: impl Into<String>, undo: impl Fn() + Send + Sync + 'static) {
        self.add(Tone::Neutral, text.into(), Some(Arc::new(undo)));
    }

    fn add(self, tone: Tone, text: String, undo: Option<Undo>) {
        let id = self.next_id.get_value();
        self.next_id.set_value(id.wrapping_add(1));
        self.toasts.update(|toasts| {
            toasts.push(Toast { id, tone, text, undo });
        });
    }

    fn remove(self, id: u32) {
        self.toasts.update(|toasts| toasts.retain(|toast| toast.id != id));
    }
}

impl Toast {
    fn stays(&self) -> Option<Duration> {
        match (self.tone, &self.undo) {
            (Tone::Danger, _) => None,
            (_, Some(_)) => Some(STAY_FOR_UNDO),
            _ => Some(STAY),
        }
    }
}

/// Where toasts appear, once in the page.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toaster = use_toaster();
    view! {
        <section class="toasts" aria-label="Messages">
            <ol aria-live="polite" aria-relevant="additions">
                <For each=move || toaster.toasts.get() key=|toast| toast.id let:toast>
                    <ToastItem toast toaster/>
                </For>
            </ol>
        </section>
    }
}

#[component]
fn ToastItem(toast: Toast, toaster: Toaster) -> impl IntoView {
    let id = toast.id;
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stays = toast.stays();
    let pause = move || {
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
    };
    let start = move || {
        pause();
        if let Some(stays) = stays {
            timer.set_value(set_timeout_with_handle(move || toaster.remove(id), stays).ok());
        }
    };
    Effect::new(move |_| start());
    on_cleanup(pause);
    let icon = match toast.tone {
        Tone::Danger => Icon::Alert,
        _ => Icon::Done,
    };
    let undo = toast.undo.map(|undo| {
        view! {
            <Button
                variant=ButtonVariant::Quiet
                size=ButtonSize::Small
                on:click=move |_| {
                    undo();
                    toaster.remove(id);
                }
            >
                "Undo"
            </Button>
        }
    });
    view! {
        <li
            class="toast"
            data-tone=toast.tone.as_str()
            on:mouseenter=move |_| pause()
            on:mouseleave=move |_| start()
            on:focusin=move |_| pause()
            on:focusout=move |_| start()
        >
            <Icon icon/>
            <p class="toast-text">{toast.text}</p>
            {undo}
            <IconButton
                icon=Icon::Close
                label="Close message"
                size=ButtonSize::Small
                on:click=move |_| toaster.remove(id)
            />
        </li>
    }
}
