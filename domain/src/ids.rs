//! Ids: UUIDv7 behind one type per thing, so a task's id cannot be passed where a project's is meant.
//! They may be made by the client: a create that is sent twice is the same create.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The plain id, as the database keeps it.
            pub const fn uuid(self) -> Uuid { self.0 }
        }
        impl From<Uuid> for $name { fn from(id: Uuid) -> Self { Self(id) } }
        impl From<$name> for Uuid { fn from(id: $name) -> Self { id.0 } }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { Uuid::parse_str(text).map(Self) }
        }
    )+};
}

ids! {
    /// A person with an account.
    UserId,
    /// A named set of permissions.
    RoleId,
    /// A group of people.
    TeamId,
    /// A project.
    ProjectId,
    /// A column of a project's board.
    ColumnId,
    /// A label of a project.
    LabelId,
    /// A task.
    TaskId,
    /// A comment on a task.
    CommentId,
    /// A signed-in browser or client, as its owner sees it in the list of sessions.
    SessionId,
    /// An API token.
    TokenId,
    /// One time that a project is urgent.
    EpisodeId,
    /// One person's alert of an urgent project.
    AlertId,
    /// One row of the activity history.
    ActivityId,
    /// One row of the audit log.
    AuditId,
    /// A browser of a person, as it names itself.
    DeviceId,
    /// One message to one person by one way.
    DeliveryId,
    /// One thing that one person is told.
    NotificationId,
    /// What somebody tells everybody, a team or a project.
    AnnouncementId,
}
