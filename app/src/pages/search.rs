//! A whole page of what was found; also where the search without script leads.

use crate::{
    api::search::quick_search,
    components::{
        AsyncPanel, Button, ButtonVariant, CategoryIcon, ColourDot, EmptyState, Icon, InputKind, PageHeader,
        SkeletonRows, TextInput,
    },
    features::{highlight::highlighted, use_query::use_query},
    paths,
};
use domain::{
    project::ProjectRef,
    search::{SearchResults, TaskHit},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;

/// How many tasks and projects at the most.
const HITS: i64 = 50;

/// The words stand in the address.
#[component]
pub fn SearchPage() -> impl IntoView {
    let query = use_query();
    let words = Memo::new(move |_| query.with(|query| query.get("q").unwrap_or_default().trim().to_owned()));
    let found = Resource::new(move || words.get(), find);
    view! {
        <Title text="Search"/>
        <PageHeader title="Search"/>
        <div class="page">
            <Form method="GET" action=paths::SEARCH attr:class="search-form" attr:role="search">
                <TextInput
                    id="q" label="Search tasks and projects" hide_label=true kind=InputKind::Search
                    placeholder="Words of a title, or a key such as WEB-12" value=words.get_untracked() autofocus=true
                />
                <Button kind="submit" variant=ButtonVariant::Primary icon=Icon::Search>"Search"</Button>
            </Form>
            <AsyncPanel resource=found loading=|| view! { <SkeletonRows count=6/> } let:found>
                {move || content(found.clone(), &words.get_untracked())}
            </AsyncPanel>
        </div>
    }
}

async fn find(words: String) -> Result<Option<SearchResults>, crate::AppError> {
    if words.is_empty() { Ok(None) } else { quick_search(words, HITS).await.map(Some) }
}

fn content(found: Option<SearchResults>, words: &str) -> AnyView {
    let Some(found) = found else {
        return view! {
            <EmptyState
                icon=Icon::Search
                title="Find anything you may see"
                text="Type the beginning of a few words, or a task’s key. From any page, Ctrl K does the same faster."
            />
        }
        .into_any();
    };
    if found.tasks.is_empty() && found.projects.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Search
                title="Nothing found"
                text="Try fewer words, or only their beginnings. What you may not see is not found."
            />
        }
        .into_any();
    }
    let projects = found.projects.into_iter().map(|project| project_hit(project, words)).collect_view();
    let tasks = found.tasks.into_iter().map(|hit| task_hit(hit, words)).collect_view();
    view! { <ul class="search-hits" aria-label="Results">{projects} {tasks}</ul> }.into_any()
}

fn project_hit(project: ProjectRef, words: &str) -> impl IntoView + use<> {
    view! {
        <li class="search-hit">
            <div class="search-hit-head">
                <ColourDot colour=project.colour/>
                <span class="task-key">{project.key.clone()}</span>
                <a class="search-hit-title" href=paths::project(&project.key)>{highlighted(&project.name, words)}</a>
            </div>
            <div class="search-hit-meta">"Project"</div>
        </li>
    }
}

fn task_hit(hit: TaskHit, words: &str) -> impl IntoView + use<> {
    view! {
        <li class="search-hit">
            <div class="search-hit-head">
                <CategoryIcon category=hit.task.category/>
                <span class="task-key">{hit.task.key.clone()}</span>
                <a class="search-hit-title" href=paths::task(&hit.task.key)>{highlighted(&hit.task.title, words)}</a>
            </div>
            <div class="search-hit-meta">{hit.project.name}</div>
        </li>
    }
}
