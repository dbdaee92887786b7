//! Choosing a workspace role.

use crate::{
    components::{Choice, Select},
    paths,
};
use domain::{ids::RoleId, permission::Permission, role::Role};
use leptos::prelude::*;

/// The roles by name. Nothing chosen yet: the first that works on tasks and does not reach everywhere, so that nobody
/// becomes an administrator by a forgotten click.
#[component]
pub fn RoleSelect(
    #[prop(into)] id: String,
    #[prop(into)] name: String,
    roles: Vec<Role>,
    value: Option<RoleId>,
    #[prop(optional, into)] error: MaybeProp<String>,
) -> impl IntoView {
    let value = value.or_else(|| ordinary(&roles)).map(|id| id.to_string()).unwrap_or_default();
    let choices: Vec<_> = roles
        .into_iter()
        .map(|role| {
            let label = if role.description.is_empty() {
                role.name
            } else {
                format!("{}: {}", role.name, role.description)
            };
            Choice::new(role.id.to_string(), label)
        })
        .collect();
    view! {
        <Select id name label="Workspace role" choices value required=true error/>
        <p class="field-hint"><a href=paths::ROLES>"What each role allows"</a></p>
    }
}

fn ordinary(roles: &[Role]) -> Option<RoleId> {
    let fits = |role: &&Role| {
        role.permissions.contains(Permission::TaskCreate)
            && !role.permissions.contains(Permission::ProjectCreate)
            && !role.permissions.contains(Permission::ProjectAccessAll)
    };
    roles.iter().find(fits).or_else(|| roles.last()).map(|role| role.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::role::starting_roles;

    #[test]
    fn a_new_person_starts_as_an_ordinary_member() {
        let roles: Vec<_> = starting_roles()
            .into_iter()
            .enumerate()
            .map(|(n, (name, description, permissions))| Role {
                id: RoleId(uuid::Uuid::from_u128(n as u128)),
                name: name.into(),
                description: description.into(),
                permissions,
                version: 1,
            })
            .collect();
        let chosen = ordinary(&roles);
        assert_eq!(
            roles.iter().find(|role| Some(role.id) == chosen).map(|role| role.name.as_str()),
            Some("Member")
        );
        assert_eq!(ordinary(&[]), None);
    }
}
