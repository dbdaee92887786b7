//! A project's board, with its filter in the address.

use crate::{
    api::{label::list_labels, member::assignable_people, task::load_board},
    components::{
        AsyncPanel, Button, Choice, Icon, InputKind, LinkButton, Select, SkeletonCards, TextInput, Toolbar,
    },
    features::{
        project_page::{OpenProject, ProjectPage},
        task_board::{MoveForm, TaskBoard},
    },
    paths,
};
use domain::{
    label::Label,
    task::{AssigneeFilter, TaskFilter},
    user::UserRef,
};
use leptos::prelude::*;
use leptos_router::{components::Form, hooks::use_query_map};

/// The board.
#[component]
pub fn BoardPage() -> impl IntoView {
    view! {
        <ProjectPage title="Board" let:project>
            <Board project />
        </ProjectPage>
    }
}

/// What of the address decides which cards are shown.
#[derive(Clone, PartialEq, Default)]
struct Shown {
    search: String,
    assignee: String,
    label: String,
}

impl Shown {
    fn filter(&self) -> TaskFilter {
        let text = self.search.trim();
        TaskFilter {
            search: (!text.is_empty()).then(|| text.to_owned()),
            assignee: match self.assignee.as_str() {
                "me" => Some(AssigneeFilter::Me),
                "nobody" => Some(AssigneeFilter::Nobody),
                id => id.parse().ok().map(AssigneeFilter::User),
            },
            label_id: self.label.parse().ok(),
            ..TaskFilter::default()
        }
    }

    fn is_everything(&self) -> bool {
        *self == Self::default()
    }
}

#[component]
fn Board(project: OpenProject) -> impl IntoView {
    let query = use_query_map();
    let of = move |name: &'static str| query.with(|query| query.get(name).unwrap_or_default());
    let shown = Memo::new(move |_| Shown { search: of("q"), assignee: of("assignee"), label: of("label") });
    let moving = Memo::new(move |_| of("move"));
    let id = project.id();
    let board = Resource::new(move || shown.get(), move |shown| load_board(id, shown.filter()));
    let on_moved = Callback::new(move |()| {
        board.refetch();
        let navigate = leptos_router::hooks::use_navigate();
        navigate(&paths::board(&project.key()), leptos_router::NavigateOptions::default());
    });
    view! {
        <div class="board-toolbar"><Filters project shown /></div>
        <AsyncPanel resource=board loading=|| view! { <SkeletonCards count=8 /> } let:board>
            {
                let board = board.clone();
                move || (!moving.get().is_empty()).then(|| {
                    view! { <MoveForm board=board.clone() key=moving.get() project_key=project.key() on_moved /> }
                })
            }
            <TaskBoard
                project_id=id
                project_key=project.key()
                board=board.clone()
                permissions=project.view().with_untracked(|view| view.permissions)
            />
        </AsyncPanel>
    }
}

#[component]
fn Filters(project: OpenProject, shown: Memo<Shown>) -> impl IntoView {
    let id = project.id();
    let labels = Resource::new(|| (), move |()| list_labels(id));
    let people = Resource::new(|| (), move |()| assignable_people(id));
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let labels = labels.await.unwrap_or_default();
                let people = people.await.unwrap_or_default();
                view! { <FilterForm project shown labels people /> }
            })}
        </Suspense>
    }
}

#[component]
fn FilterForm(
    project: OpenProject,
    shown: Memo<Shown>,
    labels: Vec<Label>,
    people: Vec<UserRef>,
) -> impl IntoView {
    let now = shown.get_untracked();
    let anyone = ["", "me", "nobody"].into_iter().zip(["Anyone", "Me", "Nobody"]);
    let assignees = anyone
        .map(|(value, words)| Choice::new(value, words))
        .chain(people.into_iter().map(|user| Choice::new(user.id.to_string(), user.display_name)))
        .collect::<Vec<_>>();
    let labels = std::iter::once(Choice::new("", "Any label"))
        .chain(labels.into_iter().map(|label| Choice::new(label.id.to_string(), label.name)))
        .collect::<Vec<_>>();
    let address = paths::board(&project.key());
    let all = address.clone();
    view! {
        <Form method="GET" action=address>
            <Toolbar label="Filter the board">
                <TextInput
                    id="q"
                    label="Words or key"
                    kind=InputKind::Search
                    hide_label=true
                    placeholder="Words or key"
                    value=now.search
                />
                <Select id="assignee" label="Assignee" hide_label=true choices=assignees value=now.assignee />
                <Select id="label" label="Label" hide_label=true choices=labels value=now.label />
                <Button kind="submit" icon=Icon::Filter>"Filter"</Button>
                {move || (!shown.get().is_everything()).then(|| {
                    view! { <LinkButton href=all.clone()>"Show all"</LinkButton> }
                })}
            </Toolbar>
        </Form>
    }
}
