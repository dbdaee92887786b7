//! The top of the page: where the task is, its name and state, what can be done with it.

use super::{
    acts::{ActForm, Acts},
    links::Standing,
    put_away::PutAway,
    text::edit_address,
};
use crate::{
    api::{task::TaskAct, task_choices::TaskChoices},
    components::{
        Badge, ButtonVariant, ColumnBadge, Crumb, FormErrors, Icon, LinkButton, Menu, MenuItem, MenuLink,
        PageHeader, RelativeTime, Tone,
    },
    features::{
        copy_button::CopyLink, open_task::OpenTask, presence::AlsoHere, query::address,
        refusal::RefusalDetails,
    },
    paths,
};
use domain::{
    board::Category,
    permission::Permission,
    task::{Lifecycle, TaskRef, TaskSummary},
};
use leptos::{form::ActionForm, prelude::*};

/// The header. Drawn anew when the task gets another place in the tree.
#[component]
pub fn Header(task: OpenTask, acts: Acts, choices: Signal<Option<TaskChoices>>) -> impl IntoView {
    let ancestors = Memo::new(move |_| task.with(|view| view.ancestors.clone()));
    let title = Signal::derive(move || task.of(|it| it.title.clone()));
    let problem = acts.problem();
    move || {
        view! {
            <PageHeader
                title
                crumbs=crumbs(task, ancestors.get())
                meta=move || view! { <State task/> }
                actions=move || view! { <Actions task acts choices/> }
            >
                <Origin task/>
                <FormErrors message=problem/>
                <RefusalDetails error=acts.refusal()/>
                <Standing task acts/>
                <PutAway task acts/>
            </PageHeader>
        }
    }
}

fn crumbs(task: OpenTask, ancestors: Vec<TaskRef>) -> Vec<Crumb> {
    let project = task.project();
    let above = ancestors
        .into_iter()
        .map(|above| Crumb::new(format!("{} {}", above.key, above.title), paths::task(&above.key)));
    std::iter::once(Crumb::new(project.name, paths::project(&project.key))).chain(above).collect()
}

/// Its key and column, and whether it is put away.
#[component]
fn State(task: OpenTask) -> impl IntoView {
    let name = Signal::derive(move || task.of(|it| it.column_name.clone()));
    let category = Signal::derive(move || task.of(|it| it.category));
    let blocked = move || {
        task.of(TaskSummary::is_blocked)
            .then(|| view! { <Badge tone=Tone::Danger icon=Icon::Ban>"Blocked"</Badge> })
    };
    let put_away = move || match task.of(|it| it.lifecycle) {
        Lifecycle::Active => None,
        Lifecycle::Archived => Some(view! { <Badge tone=Tone::Warning>"Archived"</Badge> }),
        Lifecycle::Deleted => Some(view! { <Badge tone=Tone::Danger>"Deleted"</Badge> }),
    };
    view! {
        <span class="task-key">{task.key()}</span>
        <ColumnBadge name category/>
        {blocked}
        {put_away}
        <AlsoHere task=task.id()/>
    }
}

/// Who made it and when, and when it last changed.
#[component]
fn Origin(task: OpenTask) -> impl IntoView {
    let maker = task.with(|view| view.task.creator.as_ref().map(|user| user.display_name.clone()));
    let by = maker.map(|name| view! { " by " <strong>{name}</strong> });
    let created = task.of(|it| it.created_at);
    let changed = Signal::derive(move || task.of(|it| it.updated_at));
    view! {
        <p class="page-header-text">
            "Made" {by} " " <RelativeTime at=created/> ", changed " <RelativeTime at=changed/>
        </p>
    }
}

#[component]
fn Actions(task: OpenTask, acts: Acts, choices: Signal<Option<TaskChoices>>) -> impl IntoView {
    let may_move = Memo::new(move |_| task.may(Permission::TaskMove));
    let may_edit = Memo::new(move |_| task.may(Permission::TaskUpdate));
    let edit = edit_address(&task.key());
    view! {
        {move || may_edit.get().then(|| view! {
            <LinkButton href=edit.clone() icon=Icon::Edit attr:id="task-edit" attr:data-noscroll="">"Edit"</LinkButton>
        })}
        {move || may_move.get().then(|| view! {
            <MoveMenu task acts choices/>
            <Done task acts/>
        })}
        <More task acts/>
    }
}

