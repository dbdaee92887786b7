//! A text area for Markdown that can show how the text will look. Without script it is a plain text area.

use super::alive::use_alive;
use crate::{
    api::markdown::preview_markdown,
    components::{Markdown, Notice, SkeletonLines, TextArea, Tone},
};
use leptos::{
    ev::KeyboardEvent,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, HtmlFormElement},
};

/// As `TextArea`, with "Write" and "Preview". Ctrl + Enter sends the form around it.
#[component]
pub fn MarkdownEditor(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] value: String,
    /// Kept equal to what is typed.
    #[prop(optional, into)]
    bind: Option<RwSignal<String>>,
    #[prop(default = "Markdown works.".into(), into)] hint: String,
    #[prop(optional, into)] error: MaybeProp<String>,
    #[prop(optional)] required: bool,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] hide_label: bool,
    #[prop(default = 6)] rows: u32,
    #[prop(optional, into)] placeholder: String,
) -> impl IntoView {
    let name = name.unwrap_or_else(|| id.clone());
    let text = bind.unwrap_or_else(|| RwSignal::new(value));
    let previews = RwSignal::new(false);
    let alive = use_alive();
    // What was sent is gone: there is nothing to preview, and an empty field that nobody sees can't be filled in.
    Effect::new(move |_| {
        if text.with(String::is_empty) {
            previews.set(false);
        }
    });
    view! {
        <div class="markdown-editor" data-bare=hide_label.then_some("true") on:keydown=send_by_key>
            <Show when=move || alive.get()>
                <Modes previews/>
            </Show>
            <div hidden=move || previews.get()>
                <TextArea id label name bind=text hint error required autofocus hide_label rows placeholder/>
            </div>
            <Show when=move || previews.get()>
                <Preview text/>
            </Show>
        </div>
    }
}

#[component]
fn Modes(previews: RwSignal<bool>) -> impl IntoView {
    let mode = move |label: &'static str, preview: bool| {
        view! {
            <button
                type="button"
                class="segment"
                aria-pressed=move || if previews.get() == preview { "true" } else { "false" }
                on:click=move |_| previews.set(preview)
            >
                {label}
            </button>
        }
    };
    view! {
        <div class="segmented markdown-editor-modes" role="group" aria-label="Write or preview">
            {mode("Write", false)}
            {mode("Preview", true)}
        </div>
    }
}

/// Asks the server, whose rendering is the one that others will see.
#[component]
fn Preview(text: RwSignal<String>) -> impl IntoView {
    let render = Action::new(|text: &String| preview_markdown(text.clone()));
    Effect::new(move |_| {
        render.dispatch(text.get_untracked());
    });
    let content = move || match render.value().get() {
        None => view! { <SkeletonLines count=3/> }.into_any(),
        Some(Ok(html)) if html.is_empty() => {
            view! { <p class="muted">"Nothing to preview yet."</p> }.into_any()
        }
        Some(Ok(html)) => view! { <Markdown html/> }.into_any(),
        Some(Err(error)) => {
            view! { <Notice tone=Tone::Danger><p>{error.to_string()}</p></Notice> }.into_any()
        }
    };
    view! { <div class="markdown-editor-preview" role="region" aria-label="Preview" aria-live="polite">{content}</div> }
}

fn send_by_key(event: KeyboardEvent) {
    if event.key() != "Enter" || !(event.ctrl_key() || event.meta_key()) {
        return;
    }
    let form = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|element| element.closest("form").ok().flatten())
        .and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    if let Some(form) = form {
        event.prevent_default();
        // Fails when a field is wrong, and then the browser points at it.
        drop(form.request_submit());
    }
}
