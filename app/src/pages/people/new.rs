//! Adding a person.

use crate::{
    api::{people::CreatePerson, role::list_roles},
    components::{
        AsyncPanel, Button, ButtonVariant, Crumb, FormErrors, InputKind, LinkButton, PageHeader,
        SkeletonLines, TextInput, use_toaster,
    },
    features::{
        form_outcome::{FormOutcome, on_success},
        password_hint::PASSWORD_HINT,
        role_select::RoleSelect,
    },
    paths,
};
use domain::{role::Role, user::User};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;

/// The form. Who may not add people is told so when the form is sent.
#[component]
pub fn NewPersonPage() -> impl IntoView {
    let roles = Resource::new(|| (), |()| list_roles());
    view! {
        <Title text="Add a person"/>
        <PageHeader
            title="Add a person"
            crumbs=vec![Crumb::new("People", paths::PEOPLE)]
            text="They can sign in at once. Give them the password yourself; they can change it in their account."
        />
        <div class="page page-narrow">
            <AsyncPanel resource=roles loading=|| view! { <SkeletonLines count=8/> } let:roles>
                <NewPersonForm roles/>
            </AsyncPanel>
        </div>
    }
}

#[component]
fn NewPersonForm(roles: Vec<Role>) -> impl IntoView {
    let action = ServerAction::<CreatePerson>::new();
    let outcome = FormOutcome::of(action, "");
    let toaster = use_toaster();
    on_success(action, move |user: User| toaster.success(format!("{} can sign in now.", user.display_name)));
    view! {
        <FormErrors message=outcome.message() fields=outcome.fields()/>
        <ActionForm action attr:class="form">
            <TextInput
                id="display_name" label="Name" autocomplete="off" autofocus=true
                hint="What others see. Leave it blank to use the user name." error=outcome.field("display_name")
            />
            <div class="form-row">
                <TextInput
                    id="username" label="User name" required=true autocomplete="off" error=outcome.field("username")
                />
                <TextInput
                    id="email" label="E-mail" kind=InputKind::Email required=true autocomplete="off"
                    error=outcome.field("email")
                />
            </div>
            <TextInput
                id="password" label="First password" kind=InputKind::Password required=true
                autocomplete="new-password" hint=PASSWORD_HINT error=outcome.field("password")
            />
            <RoleSelect id="role_id" name="role_id" roles value=None error=outcome.field("role_id")/>
            <div class="form-actions">
                <Button variant=ButtonVariant::Primary kind="submit" busy=outcome.busy>"Add person"</Button>
                <LinkButton href=paths::PEOPLE variant=ButtonVariant::Quiet>"Cancel"</LinkButton>
            </div>
        </ActionForm>
    }
}
