//! Every role and what it allows.

use crate::{
    api::role::list_roles,
    components::{AsyncPanel, ButtonVariant, Icon, LinkButton, PageHeader, SkeletonRows},
    features::role_matrix::RoleMatrix,
    paths,
    session::may,
};
use domain::permission::Permission;
use leptos::prelude::*;
use leptos_meta::Title;

/// The matrix: everyone may read it, those with `role.manage` may tick.
#[component]
pub fn RolesPage() -> impl IntoView {
    let roles = Resource::new(|| (), |()| list_roles());
    let editable = may(Permission::RoleManage);
    let actions = move || {
        view! {
            <LinkButton href=paths::WHY icon=Icon::Key>"Why may I (not)?"</LinkButton>
            {editable.then(|| view! {
                <LinkButton href=paths::NEW_ROLE variant=ButtonVariant::Primary icon=Icon::Plus>"New role"</LinkButton>
            })}
        }
    };
    view! {
        <Title text="Roles"/>
        <PageHeader
            title="Roles"
            text="What each role allows, in the workspace and in projects. A change counts from everyone’s next click."
            actions
        />
        <div class="page">
            <AsyncPanel resource=roles loading=|| view! { <SkeletonRows count=12/> } let:roles>
                <RoleMatrix roles editable/>
            </AsyncPanel>
        </div>
    }
}
