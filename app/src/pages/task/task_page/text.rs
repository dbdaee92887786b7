//! The description as it looks, and the form for title and description in its place.

use crate::{
    api::task_page::{SaveTaskText, SavedText},
    components::{
        Button, ButtonSize, ButtonVariant, FormErrors, Icon, LinkButton, Markdown, Notice, TextInput, Tone,
    },
    features::{
        alive::use_alive,
        by_script::{focus_when_shown, send_soon},
        form_outcome::{FormOutcome, on_success},
        markdown_editor::MarkdownEditor,
        open_task::{OpenTask, theirs},
    },
    paths,
    refused::{forget_typed, typed_in},
};
use domain::{permission::Permission, task::Task};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use std::time::Duration;

const FORM: &str = "text-form";
/// Within this time nobody has read what somebody else wrote.
const NOTICED: Duration = Duration::from_secs(1);

/// The description, or the form while the address says so.
#[component]
pub fn Text(task: OpenTask, editing: Signal<bool>) -> impl IntoView {
    let edits = Memo::new(move |_| editing.get() && task.may(Permission::TaskUpdate));
    move || {
        if edits.get() {
            view! { <EditText task/> }.into_any()
        } else {
            view! { <Description task/> }.into_any()
        }
    }
}

/// The address at which title and description are edited.
pub fn edit_address(key: &str) -> String {
    format!("{}?edit=text", paths::task(key))
}

#[component]
fn Description(task: OpenTask) -> impl IntoView {
    let html = Memo::new(move |_| task.with(|view| view.description_html.clone()));
    let content = move || {
        if !html.with(String::is_empty) {
            return view! { <Markdown html/> }.into_any();
        }
        let write = task.may(Permission::TaskUpdate).then(|| {
            view! { " " <a href=edit_address(&task.key()) data-noscroll="">"Write one."</a> }
        });
        view! { <p class="muted">"There is no description yet." {write}</p> }.into_any()
    };
    view! { <section class="task-section" aria-label="Description">{content}</section> }
}

/// What the form holds and what it rests on.
#[derive(Clone, Copy)]
struct Draft {
    task: OpenTask,
    title: RwSignal<String>,
    description: RwSignal<String>,
    /// The version that is written over.
    version: RwSignal<i64>,
    /// Title and description as they were when the form was opened.
    base: StoredValue<(String, String)>,
    /// What someone else made of them meanwhile.
    clash: RwSignal<Option<Task>>,
}

impl Draft {
    /// From the task as it is now; after a refusal without script, from what was typed.
    fn new(task: OpenTask, refused: bool) -> Self {
        let now = task.now();
        let id = now.summary.id.to_string();
        let typed = typed_in::<SaveTaskText>().filter(|typed| typed.get("id") == Some(id.as_str()));
        let or = |name: &str, held: &str| {
            typed.as_ref().and_then(|typed| typed.get(name)).unwrap_or(held).to_owned()
        };
        let (title, description) = (or("title", &now.summary.title), or("description", &now.description));
        Self {
            task,
            title: RwSignal::new(title),
            description: RwSignal::new(description),
            version: RwSignal::new(now.summary.version),
            base: StoredValue::new(text_of(&now)),
            clash: RwSignal::new((refused && typed.is_some()).then_some(now)),
        }
    }

    /// Goes on from what the task is now: if someone else changed the text, the person is shown how.
    fn meet(self, now: Task) -> bool {
        let same = self.base.with_value(|base| *base == text_of(&now));
        self.rest_on(now.summary.version);
        if !same {
            self.clash.set(Some(now));
        }
        same
    }

    /// As [`Draft::meet`], while the person writes: whoever presses "Save" in the moment in which they are shown somebody
    /// else's text has not seen it, so for that moment it is not written over.
    fn hear(self, now: Task) {
        if self.base.with_value(|base| *base == text_of(&now)) {
            self.rest_on(now.summary.version);
            return;
        }
        let version = now.summary.version;
        self.clash.set(Some(now));
        set_timeout(move || self.rest_on(version), NOTICED);
    }

    fn rest_on(self, version: i64) {
        // The form may have gone meanwhile.
        self.version.try_update(|held| *held = version.max(*held));
    }

    /// Gives up one's own text.
    fn take_theirs(self) {
        if let Some(theirs) = self.clash.get_untracked() {
            self.base.set_value(text_of(&theirs));
            self.title.set(theirs.summary.title);
            self.description.set(theirs.description);
            self.clash.set(None);
        }
    }
}

