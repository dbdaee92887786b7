//! One role: its name, what it allows, a copy, its end.

use crate::{
    api::role::{DeleteRole, RenameRole, find_role},
    components::{
        Button, ButtonVariant, Crumb, FormErrors, Icon, LinkButton, PageHeader, SkeletonLines, TextInput,
        use_toaster,
    },
    features::{
        ask_first::AskFirst,
        entity::Entity,
        form_outcome::{FormOutcome, on_success},
        form_problems::FormProblems,
        page_title::PageTitle,
        query::address,
        settings_section::SettingsSection,
    },
    paths,
    session::may,
};
use domain::{
    permission::{Permission, PermissionSet},
    role::Role,
};
use leptos::{form::ActionForm, html, prelude::*, server::ServerAction};
use leptos_router::hooks::use_params_map;

/// Facts for everyone; the forms for those with `role.manage`.
#[component]
pub fn RolePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let role = Resource::new_blocking(move || id.get(), find_role);
    view! {
        <Entity resource=role loading=|| view! { <div class="page"><SkeletonLines count=6/></div> } let:role>
            <RoleContent role/>
        </Entity>
    }
}

#[component]
fn RoleContent(role: Role) -> impl IntoView {
    let copy = address(paths::NEW_ROLE, &[("copy", &role.id.to_string())]);
    let permissions = role.permissions;
    let role = RwSignal::new(role);
    let name = Signal::derive(move || role.with(|role| role.name.clone()));
    let text = Signal::derive(move || {
        Some(role.with(|role| role.description.clone())).filter(|text| !text.is_empty())
    });
    let editable = may(Permission::RoleManage);
    let actions =
        move || editable.then(|| view! { <LinkButton href=copy icon=Icon::Copy>"Copy"</LinkButton> });
    view! {
        <PageTitle text=name/>
        <PageHeader title=name text crumbs=vec![Crumb::new("Roles", paths::ROLES)] actions/>
        <div class="page">
            <div class="settings">
                {editable.then(|| view! {
                    <SettingsSection id="name-section" title="Name" text="As people see it where roles are given.">
                        <Rename role/>
                    </SettingsSection>
                })}
                <SettingsSection id="allows" title="What it allows" text="Workspace permissions count as a workspace role, project permissions as a role in a project.">
                    <Allows permissions/>
                </SettingsSection>
                {editable.then(|| view! {
                    <SettingsSection id="end" title="Delete" text="Only a role that nobody has can be deleted.">
                        <Delete role/>
                    </SettingsSection>
                })}
            </div>
        </div>
    }
}

#[component]
fn Allows(permissions: PermissionSet) -> impl IntoView {
    let nothing = permissions == PermissionSet::EMPTY;
    view! {
        <ul class="allows">
            {permissions.iter().map(|permission| view! {
                <li><Icon icon=Icon::Check/> {permission.label()}</li>
            }).collect_view()}
        </ul>
        {nothing.then(|| view! { <p class="muted">"Nothing yet."</p> })}
        <p><a href=paths::ROLES>"Compare with the other roles"</a></p>
    }
}

#[component]
fn Rename(role: RwSignal<Role>) -> impl IntoView {
    let action = ServerAction::<RenameRole>::new();
    let outcome = FormOutcome::of(action, "role-");
    let now = role.get_untracked();
    let version = RwSignal::new(now.version);
    let form = NodeRef::<html::Form>::new();
    let toaster = use_toaster();
    on_success(action, move |saved: Role| {
        version.set(saved.version);
        role.set(saved);
        toaster.success("Saved.");
    });
    view! {
        <FormProblems outcome prefix="role-" version form/>
        <ActionForm action node_ref=form attr:class="form">
            <input type="hidden" name="id" value=now.id.to_string()/>
            <input type="hidden" name="version" value=move || version.get()/>
            <TextInput
                id="role-name" name="name" label="Name" value=now.name required=true error=outcome.field("name")
            />
            <TextInput
                id="role-description" name="description" label="What it is for" value=now.description
                error=outcome.field("description")
            />
            <div class="form-actions">
                <Button variant=ButtonVariant::Primary kind="submit" busy=outcome.busy>"Save"</Button>
            </div>
        </ActionForm>
    }
}

#[component]
fn Delete(role: RwSignal<Role>) -> impl IntoView {
    let action = ServerAction::<DeleteRole>::new();
    let outcome = FormOutcome::of(action, "");
    let toaster = use_toaster();
    on_success(action, move |()| toaster.success("The role is deleted."));
    view! {
        <FormErrors message=outcome.message()/>
        <AskFirst label="Delete role…" icon=Icon::Trash>
            <p>{move || format!("“{}” goes for good. Nobody may have it any more.", role.with(|role| role.name.clone()))}</p>
            <ActionForm action attr:class="form-actions">
                <input type="hidden" name="id" value=role.get_untracked().id.to_string()/>
                <Button kind="submit" variant=ButtonVariant::Danger busy=outcome.busy>"Delete role"</Button>
            </ActionForm>
        </AskFirst>
    }
}
