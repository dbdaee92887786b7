//! Signing in and out, and one's own account: profile, password, sessions, tokens.

use crate::AppError;
use domain::{
    ids::{SessionId, TokenId},
    session::{Me, Session},
    token::Token,
    user::User,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Signs in. Gives the page to go on to; without script, goes there.
#[server(name = SubmitSignIn, prefix = "/fn", endpoint = "session/sign-in")]
pub async fn sign_in(
    username: String,
    password: String,
    #[server(default)] next: String,
) -> Result<String, AppError> {
    use crate::ssr;
    let (services, request) = (ssr::services()?, ssr::request()?);
    let command = domain::session::SignIn { username, password };
    let signed_in = services::sign_in::sign_in(&services, command, request.sign_in).await?;
    request.cookie.open(signed_in.session).await?;
    let next = crate::paths::after_sign_in(&next);
    landing::without_script(&next);
    Ok(next)
}

/// Signs out.
#[server(name = SignOut, prefix = "/fn", endpoint = "session/sign-out")]
pub async fn sign_out() -> Result<(), AppError> {
    use crate::ssr;
    let (services, request) = (ssr::services()?, ssr::request()?);
    // Nobody may be signed in any more: then there is nothing to leave.
    if let Some(actor) = &request.actor {
        services::devices::leave(&services, actor).await?;
    }
    request.cookie.close().await?;
    landing::without_script(crate::paths::SIGN_IN);
    Ok(())
}

/// Makes the first account, with the secret of the one-time link, and signs it in.
#[server(name = CompleteSetUp, prefix = "/fn", endpoint = "session/set-up")]
pub async fn complete_set_up(
    #[server(default)] token: String,
    username: String,
    email: String,
    #[server(default)] display_name: String,
    password: String,
) -> Result<(), AppError> {
    use crate::ssr;
    let (services, request) = (ssr::services()?, ssr::request()?);
    let command = domain::session::SetUp { token, username, email, display_name, password };
    let signed_in = services::set_up::complete(&services, command, request.sign_in).await?;
    request.cookie.open(signed_in.session).await?;
    landing::without_script(crate::paths::HOME);
    Ok(())
}

/// Whether the workspace has somebody already, so that there is nothing to set up.
#[server(name = IsSetUp, prefix = "/fn", endpoint = "session/is-set-up")]
pub async fn is_set_up() -> Result<bool, AppError> {
    let services = crate::ssr::services()?;
    Ok(services::workspace::has_users(&services).await?)
}

/// Oneself, as of now.
#[server(name = MyAccount, prefix = "/fn", endpoint = "account/me")]
pub async fn my_account() -> Result<Me, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::accounts::me(&services, &actor).await?)
}

/// Changes one's own names and address.
#[server(name = UpdateProfile, prefix = "/fn", endpoint = "account/update")]
pub async fn update_profile(
    version: i64,
    username: String,
    email: String,
    display_name: String,
) -> Result<User, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let edit = domain::user::EditUser {
        version,
        username: Some(username),
        email: Some(email),
        display_name: Some(display_name),
        ..Default::default()
    };
    Ok(services::accounts::update_profile(&services, &actor, edit).await?)
}

/// Changes one's own password, which ends every other session.
#[server(name = ChangePassword, prefix = "/fn", endpoint = "account/password")]
pub async fn change_password(current: String, new: String) -> Result<(), AppError> {
    use crate::ssr;
    let (services, request, actor) = (ssr::services()?, ssr::request()?, ssr::actor()?);
    services::accounts::change_password(&services, &actor, current, new).await?;
    request.cookie.renew().await?;
    landing::without_script("/account?done=password");
    Ok(())
}

/// One's own sessions.
#[server(name = MySessions, prefix = "/fn", endpoint = "account/sessions")]
pub async fn my_sessions() -> Result<Vec<Session>, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::sessions::list(&services, &actor).await?)
}

/// Ends one of one's own sessions.
#[server(name = RevokeSession, prefix = "/fn", endpoint = "account/session/revoke")]
pub async fn revoke_session(id: SessionId) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::sessions::revoke(&services, &actor, id).await?)
}

/// Ends all of one's own sessions but this one.
#[server(name = RevokeOtherSessions, prefix = "/fn", endpoint = "account/session/revoke-others")]
pub async fn revoke_other_sessions() -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    services::sessions::revoke_others(&services, &actor).await?;
    Ok(())
}

/// One's own API tokens.
#[server(name = MyTokens, prefix = "/fn", endpoint = "account/tokens")]
pub async fn my_tokens() -> Result<Vec<Token>, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::tokens::list(&services, &actor).await?)
}

/// A token that was just made, with its secret: the only time that anybody sees it.
#[derive(Clone, Serialize, Deserialize)]
pub struct FreshToken {
    /// The token.
    pub token: Token,
    /// What a program sends.
    pub secret: String,
}

/// Makes an API token.
#[server(name = CreateToken, prefix = "/fn", endpoint = "account/token/create")]
pub async fn create_token(
    name: String,
    #[server(default)] read_only: bool,
    days: i64,
) -> Result<FreshToken, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let new = domain::token::NewToken { name, read_only, days };
    let (token, secret) = services::tokens::create(&services, &actor, new).await?;
    Ok(FreshToken { token, secret })
}

/// Ends one of one's own tokens.
#[server(name = RevokeToken, prefix = "/fn", endpoint = "account/token/revoke")]
pub async fn revoke_token(id: TokenId) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::tokens::revoke(&services, &actor, id).await?)
}

/// Where a form without script goes on to, when that is not the page it stands on.
#[cfg(feature = "ssr")]
pub(super) mod landing {
    use leptos::prelude::use_context;

    /// Sends a plain form's sender there. A page with script stays and decides itself: it may want to load a whole
    /// page, or show what came back.
    pub fn without_script(path: &str) {
        if is_without_script() {
            leptos_axum::redirect(path);
        }
    }

    /// Whether a plain form was sent, whose answer is a page.
    pub fn is_without_script() -> bool {
        use_context::<http::request::Parts>().is_some_and(|parts| {
            let accept = parts.headers.get(http::header::ACCEPT);
            accept.and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
        })
    }
}
