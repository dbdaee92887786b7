//! Making a team.

use crate::{
    api::team::CreateTeam,
    components::{
        Button, ButtonVariant, Checkbox, Crumb, FormErrors, LinkButton, PageHeader, TextInput, use_toaster,
    },
    features::form_outcome::{FormOutcome, on_success},
    paths,
};
use domain::team::Team;
use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;

/// The form; its people come on the team's own page.
#[component]
pub fn NewTeamPage() -> impl IntoView {
    let action = ServerAction::<CreateTeam>::new();
    let outcome = FormOutcome::of(action, "");
    let toaster = use_toaster();
    on_success(action, move |team: Team| {
        toaster.success(format!("“{}” is there. Add its people.", team.name));
    });
    view! {
        <Title text="New team"/>
        <PageHeader title="New team" crumbs=vec![Crumb::new("Teams", paths::TEAMS)]/>
        <div class="page page-narrow">
            <FormErrors message=outcome.message() fields=outcome.fields()/>
            <ActionForm action attr:class="form">
                <TextInput id="name" label="Name" required=true autofocus=true error=outcome.field("name")/>
                <TextInput
                    id="description" label="What it is for" hint="One line." error=outcome.field("description")
                />
                <Checkbox id="lead" label="I lead this team" hint="You become one of its people as well."/>
                <div class="form-actions">
                    <Button variant=ButtonVariant::Primary kind="submit" busy=outcome.busy>"Create team"</Button>
                    <LinkButton href=paths::TEAMS variant=ButtonVariant::Quiet>"Cancel"</LinkButton>
                </div>
            </ActionForm>
        </div>
    }
}
