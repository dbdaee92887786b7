//! One team.

use super::{edit::EditTeam, members::Members};
use crate::{
    api::team::{TeamView, find_team},
    components::{Crumb, PageHeader, Panel, Person, SkeletonRows},
    features::{entity::Entity, page_title::PageTitle, settings_section::SettingsSection},
    paths,
    session::may,
};
use domain::{permission::Permission, team::Team};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Its people; for those who manage teams, also its name, lead and end.
#[component]
pub fn TeamPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let team = Resource::new_blocking(move || id.get(), find_team);
    let reload = Callback::new(move |()| team.refetch());
    view! {
        <Entity resource=team loading=|| view! { <div class="page"><SkeletonRows count=4/></div> } let:view>
            <TeamContent view reload/>
        </Entity>
    }
}

#[component]
fn TeamContent(view: TeamView, reload: Callback<()>) -> impl IntoView {
    let TeamView { team, members } = view;
    let lead = team.lead.as_ref().map(|lead| lead.id);
    let team = RwSignal::new(team);
    let of = move |get: fn(&Team) -> String| Signal::derive(move || team.with(get));
    let name = of(|team| team.name.clone());
    let text = Signal::derive(move || Some(team.with(summary)));
    let choices = members.clone();
    view! {
        <PageTitle text=name/>
        <PageHeader title=name crumbs=vec![Crumb::new("Teams", paths::TEAMS)] text/>
        <div class="page">
            {if may(Permission::TeamManage) {
                let id = team.get_untracked().id;
                view! {
                    <div class="settings">
                        <SettingsSection
                            id="people" title="People"
                            text="Whoever joins or leaves gets or loses the team’s role in its projects at once."
                        >
                            <Members id members lead reload/>
                        </SettingsSection>
                        <EditTeam team members=choices reload/>
                    </div>
                }.into_any()
            } else {
                view! {
                    <Panel id="people" title="People">
                        <ul class="member-rows">
                            {members.into_iter().map(|user| view! {
                                <li class="member-row">
                                    <Person name=user.display_name/>
                                    {(lead == Some(user.id)).then(|| view! { <span class="member-role">"Lead"</span> })}
                                </li>
                            }).collect_view()}
                        </ul>
                    </Panel>
                }.into_any()
            }}
        </div>
    }
}

fn summary(team: &Team) -> String {
    let projects = match team.project_count {
        0 => "in no project yet".to_owned(),
        1 => "in 1 project".to_owned(),
        many => format!("in {many} projects"),
    };
    if team.description.is_empty() {
        format!("This team is {projects}.")
    } else {
        format!("{} · {projects}", team.description)
    }
}
