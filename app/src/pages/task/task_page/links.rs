//! What the task waits for, holds up and is linked to; that it is blocked, and the way around it by hand.

use super::acts::Acts;
use crate::{
    AppError,
    api::dependency::{BlockAgain, LinkTask, UnblockTask, UnlinkTask},
    components::{
        Badge, Button, ButtonSize, ButtonVariant, CategoryIcon, Choice, FormErrors, Icon, IconButton,
        LinkButton, Notice, RelativeTime, Select, TextArea, Tone, use_toaster,
    },
    features::{
        by_script,
        form_outcome::{FormOutcome, on_success},
        open_task::OpenTask,
        refusal::RefusalDetails,
        task_picker::TaskPicker,
    },
    paths,
    refused::typed_in,
};
use domain::{
    dependency::{Dependencies, LinkedTask, Override, Relation, keys_text},
    permission::Permission,
    task::{Lifecycle, Task},
};
use leptos::{
    form::ActionForm,
    html,
    prelude::*,
    server::ServerAction,
    server_fn::{Http, ServerFn, codec::PostUrl},
};

/// Nothing where dependencies are turned off.
#[component]
pub fn Links(task: OpenTask, acts: Acts) -> impl IntoView {
    let on = Memo::new(move |_| task.with(|view| view.has_dependencies));
    move || on.get().then(|| view! { <Section task acts/> })
}

#[component]
fn Section(task: OpenTask, acts: Acts) -> impl IntoView {
    let links = Memo::new(move |_| task.with(|view| view.dependencies.clone()));
    let may_link = Memo::new(move |_| task.may(Permission::TaskLink));
    let some = Memo::new(move |_| links.with(|links| !links.tasks.is_empty()));
    let unlink = ServerAction::<UnlinkTask>::new();
    on_success(unlink, move |_: Dependencies| {
        // The button that had the focus goes with its row.
        by_script::focus("#link-to");
        acts.forget_refusals();
        task.touch();
    });
    let outcome = FormOutcome::of(unlink, "");
    let groups = move || {
        links.with(|links| {
            Relation::ALL
                .into_iter()
                .filter_map(|relation| group(task, links, (relation, unlink)))
                .collect_view()
        })
    };
    let graph = paths::task_graph(&task.key());
    view! {
        <section class="task-section" id="dependencies" aria-labelledby="dependencies-title">
            <div class="task-section-head">
                <h2 class="task-section-title" id="dependencies-title">"Dependencies"</h2>
                {move || some.get().then(|| view! {
                    <LinkButton href=graph.clone() variant=ButtonVariant::Quiet size=ButtonSize::Small icon=Icon::Graph>
                        "Draw them"
                    </LinkButton>
                })}
            </div>
            <FormErrors message=outcome.message()/>
            {groups}
            {move || may_link.get().then(|| view! { <NewLink task/> })}
        </section>
    }
}

/// The tasks of one relation; nothing where there are none.
fn group(
    task: OpenTask,
    links: &Dependencies,
    (relation, unlink): (Relation, ServerAction<UnlinkTask>),
) -> Option<impl IntoView + use<>> {
    let tasks: Vec<_> = links.of(relation).cloned().collect();
    (!tasks.is_empty()).then(|| {
        let rows = tasks.into_iter().map(|other| row(task, other, unlink)).collect_view();
        view! {
            <div class="links-group">
                <h3 class="links-title">{relation.label()}</h3>
                <ul class="task-rows" aria-label=relation.label()>{rows}</ul>
            </div>
        }
    })
}

