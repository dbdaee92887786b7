//! The chosen task of a drawing: its links, with a way to take each away, and a form for another.

use crate::{
    api::dependency::{Drawing, LinkTask, UnlinkTask},
    components::{
        Button, ButtonSize, Choice, FormErrors, Icon, IconButton, LinkButton, Select, VisuallyHidden,
    },
    features::{
        by_script,
        form_outcome::{FormOutcome, on_success},
        refusal::RefusalDetails,
        task_picker::TaskPicker,
    },
    paths,
    refused::typed_in,
};
use domain::dependency::{Dependencies, Relation};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};

/// Takes a key as the other end of a new link; `false` where no task is chosen that could get one.
pub fn take(key: String) -> bool {
    use leptos::wasm_bindgen::JsCast;
    let input =
        by_script::find("#graph-to").and_then(|it| it.dyn_into::<leptos::web_sys::HtmlInputElement>().ok());
    let Some(input) = input else { return false };
    input.set_value(&key);
    by_script::focus("#graph-to")
}

/// Whether somebody is at the form, or has begun to fill it in.
pub fn is_busy() -> bool {
    by_script::find(".graph-chosen:focus-within, #graph-to:not(:placeholder-shown)").is_some()
}

/// Brings the focus back to the form after a link was made or taken away, and all was drawn anew.
pub fn go_on() {
    Effect::new(move |_| {
        request_animation_frame(|| {
            if !by_script::focus("#graph-to") {
                by_script::focus(".graph-view");
            }
        });
    });
}

/// Nothing while none is chosen.
#[component]
pub fn Chosen(
    drawing: StoredValue<Drawing>,
    chosen: Memo<Option<usize>>,
    /// Draws anew after a change.
    reload: Callback<()>,
) -> impl IntoView {
    let unlink = ServerAction::<UnlinkTask>::new();
    on_success(unlink, move |_: Dependencies| reload.run(()));
    let outcome = FormOutcome::of(unlink, "");
    Effect::new(move |before: Option<Option<usize>>| {
        let now = chosen.get();
        // What was refused for one task is nothing that another has to do with.
        if before.is_some_and(|before| before != now) {
            unlink.clear();
        }
        now
    });
    move || {
        let at = chosen.get()?;
        let task = drawing.with_value(|drawing| drawing.tasks[at].clone());
        let title = task.title.clone().unwrap_or_else(|| "A task that you may not see".to_owned());
        let seen = task.title.is_some();
        let links = links(drawing, at, unlink);
        Some(view! {
            <section class="graph-chosen" aria-label="The chosen task">
                <div class="graph-chosen-head">
                    <h2 class="graph-chosen-title"><span class="task-key">{task.key.clone()}</span> " " {title}</h2>
                    {seen.then(|| view! {
                        <LinkButton href=paths::task(&task.key) size=ButtonSize::Small icon=Icon::ArrowRight>"Open it"</LinkButton>
                        <LinkButton href=paths::task_graph(&task.key) size=ButtonSize::Small icon=Icon::Graph>"Only its chain"</LinkButton>
                    })}
                </div>
                <FormErrors message=outcome.message()/>
                {links}
                {seen.then(|| view! { <NewLink id=task.id.to_string() reload/> })}
            </section>
        })
    }
}

/// What the task waits for, and what waits for it.
fn links(drawing: StoredValue<Drawing>, at: usize, unlink: ServerAction<UnlinkTask>) -> impl IntoView {
    let side = move |relation: Relation| {
        let others = drawing.with_value(|drawing| {
            let ends = drawing.links.iter().filter_map(|(from, to, removable)| match relation {
                Relation::BlockedBy => (*to == at).then_some((*from, *removable)),
                _ => (*from == at).then_some((*to, *removable)),
            });
            let other = |(other, removable): (usize, bool)| {
                let it = &drawing.tasks[other];
                (it.id, it.key.clone(), it.title.clone().unwrap_or_default(), removable)
            };
            ends.map(other).collect::<Vec<_>>()
        });
        let id = drawing.with_value(|drawing| drawing.tasks[at].id);
        (!others.is_empty()).then(|| {
            let chips = others.into_iter().map(|(other, key, title, removable)| {
                let label = format!("Take the link to {key} away");
                let remove = removable.then(|| {
                    view! {
                        <ActionForm action=unlink>
                            <input type="hidden" name="id" value=id.to_string()/>
                            <input type="hidden" name="relation" value=relation.as_str()/>
                            <input type="hidden" name="other" value=other.to_string()/>
                            <IconButton kind="submit" size=ButtonSize::Small icon=Icon::Close label/>
                        </ActionForm>
                    }
                });
                view! { <li class="graph-chip" title=title><span>{key}</span> {remove}</li> }
            });
            view! {
                <div class="graph-side">
                    <span class="muted">{relation.label()} ":"</span>
                    <ul class="graph-chips">{chips.collect_view()}</ul>
                </div>
            }
        })
    };
    view! { {side(Relation::BlockedBy)} {side(Relation::Blocks)} }
}

#[component]
fn NewLink(id: String, reload: Callback<()>) -> impl IntoView {
    let action = ServerAction::<LinkTask>::new();
    let outcome = FormOutcome::of(action, "graph-");
    on_success(action, move |_: Dependencies| reload.run(()));
    let typed = typed_in::<LinkTask>().unwrap_or_default();
    let relation = typed.get("relation").unwrap_or(Relation::BlockedBy.as_str()).to_owned();
    let acting = [Relation::BlockedBy, Relation::Blocks];
    let choices: Vec<_> = acting.into_iter().map(|it| Choice::new(it.as_str(), it.label())).collect();
    view! {
        <FormErrors message=outcome.message() fields=outcome.fields() prefix="graph-"/>
        <RefusalDetails error=outcome.error/>
        <ActionForm action attr:class="link-form">
            <input type="hidden" name="id" value=id/>
            <Select id="graph-relation" name="relation" label="What it is to the other" hide_label=true choices value=relation/>
            <TaskPicker
                id="graph-to" name="to" label="The other task: its key, or words of its title" hide_label=true
                value=typed.get("to").unwrap_or_default() error=outcome.field("to") placeholder="Key or words of the other task"
            />
            <Button kind="submit" busy=outcome.busy>"Link"</Button>
            <VisuallyHidden>"In the drawing, Shift and a click on a task take it as the other."</VisuallyHidden>
        </ActionForm>
    }
}
