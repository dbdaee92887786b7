//! Signing in, one's own account, sessions and tokens.

use super::{Permission, UnreadCount, User};
use utoipa::ToSchema;
use uuid::Uuid;

/// A sign-in.
#[derive(ToSchema)]
pub struct SignIn {
    /// User name or e-mail address.
    pub username: String,
    /// Their password.
    pub password: String,
}

/// Who is signed in: what every page needs to know.
#[derive(ToSchema)]
pub struct Me {
    /// The person.
    pub user: User,
    /// What their workspace role allows (workspace permissions only).
    pub permissions: Vec<Permission>,
    /// Whether dependencies between tasks are turned on.
    pub dependencies: bool,
    /// How many notifications they have not read.
    pub unread: UnreadCount,
}

/// A signed-in browser or client, as its owner sees it.
#[derive(ToSchema)]
pub struct Session {
    /// Names it in the list; is not what the cookie holds.
    pub id: Uuid,
    /// When it was signed in.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it was last used, to the minute.
    #[schema(format = DateTime)]
    pub seen_at: String,
    /// The browser, as it called itself.
    pub user_agent: String,
    /// The address that it signed in from.
    pub address: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// An API token, as its owner sees it: never the secret itself.
#[derive(ToSchema)]
pub struct Token {
    /// Its id.
    pub id: Uuid,
    /// What it is for.
    pub name: String,
    /// Whether it may only read.
    pub read_only: bool,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it was last used, to the minute.
    #[schema(format = DateTime, required = true)]
    pub used_at: Option<String>,
    /// When it ends.
    #[schema(format = DateTime)]
    pub expires_at: String,
}

/// A new token.
#[derive(ToSchema)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// Whether it may only read.
    #[schema(required = false)]
    pub read_only: bool,
    /// Days until it ends, 1 to 365.
    pub days: i64,
}

/// A bearer token with what it stands for.
#[derive(ToSchema)]
pub struct BearerToken {
    /// To be sent as `Authorization: Bearer …`.
    pub token: String,
    /// When it ends at the latest; it ends with its session.
    #[schema(format = DateTime)]
    pub expires_at: String,
    /// Whose it is.
    pub user: User,
}

/// A new API token with its secret, which is shown this once.
#[derive(ToSchema)]
pub struct CreatedToken {
    /// The token.
    pub token: Token,
    /// To be sent as `Authorization: Bearer …`.
    pub secret: String,
}

/// A change of one's own password.
#[derive(ToSchema)]
pub struct ChangePassword {
    /// The password until now.
    pub current: String,
    /// The password from now on.
    pub new: String,
}
