//! Every team, a page at a time.

use crate::{
    api::team::list_teams,
    components::{
        AsyncPanel, ButtonVariant, EmptyState, Icon, LinkButton, Narrow, Nothing, PageHeader, Pagination,
        Person, SkeletonRows, Table,
    },
    features::{
        live::{areas, keep_fresh},
        query::address,
        use_query::use_query,
    },
    paths,
    session::may,
};
use domain::{page::Paged, permission::Permission, team::Team};
use leptos::prelude::*;
use leptos_meta::Title;

/// The list.
#[component]
pub fn TeamsPage() -> impl IntoView {
    let query = use_query();
    let cursor = Memo::new(move |_| query.with(|query| query.get("cursor").unwrap_or_default()));
    let teams = Resource::new(move || cursor.get(), |cursor| list_teams(Some(cursor)));
    keep_fresh(teams, areas(["team", "team_member"]));
    view! {
        <Title text="Teams"/>
        <PageHeader
            title="Teams"
            text="People who join projects together. A team’s people have its role in each of its projects."
            actions=add
        />
        <div class="page">
            <AsyncPanel
                resource=teams
                loading=|| view! { <SkeletonRows count=5/> }
                is_empty=|teams| teams.items.is_empty()
                empty=|| view! {
                    <EmptyState
                        icon=Icon::Users
                        title="No teams yet"
                        text="Make one for people who work together. Then add the team to a project, and everyone in it is a member."
                    >
                        {add()}
                    </EmptyState>
                }
                let:teams
            >
                {list_of(teams, &cursor.get_untracked())}
            </AsyncPanel>
        </div>
    }
}

fn add() -> impl IntoView {
    may(Permission::TeamManage).then(|| {
        view! {
            <LinkButton href=paths::NEW_TEAM variant=ButtonVariant::Primary icon=Icon::Plus>"New team"</LinkButton>
        }
    })
}

fn list_of(teams: Paged<Team>, cursor: &str) -> impl IntoView + use<> {
    let first = (!cursor.is_empty()).then(|| paths::TEAMS.to_owned());
    let next = teams.next.as_deref().map(|next| address(paths::TEAMS, &[("cursor", next)]));
    let summary = match teams.items.len() {
        1 => "1 team".to_owned(),
        many => {
            format!("{many} teams{}", if first.is_some() || next.is_some() { " on this page" } else { "" })
        }
    };
    view! {
        <Table label="Teams" narrow=Narrow::Lines>
            <thead>
                <tr>
                    <th scope="col">"Team"</th>
                    <th scope="col">"Lead"</th>
                    <th scope="col" class="cell-num">"People"</th>
                    <th scope="col" class="cell-num">"Projects"</th>
                </tr>
            </thead>
            <tbody>{teams.items.into_iter().map(row).collect_view()}</tbody>
        </Table>
        <Pagination summary first next forward_only=true/>
    }
}

fn row(team: Team) -> impl IntoView {
    let lead = match team.lead {
        Some(lead) => view! { <Person name=lead.display_name/> }.into_any(),
        None => view! { <Nothing text="Nobody"/> }.into_any(),
    };
    view! {
        <tr>
            <td class="cell-main">
                <span class="person-cell-text">
                    <a href=paths::team(team.id)>{team.name}</a>
                    <span class="muted">{team.description}</span>
                </span>
            </td>
            <td class="cell-min" data-label="Lead">{lead}</td>
            <td class="cell-num" data-label="People">{team.member_count}</td>
            <td class="cell-num" data-label="Projects">{team.project_count}</td>
        </tr>
    }
}