fn row(task: OpenTask, other: LinkedTask, unlink: ServerAction<UnlinkTask>) -> impl IntoView {
    let state = match other.lifecycle {
        Lifecycle::Archived => Some(view! { <Badge tone=Tone::Warning>"Archived"</Badge> }),
        _ if other.blocked => Some(view! { <Badge tone=Tone::Danger icon=Icon::Ban>"Blocked"</Badge> }),
        _ => None,
    };
    let title = match other.title {
        Some(title) => {
            view! { <a class="task-row-title" href=paths::task(&other.key)>{title}</a> }.into_any()
        }
        None => view! { <span class="task-row-title muted">"A task that you may not see"</span> }.into_any(),
    };
    let label = format!("Take the link to {} away", other.key);
    let (id, relation) = (other.id.to_string(), other.relation.as_str());
    let remove = move || {
        let (id, label) = (id.clone(), label.clone());
        task.may(Permission::TaskLink).then(|| {
            view! {
                <ActionForm action=unlink>
                    <input type="hidden" name="id" value=task.id().to_string()/>
                    <input type="hidden" name="relation" value=relation/>
                    <input type="hidden" name="other" value=id/>
                    <IconButton kind="submit" size=ButtonSize::Small icon=Icon::Close label/>
                </ActionForm>
            }
        })
    };
    view! {
        <li class="task-row" data-category=other.category.as_str()>
            <CategoryIcon category=other.category/>
            <span class="task-key">{other.key}</span>
            {title}
            {state}
            <span class="task-row-meta">{remove}</span>
        </li>
    }
}

/// A relation and the other task, by key or words.
#[component]
fn NewLink(task: OpenTask) -> impl IntoView {
    let action = ServerAction::<LinkTask>::new();
    let outcome = FormOutcome::of(action, "link-");
    let form = NodeRef::<html::Div>::new();
    on_success(action, move |_: Dependencies| {
        if let Some(form) = form.get_untracked() {
            empty(&form);
        }
        task.touch();
    });
    let typed = typed_in::<LinkTask>().unwrap_or_default();
    let relation = typed.get("relation").unwrap_or(Relation::BlockedBy.as_str()).to_owned();
    let choices: Vec<_> = Relation::ALL.into_iter().map(|it| Choice::new(it.as_str(), it.label())).collect();
    view! {
        <div class="link-new" node_ref=form>
            <FormErrors message=outcome.message() fields=outcome.fields() prefix="link-"/>
            <RefusalDetails error=outcome.error/>
            <ActionForm action attr:class="link-form">
                <input type="hidden" name="id" value=task.id().to_string()/>
                <Select id="link-relation" name="relation" label="What it is to the other" hide_label=true choices value=relation/>
                <TaskPicker
                    id="link-to" name="to" label="The other task: its key, or words of its title" hide_label=true
                    value=typed.get("to").unwrap_or_default() error=outcome.field("to")
                    placeholder="Key or words of the other task"
                />
                <Button kind="submit" busy=outcome.busy>"Link"</Button>
            </ActionForm>
        </div>
    }
}

/// What was sent stands in the list by now.
fn empty(form: &leptos::web_sys::HtmlDivElement) {
    use leptos::wasm_bindgen::JsCast;
    let Ok(Some(input)) = form.query_selector("#link-to") else { return };
    if let Ok(input) = input.dyn_into::<leptos::web_sys::HtmlInputElement>() {
        input.set_value("");
    }
}

/// Says that the task is blocked, or was unblocked by hand, with the way around it or back.
#[component]
pub fn Standing(task: OpenTask, acts: Acts) -> impl IntoView {
    let links = Memo::new(move |_| task.with(|view| view.dependencies.clone()));
    let in_use = Memo::new(move |_| {
        task.with(|view| [view.project_lifecycle, view.task.summary.lifecycle] == [Lifecycle::Active; 2])
    });
    move || {
        let links = links.get();
        if !in_use.get() {
            return None;
        }
        match (links.blocked_since, links.unblocked.clone()) {
            (Some(since), _) => Some(view! { <Blocked task acts since links/> }.into_any()),
            (None, Some(unblocked)) => Some(view! { <Unblocked task acts unblocked/> }.into_any()),
            (None, None) => None,
        }
    }
}

