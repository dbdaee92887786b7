//! One's own names and address.

use crate::{
    api::account::{UpdateProfile, my_account},
    components::{
        AsyncPanel, Button, ButtonVariant, InputKind, Properties, Property, SkeletonLines, TextInput,
        use_toaster,
    },
    features::{
        form_outcome::{FormOutcome, on_success},
        form_problems::FormProblems,
    },
};
use domain::user::User;
use leptos::{form::ActionForm, html, prelude::*, server::ServerAction};

/// The form, filled in.
#[component]
pub fn Profile() -> impl IntoView {
    let account = Resource::new(|| (), |()| my_account());
    view! {
        <AsyncPanel resource=account loading=|| view! { <SkeletonLines count=6/> } let:me>
            <ProfileForm user=me.user/>
        </AsyncPanel>
    }
}

#[component]
fn ProfileForm(user: User) -> impl IntoView {
    let action = ServerAction::<UpdateProfile>::new();
    let outcome = FormOutcome::of(action, "profile-");
    let version = RwSignal::new(user.version);
    let form = NodeRef::<html::Form>::new();
    let toaster = use_toaster();
    on_success(action, move |saved: User| {
        version.set(saved.version);
        toaster.success("Your profile is saved.");
    });
    view! {
        <FormProblems outcome prefix="profile-" version form/>
        <ActionForm action node_ref=form attr:class="form">
            <input type="hidden" name="version" value=move || version.get()/>
            <TextInput
                id="profile-display_name" name="display_name" label="Name" value=user.display_name
                autocomplete="name" required=true error=outcome.field("display_name")
            />
            <div class="form-row">
                <TextInput
                    id="profile-username" name="username" label="User name" value=user.username
                    autocomplete="username" required=true error=outcome.field("username")
                />
                <TextInput
                    id="profile-email" name="email" label="E-mail" kind=InputKind::Email value=user.email
                    autocomplete="email" required=true error=outcome.field("email")
                />
            </div>
            <Properties>
                <Property label="Role">{user.role_name}</Property>
            </Properties>
            <div class="form-actions">
                <Button variant=ButtonVariant::Primary kind="submit" busy=outcome.busy>"Save profile"</Button>
            </div>
        </ActionForm>
    }
}
