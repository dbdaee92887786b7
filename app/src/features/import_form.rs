//! The form of an import: a document from a file or pasted, where to, and what headings become.

use super::{
    alive::use_alive,
    form_outcome::FormOutcome,
    text_file::{Read, read_chosen},
};
use crate::{
    api::import::ImportChecklist,
    components::{
        Button, ButtonVariant, Choice, Field, FormErrors, Icon, RadioGroup, Select, TextInput, described_by,
        invalid, text_as_html,
    },
    refused::{Typed, typed_in},
};
use domain::checklist::{MAX_BYTES, MAX_ITEMS};
use leptos::{form::ActionForm, html, prelude::*, server::ServerAction};

const PLACEHOLDER: &str = "# Website relaunch\n\n## Before the start\n- [x] Choose a search engine\n- [ ] Move the shop to the new address\n  - [ ] Tell the partners";

/// As text, which browsers with script leave alone. Not written into the view: there, Leptos makes an attribute of it.
const IMPORT: &str =
    r#"<button class="button" data-variant="secondary" data-size="medium" type="submit">Import</button>"#;

/// Sends `dry_run` by its own button. The one that imports stands with the report; without script, here as well.
#[component]
pub fn ImportForm(
    action: ServerAction<ImportChecklist>,
    outcome: FormOutcome,
    choices: Vec<Choice>,
    /// The key of the project to begin with.
    into: String,
    /// Called when anything in the form changes: a report no longer fits.
    #[prop(into)]
    changed: Callback<()>,
) -> impl IntoView {
    // Refused without script, it comes back as it was.
    let typed = typed_in::<ImportChecklist>().unwrap_or_default();
    let into = typed.get("into").map_or(into, str::to_owned);
    let headings = typed.get("headings").unwrap_or("parent_tasks").to_owned();
    view! {
        <ActionForm action attr:id="import-form" attr:class="form import-form" on:input=move |_| changed.run(())>
            <FormErrors message=outcome.message() fields=outcome.fields()/>
            <Document outcome changed typed=typed.clone()/>
            <Target outcome choices into typed/>
            <RadioGroup
                id="headings" label="Headings become"
                choices=vec![
                    Choice::new("parent_tasks", "Tasks above the items under them"),
                    Choice::new("columns", "Columns: open items under a heading go to its column, ticked ones to the first done column"),
                ]
                value=headings
            />
            <div class="form-actions">
                <Button
                    kind="submit" variant=ButtonVariant::Primary icon=Icon::Eye busy=outcome.busy
                    attr:name="dry_run" attr:value="true"
                >
                    "Check what it will do"
                </Button>
                <noscript inner_html=IMPORT></noscript>
            </div>
        </ActionForm>
    }
}

/// The text area, and the button that fills it from a file.
#[component]
fn Document(outcome: FormOutcome, changed: Callback<()>, typed: Typed) -> impl IntoView {
    let text = typed.get("markdown").unwrap_or_default().to_owned();
    let area = NodeRef::<html::Textarea>::new();
    let file = RwSignal::new(None::<Read>);
    let read = Callback::new(move |read: Read| {
        if let (Ok(read), Some(area)) = (&read, area.get_untracked()) {
            area.set_value(&read.text);
            changed.run(());
        }
        file.set(Some(read));
    });
    let unreadable = Signal::derive(move || file.get().and_then(Result::err));
    let error = Signal::derive(move || unreadable.get().or_else(|| outcome.field("markdown").get()));
    let error = MaybeProp::from(error);
    view! {
        <FromFile read file/>
        <Field id="markdown" label="The document" hint=Some(hint()) error required=true>
            <textarea
                class="input textarea import-text"
                id="markdown"
                name="markdown"
                rows="14"
                required=true
                spellcheck="false"
                placeholder=PLACEHOLDER
                node_ref=area
                aria-describedby=described_by("markdown", true)
                aria-invalid=invalid(error)
                inner_html=text_as_html(&text)
            ></textarea>
        </Field>
    }
}

/// Only with script, which reads the file; without it, there is the text area.
#[component]
fn FromFile(read: Callback<Read>, file: RwSignal<Option<Read>>) -> impl IntoView {
    let alive = use_alive();
    let name = move || file.get().and_then(Result::ok).map(|file| file.name);
    view! {
        <div class="import-file" hidden=move || !alive.get()>
            <label class="button" data-variant="secondary" data-size="medium">
                <Icon icon=Icon::Attachment/>
                "Choose a file…"
                <input
                    class="visually-hidden"
                    type="file"
                    accept=".md,.markdown,.txt,text/markdown,text/plain"
                    on:input=|event| event.stop_propagation()
                    on:change=move |event| read_chosen(&event, MAX_BYTES, read)
                />
            </label>
            <span class="muted" aria-live="polite">
                {move || name().map_or_else(|| "or paste its text below.".to_owned(), |name| format!("{name} is below."))}
            </span>
        </div>
    }
}

/// An existing project, or the key and name of a new one. Style hides those two where they are not needed.
#[component]
fn Target(outcome: FormOutcome, choices: Vec<Choice>, into: String, typed: Typed) -> impl IntoView {
    // Not `autocomplete="off"`: browsers would not fill it in again on the way back from a check without script.
    let of = |name: &str| typed.get(name).unwrap_or_default().to_owned();
    view! {
        <Select id="into" label="Import into" choices value=into/>
        <div class="form-row import-new">
            <TextInput
                id="project_key" label="Key of the new project" value=of("project_key") placeholder="WEB"
                hint="2 to 10 letters and digits, the first part of its tasks’ keys." error=outcome.field("project_key")
            />
            <TextInput
                id="project_name" label="Name of the new project" value=of("project_name")
                hint="Leave it blank to use the document’s title." error=outcome.field("project_name")
            />
        </div>
    }
}

fn hint() -> String {
    format!("Markdown with “- [ ]” items. Up to {} MB and {MAX_ITEMS} items.", MAX_BYTES / 1024 / 1024)
}
