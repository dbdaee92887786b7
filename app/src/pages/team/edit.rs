//! A team's name, description, lead, and its end.

use crate::{
    api::team::{DeleteTeam, UpdateTeam},
    components::{Button, ButtonVariant, Choice, FormErrors, Icon, Select, TextInput, use_toaster},
    features::{
        ask_first::AskFirst,
        form_outcome::{FormOutcome, on_success},
        form_problems::FormProblems,
        settings_section::SettingsSection,
    },
};
use domain::{team::Team, user::UserRef};
use leptos::{form::ActionForm, html, prelude::*, server::ServerAction};

/// The two sections.
#[component]
pub fn EditTeam(team: RwSignal<Team>, members: Vec<UserRef>, reload: Callback<()>) -> impl IntoView {
    view! {
        <SettingsSection id="about" title="About the team" text="Its name, what it is for, and who leads it.">
            <Edit team members reload/>
        </SettingsSection>
        <SettingsSection id="end" title="Delete" text="For a team that is no longer needed.">
            <Delete team/>
        </SettingsSection>
    }
}

#[component]
fn Edit(team: RwSignal<Team>, members: Vec<UserRef>, reload: Callback<()>) -> impl IntoView {
    let action = ServerAction::<UpdateTeam>::new();
    let outcome = FormOutcome::of(action, "team-");
    let now = team.get_untracked();
    let version = RwSignal::new(now.version);
    let form = NodeRef::<html::Form>::new();
    let toaster = use_toaster();
    on_success(action, move |saved: Team| {
        toaster.success(format!("“{}” is saved.", saved.name));
        // The list of people says who leads it.
        reload.run(());
    });
    let mut choices = vec![Choice::new("", "Nobody")];
    choices.extend(members.into_iter().map(|user| Choice::new(user.id.to_string(), user.display_name)));
    let lead = now.lead.map(|lead| lead.id.to_string()).unwrap_or_default();
    view! {
        <FormProblems outcome prefix="team-" version form/>
        <ActionForm action node_ref=form attr:class="form">
            <input type="hidden" name="id" value=now.id.to_string()/>
            <input type="hidden" name="version" value=move || version.get()/>
            <TextInput
                id="team-name" name="name" label="Name" value=now.name required=true error=outcome.field("name")
            />
            <TextInput
                id="team-description" name="description" label="What it is for" value=now.description
                error=outcome.field("description")
            />
            <Select
                id="team-lead_id" name="lead_id" label="Lead" choices value=lead
                hint="One of the team’s people." error=outcome.field("lead_id")
            />
            <div class="form-actions">
                <Button variant=ButtonVariant::Primary kind="submit" busy=outcome.busy>"Save"</Button>
            </div>
        </ActionForm>
    }
}

#[component]
fn Delete(team: RwSignal<Team>) -> impl IntoView {
    let action = ServerAction::<DeleteTeam>::new();
    let outcome = FormOutcome::of(action, "");
    let toaster = use_toaster();
    on_success(action, move |()| toaster.success("The team is deleted."));
    let lost = move || {
        team.with(|team| {
            format!(
                "Its {} people stay, but lose what “{}” gave them in {} projects. This can’t be taken back.",
                team.member_count, team.name, team.project_count
            )
        })
    };
    view! {
        <FormErrors message=outcome.message()/>
        <AskFirst label="Delete team…" icon=Icon::Trash>
            <p>{lost}</p>
            <ActionForm action attr:class="form-actions">
                <input type="hidden" name="id" value=team.get_untracked().id.to_string()/>
                <Button kind="submit" variant=ButtonVariant::Danger busy=outcome.busy>"Delete team"</Button>
            </ActionForm>
        </AskFirst>
    }
}
