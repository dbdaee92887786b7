//! One person.

use super::person_access::{Access, NewPassword};
use crate::{
    api::{
        people::{UpdatePerson, find_person},
        role::list_roles,
    },
    components::{
        AsyncPanel, Avatar, AvatarSize, Badge, Button, ButtonVariant, Crumb, InputKind, PageHeader, Panel,
        Properties, Property, RelativeTime, SkeletonLines, TextInput, Tone, use_toaster,
    },
    features::{
        entity::Entity,
        form_outcome::{FormOutcome, on_success},
        form_problems::FormProblems,
        page_title::PageTitle,
        role_select::RoleSelect,
        settings_section::SettingsSection,
    },
    paths,
    session::{may, use_me},
};
use domain::{
    permission::Permission,
    role::Role,
    user::{User, UserStatus},
};
use leptos::{form::ActionForm, html, prelude::*, server::ServerAction};
use leptos_router::hooks::use_params_map;

/// Facts for everyone; for those who manage people, the forms.
#[component]
pub fn PersonPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let person = Resource::new_blocking(move || id.get(), find_person);
    view! {
        <Entity resource=person loading=|| view! { <div class="page"><SkeletonLines count=8/></div> } let:user>
            <PersonView user/>
        </Entity>
    }
}

#[component]
fn PersonView(user: User) -> impl IntoView {
    let user = RwSignal::new(user);
    let name = Signal::derive(move || user.with(|user| user.display_name.clone()));
    let badge = move || {
        move || {
            let disabled = user.with(|user| user.status == UserStatus::Disabled);
            disabled.then(|| view! { <Badge tone=Tone::Warning>"Disabled"</Badge> })
        }
    };
    let is_me = use_me().is_some_and(|me| me.user.id == user.with_untracked(|user| user.id));
    view! {
        <PageTitle text=name/>
        <PageHeader
            title=name
            crumbs=vec![Crumb::new("People", paths::PEOPLE)]
            lead=move || view! { <Avatar name=name.get_untracked() size=AvatarSize::Large beside_name=true/> }
            meta=badge
        />
        <div class="page">
            {is_me.then(|| view! {
                <p class="muted">"This is you. Password, sessions and tokens are in " <a href=paths::ACCOUNT>"your account"</a> "."</p>
            })}
            {if may(Permission::UserManage) {
                view! {
                    <div class="settings">
                        <SettingsSection id="profile" title="Profile" text="Names, address and what they may do in the workspace.">
                            <ProfileLoader user/>
                        </SettingsSection>
                        <SettingsSection id="password" title="Password" text="For someone who forgot theirs. It ends their sessions.">
                            <NewPassword user/>
                        </SettingsSection>
                        <SettingsSection id="access" title="Access" text="Who may not sign in keeps their name on everything they did.">
                            <Access user is_me/>
                        </SettingsSection>
                    </div>
                }.into_any()
            } else {
                view! { <Facts user/> }.into_any()
            }}
        </div>
    }
}

#[component]
fn Facts(user: RwSignal<User>) -> impl IntoView {
    let user = user.get_untracked();
    view! {
        <Panel id="facts" title="About">
            <Properties>
                <Property label="User name">{user.username}</Property>
                <Property label="E-mail">{user.email}</Property>
                <Property label="Workspace role">{user.role_name}</Property>
                <Property label="Since"><RelativeTime at=user.created_at/></Property>
            </Properties>
        </Panel>
    }
}

#[component]
fn ProfileLoader(user: RwSignal<User>) -> impl IntoView {
    let roles = Resource::new(|| (), |()| list_roles());
    view! {
        <AsyncPanel resource=roles loading=|| view! { <SkeletonLines count=6/> } let:roles>
            <ProfileForm user roles/>
        </AsyncPanel>
    }
}

#[component]
fn ProfileForm(user: RwSignal<User>, roles: Vec<Role>) -> impl IntoView {
    let action = ServerAction::<UpdatePerson>::new();
    let outcome = FormOutcome::of(action, "person-");
    let now = user.get_untracked();
    let version = RwSignal::new(now.version);
    // The version also grows when the person is disabled, further down the page.
    Effect::new(move |_| version.set(user.with(|user| user.version)));
    let form = NodeRef::<html::Form>::new();
    let toaster = use_toaster();
    on_success(action, move |saved: User| {
        user.set(saved);
        toaster.success("Saved.");
    });
    view! {
        <FormProblems outcome prefix="person-" version form/>
        <ActionForm action node_ref=form attr:class="form">
            <input type="hidden" name="id" value=now.id.to_string()/>
            <input type="hidden" name="version" value=move || version.get()/>
            <TextInput
                id="person-display_name" name="display_name" label="Name" value=now.display_name required=true
                autocomplete="off" error=outcome.field("display_name")
            />
            <div class="form-row">
                <TextInput
                    id="person-username" name="username" label="User name" value=now.username required=true
                    autocomplete="off" error=outcome.field("username")
                />
                <TextInput
                    id="person-email" name="email" label="E-mail" kind=InputKind::Email value=now.email required=true
                    autocomplete="off" error=outcome.field("email")
                />
            </div>
            <RoleSelect id="person-role_id" name="role_id" roles value=Some(now.role_id) error=outcome.field("role_id")/>
            <div class="form-actions">
                <Button variant=ButtonVariant::Primary kind="submit" busy=outcome.busy>"Save"</Button>
            </div>
        </ActionForm>
    }
}