fn text_of(task: &Task) -> (String, String) {
    (task.summary.title.clone(), task.description.clone())
}

#[component]
fn EditText(task: OpenTask) -> impl IntoView {
    let action = ServerAction::<SaveTaskText>::new();
    let outcome = FormOutcome::of(action, "text-");
    let draft = Draft::new(task, untrack(|| outcome.is_conflict()));
    let page = paths::task(&task.key());
    let back = {
        let (page, navigate) = (page.clone(), use_navigate());
        move || navigate(&page, NavigateOptions { scroll: false, ..NavigateOptions::default() })
    };
    on_success(action, move |saved: SavedText| {
        forget_typed();
        draft.base.set_value(text_of(&saved.task));
        task.set_text(saved.task, saved.description_html);
        back();
    });
    meet_others(draft, action, outcome);
    focus_when_shown("text-title");
    let problem = Signal::derive(move || if outcome.is_conflict() { None } else { outcome.message().get() });
    let save = move || if draft.clash.with(Option::is_some) { "Save mine over theirs" } else { "Save" };
    view! {
        <FormErrors message=problem fields=outcome.fields() prefix="text-"/>
        <Clash draft page=page.clone()/>
        <ActionForm action attr:id=FORM attr:class="form">
            <input type="hidden" name="id" value=task.id().to_string()/>
            <input type="hidden" name="version" value=move || draft.version.get()/>
            <TextInput
                id="text-title" name="title" label="Title" bind=draft.title required=true
                autocomplete="off" error=outcome.field("title")
            />
            <MarkdownEditor
                id="text-description" name="description" label="Description" bind=draft.description rows=12
                error=outcome.field("description")
            />
            <div class="form-actions">
                <Button variant=ButtonVariant::Primary kind="submit" busy=outcome.busy>{save}</Button>
                <LinkButton href=page variant=ButtonVariant::Quiet attr:data-noscroll="">"Cancel"</LinkButton>
            </div>
        </ActionForm>
    }
}

/// Watches what others do to the text while it is edited. Where they only changed something else, one's own text is
/// sent again by itself.
fn meet_others(draft: Draft, action: ServerAction<SaveTaskText>, outcome: FormOutcome) {
    let now = Memo::new(move |_| draft.task.with(|view| view.task.clone()));
    Effect::new(move |before: Option<()>| {
        let now = now.get();
        if before.is_some() {
            draft.hear(now);
        }
    });
    let version = action.version();
    Effect::new(move |before: Option<usize>| {
        let sent = version.get();
        if before.is_some_and(|before| before != sent)
            && let Some(theirs) = outcome.error.with_untracked(|error| theirs::<Task>(error.as_ref()))
        {
            let same = draft.meet(theirs.clone());
            draft.task.set_theirs(theirs);
            if same {
                send_soon(FORM);
            }
        }
        sent
    });
}

/// Says that someone else was quicker, and what they wrote. The form below holds one's own.
#[component]
fn Clash(draft: Draft, page: String) -> impl IntoView {
    let alive = use_alive();
    let take = move || {
        let page = page.clone();
        if alive.get() {
            let take = move |_| draft.take_theirs();
            view! { <Button size=ButtonSize::Small icon=Icon::Restore on:click=take>"Take theirs"</Button> }
                .into_any()
        } else {
            view! { <LinkButton href=page size=ButtonSize::Small icon=Icon::Restore>"Take theirs"</LinkButton> }.into_any()
        }
    };
    let take = StoredValue::new(take);
    move || {
        let theirs = draft.clash.get()?;
        let title = (draft.title.get_untracked() != theirs.summary.title)
            .then(|| view! { <dt>"Their title"</dt><dd>{theirs.summary.title.clone()}</dd> });
        let text =
            if theirs.description.is_empty() { "(empty)".to_owned() } else { theirs.description.clone() };
        let description = (draft.description.get_untracked() != theirs.description)
            .then(|| view! { <dt>"Their description"</dt><dd>{text}</dd> });
        Some(view! {
            <Notice tone=Tone::Warning title="Someone else changed this while you were writing" alert=true>
                <p>"Yours is in the form below and nothing of it is lost. Bring both together and save, or take theirs."</p>
                <dl class="clash">{title} {description}</dl>
                {take.get_value()}
            </Notice>
        })
    }
}
