//! A project's board, with its filter in the address.

use crate::{
    api::{task::load_board, task_choices::task_choices},
    components::{AsyncPanel, SkeletonCards, awaited},
    features::{
        ask_again::ask_again,
        project_page::{OpenProject, ProjectPage},
        task_board::{MoveForm, TaskBoard},
        task_filters::{FilterKind, TaskFilters},
        task_query::TaskQuery,
        use_query::use_query,
    },
    paths,
};
use leptos::prelude::*;

/// The board.
#[component]
pub fn BoardPage() -> impl IntoView {
    view! {
        <ProjectPage title="Board" let:project>
            <Board project />
        </ProjectPage>
    }
}

#[component]
fn Board(project: OpenProject) -> impl IntoView {
    let query = use_query();
    let wanted = Memo::new(move |_| query.with(|query| TaskQuery::read(query).on_board()));
    let moving = Memo::new(move |_| query.with(|query| query.get("move").unwrap_or_default()));
    let id = project.id();
    let board = Resource::new(move || wanted.get(), move |wanted| load_board(id, wanted.filter(id)));
    let address = Memo::new(move |_| wanted.with(|wanted| wanted.address(&paths::board(&project.key()))));
    let reload = Callback::new(move |()| board.refetch());
    let (now, set_now) = signal(None);
    let ask = ask_again(
        move || load_board(id, wanted.get_untracked().filter(id)),
        move |board| set_now.set(Some(board)),
    );
    let on_moved = Callback::new(move |()| {
        board.refetch();
        let navigate = leptos_router::hooks::use_navigate();
        navigate(&address.get_untracked(), leptos_router::NavigateOptions::default());
    });
    view! {
        <div class="board-toolbar"><Filters project wanted /></div>
        <AsyncPanel resource=board loading=|| view! { <SkeletonCards count=8 /> } let:board>
            {
                let board = board.clone();
                move || (!moving.get().is_empty()).then(|| {
                    view! { <MoveForm board=board.clone() key=moving.get() back=address.get() on_moved /> }
                })
            }
            <TaskBoard
                project_id=id
                project_key=project.key()
                board=board.clone()
                address=address.get_untracked()
                reload
                ask
                now
                permissions=project.view().with_untracked(|view| view.permissions)
            />
        </AsyncPanel>
    }
}

#[component]
fn Filters(project: OpenProject, wanted: Memo<TaskQuery>) -> impl IntoView {
    let id = project.id();
    let choices = Resource::new(|| (), move |()| task_choices(id));
    let path = paths::board(&project.key());
    awaited(ViewFnOnce::default(), move || {
        let path = path.clone();
        async move {
            // Without choices, words can still be searched for.
            let choices = choices.await.unwrap_or_default();
            view! { <TaskFilters wanted path choices kind=FilterKind::Board /> }
        }
    })
}
