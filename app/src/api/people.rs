//! The people of the workspace.

use crate::AppError;
use domain::{
    ids::{RoleId, UserId},
    page::Paged,
    user::{User, UserRef},
};
use leptos::prelude::*;

/// People whose name, user name or address has `search` in it.
#[server(name = ListPeople, prefix = "/fn", endpoint = "user/list")]
pub async fn list_people(
    #[server(default)] search: String,
    #[server(default)] status: String,
    #[server(default)] cursor: Option<String>,
) -> Result<Paged<User>, AppError> {
    use crate::ssr;
    use domain::{
        page::Page,
        user::{UserFilter, UserStatus},
    };
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let search = (!search.trim().is_empty()).then_some(search);
    let filter = UserFilter { search, status: UserStatus::parse(&status) };
    Ok(services::users::list(&services, &actor, filter, Page::new(None, cursor)).await?)
}

/// One person.
#[server(name = FindPerson, prefix = "/fn", endpoint = "user/find")]
pub async fn find_person(id: String) -> Result<User, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let id = id.parse().map_err(|_| domain::Error::not_found("person"))?;
    Ok(services::users::find(&services, &actor, id).await?)
}

/// Up to 20 active people for a picker.
#[server(name = PeopleOptions, prefix = "/fn", endpoint = "user/options")]
pub async fn people_options(#[server(default)] search: String) -> Result<Vec<UserRef>, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::users::options(&services, &actor, &search).await?)
}

/// Adds a person.
#[server(name = CreatePerson, prefix = "/fn", endpoint = "user/create")]
pub async fn create_person(
    #[server(default)] display_name: String,
    username: String,
    email: String,
    password: String,
    role_id: RoleId,
) -> Result<User, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let new = domain::user::NewUser { id: None, username, email, display_name, password, role_id };
    let user = services::users::create(&services, &actor, new).await?;
    leptos_axum::redirect(&crate::paths::person(user.id));
    Ok(user)
}

/// Changes a person's names, address and workspace role.
#[server(name = UpdatePerson, prefix = "/fn", endpoint = "user/update")]
pub async fn update_person(
    id: UserId,
    version: i64,
    username: String,
    email: String,
    display_name: String,
    role_id: RoleId,
) -> Result<User, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let edit = domain::user::EditUser {
        version,
        username: Some(username),
        email: Some(email),
        display_name: Some(display_name),
        role_id: Some(role_id),
        status: None,
    };
    Ok(services::users::update(&services, &actor, id, edit).await?)
}

/// Lets a person sign in, or no longer.
#[server(name = SetPersonStatus, prefix = "/fn", endpoint = "user/status")]
pub async fn set_person_status(id: UserId, version: i64, status: String) -> Result<User, AppError> {
    use crate::ssr;
    use domain::user::{EditUser, UserStatus};
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let edit = EditUser { version, status: UserStatus::parse(&status), ..EditUser::default() };
    Ok(services::users::update(&services, &actor, id, edit).await?)
}

/// Gives a person a new password, which ends their sessions.
#[server(name = SetPersonPassword, prefix = "/fn", endpoint = "user/password")]
pub async fn set_person_password(id: UserId, password: String) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    services::users::set_password(&services, &actor, id, password).await?;
    Ok(())
}

/// Ends all sessions of a person.
#[server(name = EndPersonSessions, prefix = "/fn", endpoint = "user/end-sessions")]
pub async fn end_person_sessions(id: UserId) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    services::sessions::revoke_of_user(&services, &actor, id).await?;
    Ok(())
}

/// A person by the user name that somebody typed or chose from the suggestions.
#[cfg(feature = "ssr")]
pub(super) mod named {
    use domain::{Error, Result, user::UserRef};
    use services::{Actor, Services};

    /// The active person of exactly that user name.
    ///
    /// # Errors
    /// [`Error::Invalid`] on `username` if there is none; [`Error::Forbidden`] without `user.view`.
    pub async fn find(services: &Services, actor: &Actor, username: &str) -> Result<UserRef> {
        let wanted = username.trim().trim_start_matches('@').to_lowercase();
        let found = services::users::options(services, actor, &wanted).await?;
        found.into_iter().find(|user| user.username.to_lowercase() == wanted).ok_or_else(|| {
            Error::field(
                "username",
                "unknown",
                "Nobody who can sign in has this user name. Type part of the name and choose one of the suggestions.",
            )
        })
    }
}
