//! A project's tasks as a list, with filters, order and page in its address.

use crate::{
    AppError,
    api::{
        task_choices::{TaskChoices, task_choices},
        task_list::{TaskLine, list_tasks},
    },
    components::{
        AsyncPanel, ButtonVariant, EmptyState, Icon, LinkButton, Pagination, SkeletonRows, awaited,
    },
    features::{
        ask_again::ask_again,
        bulk_bar::BulkRights,
        change_many::{ChangeMany, Reload},
        live::{follow, in_project},
        project_page::{OpenProject, ProjectPage},
        query::address,
        quick_add::QuickAdd,
        task_filters::{FilterKind, Shelves, TaskFilters},
        task_query::TaskQuery,
        task_table::{Selection, TaskTable, walk_rows},
        use_query::use_query,
    },
    paths,
};
use domain::{limits, page::Paged, permission::Permission, task::Lifecycle};
use leptos::prelude::*;

/// The list.
#[component]
pub fn TaskListPage() -> impl IntoView {
    view! {
        <ProjectPage title="Tasks" let:project>
            <div class="page"><Tasks project/></div>
        </ProjectPage>
    }
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct List {
    project: OpenProject,
    wanted: Memo<TaskQuery>,
    choices: Resource<Result<TaskChoices, AppError>>,
    selection: Selection,
    reload: Reload,
    /// How many tasks there are, for readers: they do not see that a filter has changed the table.
    said: RwSignal<String>,
}

#[component]
fn Tasks(project: OpenProject) -> impl IntoView {
    let query = use_query();
    let wanted = Memo::new(move |_| query.with(TaskQuery::read));
    let shelf = Memo::new(move |_| wanted.with(TaskQuery::lifecycle));
    let id = project.id();
    let (selection, reload) = (Selection::default(), Reload::new(project));
    let lines = Resource::new(
        move || (wanted.get(), reload.times()),
        move |(wanted, _)| list_tasks(wanted.filter(id), wanted.wants_overdue(), Some(wanted.cursor)),
    );
    let ask = move || {
        let query = wanted.get_untracked();
        async move {
            let now = list_tasks(query.filter(id), query.wants_overdue(), Some(query.cursor.clone())).await?;
            Ok((query, now))
        }
    };
    let again = ask_again(ask, move |(query, now)| {
        // The same rows stay as they are, with the click that is just being made on one.
        let same = lines.with_untracked(|shown| matches!(shown, Some(Ok(shown)) if *shown == now));
        if !same && wanted.get_untracked() == query {
            selection.keep();
            lines.set(Some(Ok(now)));
        }
    });
    follow(in_project(id), move || again.run(()));
    let choices = Resource::new(|| (), move |()| task_choices(id));
    let list = List { project, wanted, choices, selection, reload, said: RwSignal::new(String::new()) };
    walk_rows(selection);
    view! {
        <Filters list/>
        <div class="task-list-head">
            <Add list/>
            <WhichTasks list/>
        </div>
        <p class="visually-hidden" role="status">{move || list.said.get()}</p>
        <ChangeMany project shelf choices selection reload>
            <AsyncPanel
                resource=lines
                loading=|| view! { <SkeletonRows count=12/> }
                is_empty=|lines| lines.items.is_empty()
                empty=move || view! { <Empty list/> }
                let:lines
            >
                <Lines list lines/>
            </AsyncPanel>
        </ChangeMany>
    }
}

#[component]
fn Filters(list: List) -> impl IntoView {
    let path = paths::tasks(&list.project.key());
    awaited(ViewFnOnce::default(), move || {
        let path = path.clone();
        async move {
            // Without choices, words can still be searched for.
            let choices = list.choices.await.unwrap_or_default();
            view! { <TaskFilters wanted=list.wanted path choices kind=FilterKind::List/> }
        }
    })
}

#[component]
fn WhichTasks(list: List) -> impl IntoView {
    let deleted =
        list.project.view().with_untracked(|view| view.permissions.contains(Permission::TaskDelete));
    view! { <Shelves wanted=list.wanted path=paths::tasks(&list.project.key()) deleted/> }
}

/// For those who may; not where the new task would not be seen.
#[component]
fn Add(list: List) -> impl IntoView {
    let shown = Memo::new(move |_| {
        list.project.may(Permission::TaskCreate)
            && list.wanted.with(TaskQuery::lifecycle) == Lifecycle::Active
    });
    let column = Memo::new(move |_| list.wanted.with(|wanted| wanted.status.parse().ok()));
    let added = Callback::new(move |_| list.reload.run());
    move || shown.get().then(|| view! { <QuickAdd project=list.project.id() column added/> })
}

#[component]
fn Lines(list: List, lines: Paged<TaskLine>) -> impl IntoView {
    let asked = list.wanted.get_untracked();
    let path = paths::tasks(&list.project.key());
    let first = (!asked.cursor.is_empty()).then(|| asked.page("").address(&path));
    let next = lines.next.as_deref().map(|cursor| asked.page(cursor).address(&path));
    let count = lines.items.len();
    let parted = first.is_some() || next.is_some();
    let whole = !asked.is_narrowed() && asked.lifecycle() == Lifecycle::Active;
    let summary = Signal::derive(move || {
        let total = list.project.with(|project| project.open_count + project.done_count);
        summary(count, parted, whole.then_some(total))
    });
    Effect::new(move |_| list.said.set(summary.get()));
    let ticks = untrack(|| BulkRights::of(list.project, asked.lifecycle())).any();
    view! {
        <TaskTable lines=lines.items asked path selection=list.selection ticks/>
        <Pagination summary first next forward_only=true/>
    }
}

/// How many tasks there are: on one page, on one of several, and in all where that is known.
fn summary(count: usize, parted: bool, total: Option<i64>) -> String {
    match (count, parted, total) {
        (1, false, _) => "1 task".into(),
        (count, false, _) => format!("{count} tasks"),
        (count, true, Some(total)) => format!("{count} of {total} tasks"),
        (count, true, None) => format!("{count} tasks on this page"),
    }
}

/// Says why nothing is shown, and what to do.
#[component]
fn Empty(list: List) -> impl IntoView {
    let asked = list.wanted.get_untracked();
    Effect::new(move |_| {
        list.said.set("No tasks".into());
        list.selection.begin();
    });
    let key = list.project.key();
    let path = paths::tasks(&key);
    if !asked.cursor.is_empty() {
        return past_the_end(asked.page("").address(&path)).into_any();
    }
    if asked.is_narrowed() {
        let href = asked.cleared().address(&path);
        return view! {
            <EmptyState icon=Icon::Search title="No task matches" text="Take a filter off, or try fewer letters of a word, or a key such as WEB-12.">
                <LinkButton href>"Clear filters"</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    match asked.lifecycle() {
        Lifecycle::Active => view! { <NoneYet project=list.project/> }.into_any(),
        Lifecycle::Archived => view! {
            <EmptyState
                icon=Icon::Archive title="No task is archived"
                text="Archive tasks that are over: they can still be read and found here, and no longer stand in lists and on the board."
            />
        }
        .into_any(),
        Lifecycle::Deleted => {
            let text =
                format!("Deleted tasks rest here for {} days and can be brought back.", limits::REST_DAYS);
            view! { <EmptyState icon=Icon::Trash title="No task is deleted" text/> }.into_any()
        }
    }
}

fn past_the_end(first: String) -> impl IntoView {
    view! {
        <EmptyState icon=Icon::List title="No more tasks" text="The list ends before this page: tasks have gone since.">
            <LinkButton href=first>"Show the first page"</LinkButton>
        </EmptyState>
    }
}

#[component]
fn NoneYet(project: OpenProject) -> impl IntoView {
    let key = project.key();
    if !untrack(|| project.may(Permission::TaskCreate)) {
        return view! {
            <EmptyState icon=Icon::List title="No tasks yet" text="What is to be done in this project will stand here."/>
        }
        .into_any();
    }
    view! {
        <EmptyState
            icon=Icon::List title="No tasks yet"
            text="Type the first one into the line above, describe it in full, or turn a Markdown checklist into tasks."
        >
            <LinkButton href=paths::new_task(&key) variant=ButtonVariant::Primary icon=Icon::Plus>"New task"</LinkButton>
            <LinkButton href=address(paths::IMPORT, &[("project", &key)]) icon=Icon::Import>"Import a checklist"</LinkButton>
        </EmptyState>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_says_no_more_than_is_known() {
        assert_eq!(summary(1, false, Some(1)), "1 task");
        assert_eq!(summary(12, false, None), "12 tasks");
        assert_eq!(summary(50, true, Some(312)), "50 of 312 tasks");
        assert_eq!(summary(50, true, None), "50 tasks on this page");
    }
}
