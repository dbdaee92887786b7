//! One task: its text, its properties, what is below it, what was said and what happened.
//!
//! Everything comes in one answer (`api::task_page`), because the parts of a page for each of which the server would ask
//! again who may see the task cost more than the whole. Older comments and changes are loaded on demand.

mod acts;
mod comments;
mod fields;
mod header;
mod history;
mod keys;
mod links;
mod put_away;
mod sub_tasks;
mod text;

use crate::{
    api::{
        task_choices::{TaskChoices, task_choices},
        task_page::{TaskPageData, load_task_page},
    },
    components::SkeletonLines,
    features::{
        entity::Entity, not_found::NotFound, open_task::OpenTask, page_title::PageTitle, use_query::use_query,
    },
};
use acts::Acts;
use comments::Comments;
use domain::permission::Permission;
use fields::Fields;
use header::Header;
use history::History;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use links::Links;
use sub_tasks::SubTasks;
use text::Text;

/// What of the address decides which rows the page begins with.
#[derive(Clone, PartialEq, Eq)]
struct Asked {
    key: String,
    /// Comments before this cursor; blank for the newest.
    comments: String,
    /// Changes before this cursor; blank for the newest.
    history: String,
}

/// The task of the key in the address.
#[component]
pub fn TaskPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query());
    let of = move |name: &'static str| query.with(|query| query.get(name).unwrap_or_default());
    let asked = Memo::new(move |_| Asked {
        key: params.with(|params| params.get("key").unwrap_or_default()),
        comments: of("comments"),
        history: of("history"),
    });
    // One page for each task: nothing of one stays on the page of another.
    move || {
        let asked = asked.get();
        let older = (!asked.comments.is_empty(), !asked.history.is_empty());
        let data = Resource::new_blocking(
            move || asked.clone(),
            |Asked { key, comments, history }| load_task_page(key, Some(comments), Some(history)),
        );
        view! {
            <Entity resource=data loading=|| view! { <div class="page"><SkeletonLines count=10/></div> } let:data>
                <Whole data older/>
            </Entity>
        }
    }
}

#[component]
fn Whole(
    data: TaskPageData,
    /// Whether comments and history begin with older ones.
    older: (bool, bool),
) -> impl IntoView {
    let task = OpenTask::new(data.view.clone());
    let choices = choices(task, data.choices.clone());
    let acts = Acts::new(task);
    let query = use_query();
    let editing = Signal::derive(move || query.with(|query| query.get_str("edit") == Some("text")));
    keys::listen();
    let title = Signal::derive(move || format!("{} {}", task.key(), task.of(|it| it.title.clone())));
    move || {
        if task.gone() {
            return view! { <NotFound/> }.into_any();
        }
        view! {
            <PageTitle text=title/>
            <Header task acts choices/>
            <div class="page">
                <div class="task">
                    <div class="task-main">
                        <Text task editing/>
                        <SubTasks task/>
                        <Links task acts/>
                    </div>
                    <aside class="task-side" aria-label="Properties"><Fields task acts choices/></aside>
                    <div class="task-main task-talk">
                        <Comments task first=data.comments.clone() older=older.0/>
                        <History task first=data.history.clone() older=older.1/>
                    </div>
                </div>
            </div>
        }
        .into_any()
    }
}

/// What the fields offer; asked for when a task that was put away comes back into use.
fn choices(task: OpenTask, first: Option<TaskChoices>) -> Signal<Option<TaskChoices>> {
    let choices = RwSignal::new(first);
    let project = task.project().id;
    let load = Action::new(move |(): &()| task_choices(project));
    let wanted = Memo::new(move |_| {
        [Permission::TaskUpdate, Permission::TaskMove, Permission::TaskAssign]
            .into_iter()
            .any(|it| task.may(it))
    });
    Effect::new(move |_| {
        if wanted.get() && choices.with_untracked(Option::is_none) {
            load.dispatch(());
        }
    });
    Effect::new(move |_| {
        // Without them, a field still says what it holds.
        if let Some(Ok(found)) = load.value().get() {
            choices.set(Some(found));
        }
    });
    choices.into()
}