/// Completes the task, or opens it again: one button, which keeps the focus.
#[component]
fn Done(task: OpenTask, acts: Acts) -> impl IntoView {
    let done = Memo::new(move |_| task.of(|it| it.category == Category::Done));
    let act = Signal::derive(move || if done.get() { TaskAct::Reopen } else { TaskAct::Complete });
    let busy = acts.busy();
    let face = move || {
        let (icon, word) = if done.get() { (Icon::Restore, "Reopen") } else { (Icon::Check, "Complete") };
        view! { <Icon icon/> {word} }
    };
    view! {
        <ActForm task acts act>
            <button
                class="button"
                type="submit"
                id="task-done"
                data-variant=move || if done.get() { "secondary" } else { "primary" }
                data-size="medium"
                aria-busy=move || busy.get().then_some("true")
            >
                {face}
            </button>
        </ActForm>
    }
}

/// A button for each column, the one that it is in left out of reach.
#[component]
fn MoveMenu(task: OpenTask, acts: Acts, choices: Signal<Option<TaskChoices>>) -> impl IntoView {
    let columns = move || {
        let columns = choices.with(|choices| choices.as_ref().map(|choices| choices.columns.clone()));
        columns
            .unwrap_or_default()
            .into_iter()
            .map(|column| {
                let id = column.id;
                let here = Signal::derive(move || task.of(|it| it.column_id == id));
                view! {
                    <MenuItem
                        kind="submit" icon=icon(column.category) disabled=here
                        attr:name="column_id" attr:value=id.to_string()
                    >
                        {column.name}
                    </MenuItem>
                }
            })
            .collect_view()
    };
    view! {
        <ActionForm action=acts.shift>
            <input type="hidden" name="id" value=task.id().to_string()/>
            <input type="hidden" name="version" value=move || task.version()/>
            <Menu id="task-move" label="Move to…" variant=ButtonVariant::Secondary show_label=true>{columns}</Menu>
        </ActionForm>
    }
}

const fn icon(category: Category) -> Icon {
    match category {
        Category::Todo => Icon::Todo,
        Category::Doing => Icon::Doing,
        Category::Done => Icon::Done,
    }
}

#[component]
fn More(task: OpenTask, acts: Acts) -> impl IntoView {
    let key = task.key();
    let label = format!("More actions for {key}");
    let why = why_address(task);
    let active = Memo::new(move |_| task.of(|it| it.lifecycle == Lifecycle::Active));
    let archives = Memo::new(move |_| active.get() && task.may(Permission::TaskArchive));
    let deletes = Memo::new(move |_| {
        task.of(|it| it.lifecycle != Lifecycle::Deleted) && task.may(Permission::TaskDelete)
    });
    view! {
        <Menu id="task-actions" label>
            <CopyLink path=paths::task(&key)/>
            <MenuLink href=why icon=Icon::Key>"Why may I (not)?"</MenuLink>
            {move || archives.get().then(|| view! {
                <ActForm task acts act=TaskAct::Archive>
                    <MenuItem kind="submit" icon=Icon::Archive>"Archive"</MenuItem>
                </ActForm>
            })}
            {move || deletes.get().then(|| view! {
                <ActForm task acts act=TaskAct::Delete>
                    <MenuItem kind="submit" icon=Icon::Trash danger=true>{delete_words(task)}</MenuItem>
                </ActForm>
            })}
        </Menu>
    }
}

/// Sub-tasks go with it, which must not come as a surprise.
fn delete_words(task: OpenTask) -> impl Fn() -> String + Send + Sync {
    move || match task.of(|it| it.child_count) {
        0 => "Delete".to_owned(),
        1 => "Delete with its sub-task".to_owned(),
        many => format!("Delete with its {many} sub-tasks"),
    }
}

/// The page that explains what one may do in this project.
pub fn why_address(task: OpenTask) -> String {
    let project = task.project().key;
    address(paths::WHY, &[("permission", Permission::TaskUpdate.as_str()), ("project", &project)])
}
