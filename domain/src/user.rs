//! People.

use crate::{
    ids::{RoleId, UserId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// Whether a person may sign in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// May sign in.
    Active,
    /// May not; the name stays on what they did.
    Disabled,
}

impl UserStatus {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    /// The status of that name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Active, Self::Disabled].into_iter().find(|status| status.as_str() == text)
    }
}

/// A person, as those see them who manage people. The password hash never leaves the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// What they sign in with, unique without regard to case.
    pub username: String,
    /// Their address, unique; signs in as well.
    pub email: String,
    /// The name that others see.
    pub display_name: String,
    /// Their workspace role.
    pub role_id: RoleId,
    /// That role's name.
    pub role_name: String,
    /// Whether they may sign in.
    pub status: UserStatus,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// A person in passing: on a card, in a list, behind a change.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UserRef {
    /// Their id.
    pub id: UserId,
    /// Their sign-in name.
    pub username: String,
    /// The name that others see.
    pub display_name: String,
}

impl From<User> for UserRef {
    fn from(User { id, username, display_name, .. }: User) -> Self {
        Self { id, username, display_name }
    }
}

/// A new person.
#[derive(Clone, Serialize, Deserialize)]
pub struct NewUser {
    /// Made by the client or by the service.
    pub id: Option<UserId>,
    /// See [`User::username`].
    pub username: String,
    /// See [`User::email`].
    pub email: String,
    /// See [`User::display_name`]; blank: the user name.
    #[serde(default)]
    pub display_name: String,
    /// Their first password.
    pub password: String,
    /// Their workspace role.
    pub role_id: RoleId,
}

/// A change of a person: what is `None` stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EditUser {
    /// The version that the editor saw.
    pub version: i64,
    /// See [`User::username`].
    pub username: Option<String>,
    /// See [`User::email`].
    pub email: Option<String>,
    /// See [`User::display_name`].
    pub display_name: Option<String>,
    /// See [`User::role_id`].
    pub role_id: Option<RoleId>,
    /// See [`User::status`].
    pub status: Option<UserStatus>,
}

/// Which people to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserFilter {
    /// Part of a user name, display name or address.
    pub search: Option<String>,
    /// Only those who may, or may not, sign in.
    pub status: Option<UserStatus>,
}

// A password in a log is a leak; the debug form leaves it out.
impl std::fmt::Debug for NewUser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewUser").field("username", &self.username).finish_non_exhaustive()
    }
}