#[component]
fn Blocked(task: OpenTask, acts: Acts, since: domain::Timestamp, links: Dependencies) -> impl IntoView {
    let open: Vec<_> = links.of(Relation::BlockedBy).filter(|it| it.open).collect();
    let keys: Vec<_> = open.iter().take(3).map(|it| it.key.as_str()).collect();
    let by = keys_text(&keys, i64::try_from(open.len()).unwrap_or(i64::MAX));
    let may = Memo::new(move |_| task.may(Permission::TaskUnblock));
    view! {
        <div class="page-header-notice">
            <Notice tone=Tone::Danger title=format!("Blocked by {by}")>
                <p>
                    "Since " <RelativeTime at=since/>
                    ". It can’t begin or be done before that is finished; then it goes on by itself."
                </p>
                {move || may.get().then(|| view! { <UnblockForm task acts/> })}
            </Notice>
        </div>
    }
}

/// The notice with the button goes when it went well: the focus stays near, and readers are told.
fn follow<S, P>(action: ServerAction<S>, (task, acts): (OpenTask, Acts), done: &'static str)
where
    S: ServerFn<Error = AppError, Output = Task, Protocol = Http<PostUrl, P>> + Clone + Send + Sync + 'static,
{
    let toaster = use_toaster();
    task.learn_from(action);
    on_success(action, move |now: Task| {
        by_script::focus("#task-done");
        toaster.success(done);
        acts.forget_refusals();
        task.set(now);
    });
}

#[component]
fn UnblockForm(task: OpenTask, acts: Acts) -> impl IntoView {
    let action = ServerAction::<UnblockTask>::new();
    let outcome = FormOutcome::of(action, "unblock-");
    follow(action, (task, acts), "It is unblocked.");
    let typed = typed_in::<UnblockTask>();
    let open = typed.is_some();
    let reason = typed.and_then(|typed| typed.get("reason").map(str::to_owned)).unwrap_or_default();
    view! {
        <details class="unblock" open=open>
            <summary class="button" data-variant="secondary" data-size="small">"Unblock by hand…"</summary>
            <FormErrors message=outcome.message() fields=outcome.fields() prefix="unblock-"/>
            <ActionForm action attr:class="form">
                <input type="hidden" name="id" value=task.id().to_string()/>
                <input type="hidden" name="version" value=move || task.version()/>
                <TextArea
                    id="unblock-reason" name="reason" label="Why it may go on all the same" required=true rows=2
                    max_length=500 value=reason error=outcome.field("reason")
                    hint="Everybody reads it here, with your name. It counts until another blocker comes."
                />
                <div class="form-actions">
                    <Button kind="submit" size=ButtonSize::Small busy=outcome.busy>"Unblock it"</Button>
                </div>
            </ActionForm>
        </details>
    }
}

#[component]
fn Unblocked(task: OpenTask, acts: Acts, unblocked: Override) -> impl IntoView {
    let action = ServerAction::<BlockAgain>::new();
    let outcome = FormOutcome::of(action, "");
    follow(action, (task, acts), "It is blocked again.");
    let by = unblocked.by.map_or_else(|| "the program".to_owned(), |by| by.display_name);
    let may = Memo::new(move |_| task.may(Permission::TaskUnblock));
    view! {
        <div class="page-header-notice">
            <Notice tone=Tone::Warning title=format!("Unblocked by hand by {by}")>
                <p><RelativeTime at=unblocked.at/> ": " {unblocked.reason}</p>
                <FormErrors message=outcome.message()/>
                {move || may.get().then(|| view! {
                    <ActionForm action>
                        <input type="hidden" name="id" value=task.id().to_string()/>
                        <input type="hidden" name="version" value=move || task.version()/>
                        <Button kind="submit" size=ButtonSize::Small icon=Icon::Ban busy=outcome.busy>"Block it again"</Button>
                    </ActionForm>
                })}
            </Notice>
        </div>
    }
}
