//! Roles, what they allow, and why somebody may or may not.

use crate::AppError;
use domain::{ids::RoleId, role::Role, why::Why};
use leptos::prelude::*;

/// Every role.
#[server(name = ListRoles, prefix = "/fn", endpoint = "role/list")]
pub async fn list_roles() -> Result<Vec<Role>, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::roles::list(&services, &actor).await?)
}

/// One role.
#[server(name = FindRole, prefix = "/fn", endpoint = "role/find")]
pub async fn find_role(id: String) -> Result<Role, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let roles = services::roles::list(&services, &actor).await?;
    let role = roles.into_iter().find(|role| role.id.to_string() == id);
    Ok(role.ok_or_else(|| domain::Error::not_found("role"))?)
}

/// Changes what a role allows: exactly the ticked permissions.
#[server(name = SetRolePermissions, prefix = "/fn", endpoint = "role/permissions")]
pub async fn set_role_permissions(
    id: RoleId,
    version: i64,
    #[server(default)] permissions: Vec<String>,
) -> Result<Role, AppError> {
    use crate::ssr;
    use domain::{permission::Permission, role::EditRole};
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    // A permission that this version does not know can't be granted; the others still count.
    let permissions = permissions.iter().filter_map(|name| Permission::parse(name)).collect();
    let edit = EditRole { version, permissions: Some(permissions), ..EditRole::default() };
    Ok(services::roles::update(&services, &actor, id, edit).await?)
}

/// Changes a role's name and description.
#[server(name = RenameRole, prefix = "/fn", endpoint = "role/rename")]
pub async fn rename_role(
    id: RoleId,
    version: i64,
    name: String,
    #[server(default)] description: String,
) -> Result<Role, AppError> {
    use crate::ssr;
    use domain::role::EditRole;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let edit = EditRole { version, name: Some(name), description: Some(description), ..EditRole::default() };
    Ok(services::roles::update(&services, &actor, id, edit).await?)
}

/// Makes a role that starts with what another allows, or with nothing.
#[server(name = CreateRole, prefix = "/fn", endpoint = "role/create")]
pub async fn create_role(
    name: String,
    #[server(default)] description: String,
    #[server(default)] copy_of: String,
) -> Result<Role, AppError> {
    use crate::ssr;
    use domain::{permission::PermissionSet, role::NewRole};
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let permissions = match copy_of.parse::<RoleId>() {
        Ok(copied) => {
            services::roles::list(&services, &actor)
                .await?
                .into_iter()
                .find(|role| role.id == copied)
                .ok_or_else(|| domain::Error::not_found("role"))?
                .permissions
        }
        Err(_) => PermissionSet::EMPTY,
    };
    let new = NewRole { id: None, name, description, permissions };
    let role = services::roles::create(&services, &actor, new).await?;
    leptos_axum::redirect(crate::paths::ROLES);
    Ok(role)
}

/// Removes a role that nobody has.
#[server(name = DeleteRole, prefix = "/fn", endpoint = "role/delete")]
pub async fn delete_role(id: RoleId) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    services::roles::delete(&services, &actor, id).await?;
    leptos_axum::redirect(crate::paths::ROLES);
    Ok(())
}

/// Why somebody (oneself, if `username` is blank) may or may not, in a project or (if `project` is blank) the workspace.
#[server(name = AskWhy, prefix = "/fn", endpoint = "role/why")]
pub async fn why(username: String, permission: String, project: String) -> Result<Why, AppError> {
    use crate::ssr;
    use domain::{Error, permission::Permission};
    use services::Place;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let user = match username.as_str() {
        "" => actor.user_id.ok_or(Error::Unauthenticated)?,
        name => super::people::named::find(&services, &actor, name).await?.id,
    };
    let permission = Permission::parse(&permission)
        .ok_or_else(|| Error::field("permission", "unknown", "Choose a permission from the list."))?;
    let place = match project.as_str() {
        "" => Place::Workspace,
        key => services::projects::find_by_key(&services, &actor, key).await?.id.into(),
    };
    Ok(services::why::why(&services, &actor, user, permission, place).await?)
}
