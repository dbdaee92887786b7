//! Making a role, mostly as a copy of another.

use crate::{
    api::role::{CreateRole, list_roles},
    components::{
        AsyncPanel, Button, ButtonVariant, Choice, Crumb, FormErrors, LinkButton, PageHeader, Select,
        SkeletonLines, TextInput, use_toaster,
    },
    features::{
        form_outcome::{FormOutcome, on_success},
        use_query::use_query,
    },
    paths,
};
use domain::role::Role;
use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;

/// The form; `?copy=` chooses the role to start from.
#[component]
pub fn NewRolePage() -> impl IntoView {
    let roles = Resource::new(|| (), |()| list_roles());
    let query = use_query();
    let copied = move || query.with(|query| query.get("copy").unwrap_or_default());
    view! {
        <Title text="New role"/>
        <PageHeader
            title="New role"
            crumbs=vec![Crumb::new("Roles", paths::ROLES)]
            text="Start from the role that is nearest, then tick what differs."
        />
        <div class="page page-narrow">
            <AsyncPanel resource=roles loading=|| view! { <SkeletonLines count=6/> } let:roles>
                <NewRoleForm roles copied=copied()/>
            </AsyncPanel>
        </div>
    }
}

#[component]
fn NewRoleForm(roles: Vec<Role>, copied: String) -> impl IntoView {
    let action = ServerAction::<CreateRole>::new();
    let outcome = FormOutcome::of(action, "");
    let toaster = use_toaster();
    on_success(action, move |role: Role| {
        toaster.success(format!("“{}” is there. Tick what it allows.", role.name));
    });
    let mut choices = vec![Choice::new("", "Nothing")];
    choices.extend(roles.into_iter().map(|role| Choice::new(role.id.to_string(), role.name)));
    view! {
        <FormErrors message=outcome.message() fields=outcome.fields()/>
        <ActionForm action attr:class="form">
            <TextInput id="name" label="Name" required=true autofocus=true error=outcome.field("name")/>
            <TextInput id="description" label="What it is for" hint="One line." error=outcome.field("description")/>
            <Select id="copy_of" label="Start with what this role allows" choices value=copied/>
            <div class="form-actions">
                <Button variant=ButtonVariant::Primary kind="submit" busy=outcome.busy>"Create role"</Button>
                <LinkButton href=paths::ROLES variant=ButtonVariant::Quiet>"Cancel"</LinkButton>
            </div>
        </ActionForm>
    }
}
