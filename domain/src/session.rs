//! Sessions and who is signed in.

use crate::{
    ids::SessionId, notification::UnreadCount, permission::PermissionSet, time::Timestamp, user::User,
};
use serde::{Deserialize, Serialize};

/// Seconds without a request after which a session ends.
pub const IDLE_SECONDS: i64 = 30 * 60;
/// Seconds after sign-in at which a session ends whatever happens.
pub const ABSOLUTE_SECONDS: i64 = 24 * 60 * 60;

/// A signed-in browser or client, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Names it in the list; is not what the cookie holds.
    pub id: SessionId,
    /// When it was signed in.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// The browser, as it called itself.
    pub user_agent: String,
    /// The address that it signed in from.
    pub address: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// Who is signed in: what every page needs to know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Me {
    /// The person.
    pub user: User,
    /// What their workspace role allows (workspace permissions only).
    pub permissions: PermissionSet,
    /// Whether dependencies between tasks are turned on.
    pub dependencies: bool,
    /// How many notifications they have not read.
    pub unread: UnreadCount,
}

/// A sign-in.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignIn {
    /// User name or e-mail address.
    pub username: String,
    /// Their password.
    pub password: String,
}

/// The first account of a new workspace.
#[derive(Clone, Serialize, Deserialize)]
pub struct SetUp {
    /// The secret of the one-time link.
    pub token: String,
    /// See [`User::username`].
    pub username: String,
    /// See [`User::email`].
    pub email: String,
    /// See [`User::display_name`].
    #[serde(default)]
    pub display_name: String,
    /// Their password.
    pub password: String,
}
