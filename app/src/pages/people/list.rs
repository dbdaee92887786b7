//! Everybody, a page at a time.

use crate::{
    api::people::list_people,
    components::{
        AsyncPanel, Avatar, Badge, Button, ButtonVariant, EmptyState, Icon, InputKind, LinkButton, Narrow,
        PageHeader, Pagination, RelativeTime, Segment, Segmented, SkeletonRows, Table, TextInput, Tone,
        Toolbar,
    },
    features::{
        live::{areas, keep_fresh},
        query::address,
        use_query::use_query,
    },
    paths,
    session::may,
};
use domain::{
    page::Paged,
    permission::Permission,
    user::{User, UserStatus},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;

/// The list, with search and filter in the address.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let query = use_query();
    let of =
        move |name: &'static str| Memo::new(move |_| query.with(|query| query.get(name).unwrap_or_default()));
    let (search, status, cursor) = (of("q"), of("status"), of("cursor"));
    let people = Resource::new(
        move || (search.get(), status.get(), cursor.get()),
        |(search, status, cursor)| list_people(search, status, Some(cursor)),
    );
    keep_fresh(people, areas(["user"]));
    let add = move || {
        may(Permission::UserManage).then(|| {
            view! {
                <LinkButton href=paths::NEW_PERSON variant=ButtonVariant::Primary icon=Icon::Plus>"Add person"</LinkButton>
            }
        })
    };
    view! {
        <Title text="People"/>
        <PageHeader title="People" text="Everyone with an account here, and what their workspace role allows." actions=add/>
        <div class="page">
            <Filters search status/>
            <AsyncPanel
                resource=people
                loading=|| view! { <SkeletonRows count=8/> }
                is_empty=|people| people.items.is_empty()
                empty=|| view! {
                    <EmptyState icon=Icon::Users title="Nobody matches" text="Try fewer letters, or all states.">
                        <LinkButton href=paths::PEOPLE>"Show everyone"</LinkButton>
                    </EmptyState>
                }
                let:people
            >
                {list_of(people, &search.get_untracked(), &status.get_untracked(), &cursor.get_untracked())}
            </AsyncPanel>
        </div>
    }
}

#[component]
fn Filters(search: Memo<String>, status: Memo<String>) -> impl IntoView {
    let segment = move |value: &'static str, text: &'static str| {
        let href = Signal::derive(move || address(paths::PEOPLE, &[("q", &search.get()), ("status", value)]));
        let current = Signal::derive(move || status.get() == value);
        view! { <Segment href current>{text}</Segment> }
    };
    view! {
        <Toolbar label="Filter people">
            <Form method="GET" action=paths::PEOPLE attr:class="search-form" attr:role="search">
                <input type="hidden" name="status" value=move || status.get()/>
                <TextInput
                    id="people-search" name="q" label="Search people" hide_label=true kind=InputKind::Search
                    placeholder="Name or e-mail" value=search.get_untracked()
                />
                <Button kind="submit" icon=Icon::Search>"Search"</Button>
            </Form>
            <span class="toolbar-gap"></span>
            <Segmented label="State">
                {segment("", "All")}
                {segment(UserStatus::Active.as_str(), "Active")}
                {segment(UserStatus::Disabled.as_str(), "Disabled")}
            </Segmented>
        </Toolbar>
    }
}

fn list_of(people: Paged<User>, search: &str, status: &str, cursor: &str) -> impl IntoView + use<> {
    let page =
        |cursor: &str| address(paths::PEOPLE, &[("q", search), ("status", status), ("cursor", cursor)]);
    let first = (!cursor.is_empty()).then(|| page(""));
    let next = people.next.as_deref().map(page);
    let summary = match people.items.len() {
        1 => "1 person".to_owned(),
        many => {
            format!("{many} people{}", if first.is_some() || next.is_some() { " on this page" } else { "" })
        }
    };
    view! {
        <Table label="People" narrow=Narrow::Flow>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Role"</th>
                    <th scope="col">"State"</th>
                    <th scope="col">"Since"</th>
                </tr>
            </thead>
            <tbody>{people.items.into_iter().map(row).collect_view()}</tbody>
        </Table>
        <Pagination summary first next forward_only=true/>
    }
}

fn row(user: User) -> impl IntoView {
    let disabled = user.status == UserStatus::Disabled;
    let state = if disabled {
        view! { <Badge>"Disabled"</Badge> }
    } else {
        view! { <Badge tone=Tone::Success>"Active"</Badge> }
    };
    view! {
        <tr data-muted=disabled.then_some("true")>
            <td class="cell-main">
                <span class="person-cell">
                    <Avatar name=user.display_name.clone() beside_name=true/>
                    <span class="person-cell-text">
                        <a href=paths::person(user.id)>{user.display_name}</a>
                        <span class="muted">{user.username} " · " {user.email}</span>
                    </span>
                </span>
            </td>
            <td class="cell-min" data-label="Role">{user.role_name}</td>
            <td class="cell-min" data-label="State">{state}</td>
            <td class="cell-min muted" data-label="Since"><RelativeTime at=user.created_at/></td>
        </tr>
    }
}
