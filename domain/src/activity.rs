//! The history: who changed what, from what, to what, when.

use crate::{
    ids::{ActivityId, AnnouncementId, CommentId, ProjectId, TaskId, TeamId, UserId},
    time::Timestamp,
    user::UserRef,
};
use serde::{Deserialize, Serialize};

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {
        /// What was done. Stored as `thing.verb`.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Action { $($(#[$doc])* $name),+ }

        impl Action {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stored name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

actions! {
    /// A project was created.
    ProjectCreated = "project.created";
    /// Its name, description, dates, colour or status changed.
    ProjectUpdated = "project.updated";
    /// It was put aside, readable and unchanged.
    ProjectArchived = "project.archived";
    /// It was taken up again.
    ProjectRestored = "project.restored";
    /// It was deleted.
    ProjectDeleted = "project.deleted";
    /// A person or team was added to a project.
    MemberAdded = "member.added";
    /// They got another role in it.
    MemberChanged = "member.changed";
    /// They were removed from it.
    MemberRemoved = "member.removed";
    /// A column was added to a board.
    ColumnCreated = "column.created";
    /// Its name, place, limit or meaning changed.
    ColumnUpdated = "column.updated";
    /// It was removed from the board.
    ColumnDeleted = "column.deleted";
    /// A label was added to a project.
    LabelCreated = "label.created";
    /// Its name or colour changed.
    LabelUpdated = "label.updated";
    /// It was removed, from all tasks, too.
    LabelDeleted = "label.deleted";
    /// A task was created.
    TaskCreated = "task.created";
    /// Its fields, people or labels changed.
    TaskUpdated = "task.updated";
    /// It went to another column.
    TaskMoved = "task.moved";
    /// It went to a column of what is done.
    TaskCompleted = "task.completed";
    /// It came back from there.
    TaskReopened = "task.reopened";
    /// It was put aside.
    TaskArchived = "task.archived";
    /// It was taken up again, or came back after it was deleted.
    TaskRestored = "task.restored";
    /// It was deleted.
    TaskDeleted = "task.deleted";
    /// PMS moved it to the column of what is blocked, because of what it waits for.
    TaskBlocked = "task.blocked";
    /// PMS moved it back, because it waits for nothing any more.
    TaskReleased = "task.released";
    /// A person unblocked it by hand, with a reason.
    TaskUnblocked = "task.unblocked";
    /// Unblocking by hand came to its end: something new blocks, or a person ended it.
    OverrideEnded = "task.override_ended";
    /// A dependency between tasks was added.
    DependencyAdded = "dependency.added";
    /// It was removed.
    DependencyRemoved = "dependency.removed";
    /// A comment was written.
    CommentCreated = "comment.created";
    /// It was changed.
    CommentUpdated = "comment.updated";
    /// It was deleted.
    CommentDeleted = "comment.deleted";
    /// Tasks were made from a checklist.
    ChecklistImported = "checklist.imported";
    /// A team was created.
    TeamCreated = "team.created";
    /// Its name or description changed.
    TeamUpdated = "team.updated";
    /// It was deleted.
    TeamDeleted = "team.deleted";
    /// A person was added to a team.
    TeamMemberAdded = "team_member.added";
    /// They were removed from it.
    TeamMemberRemoved = "team_member.removed";
    /// A person got an account.
    UserCreated = "user.created";
    /// Their name, address, role or whether they may sign in changed.
    UserUpdated = "user.updated";
    /// A role was created.
    RoleCreated = "role.created";
    /// Its name or what it allows changed.
    RoleUpdated = "role.updated";
    /// It was deleted.
    RoleDeleted = "role.deleted";
    /// A project was raised to urgent.
    UrgentRaised = "urgent.raised";
    /// It is not urgent any more.
    UrgentResolved = "urgent.resolved";
    /// It was silenced until a given time.
    UrgentSuspended = "urgent.suspended";
    /// It rings again.
    UrgentResumed = "urgent.resumed";
    /// Those next in the policy are alerted, because nobody answered.
    UrgentEscalated = "urgent.escalated";
    /// One acknowledgement was enough for all.
    UrgentAnswered = "urgent.answered";
    /// A person acknowledged their alert.
    AlertAcknowledged = "alert.acknowledged";
    /// How urgent alerts repeat and whom they reach changed.
    UrgentPolicyUpdated = "urgent_policy.updated";
    /// An announcement was published.
    AnnouncementPublished = "announcement.published";
    /// It was changed.
    AnnouncementUpdated = "announcement.updated";
    /// It was withdrawn.
    AnnouncementWithdrawn = "announcement.withdrawn";
}

/// One field before and after, as people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The field: `title`, `column`, `assignees` …
    pub field: String,
    /// What it was; `None`: nothing.
    pub before: Option<String>,
    /// What it is; `None`: nothing.
    pub after: Option<String>,
}

impl Change {
    /// A change of `field`, or none where both are the same.
    pub fn of(field: &str, before: Option<String>, after: Option<String>) -> Option<Self> {
        (before != after).then(|| Self { field: field.into(), before, after })
    }
}

/// Ids that a row of the history tells to those who make notifications of it; its words are for people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tells {
    /// The comment that was written or changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<CommentId>,
    /// The announcement that was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub announcement: Option<AnnouncementId>,
    /// The team that was added to a project or got another role there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// Who was given the task.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assigned: Vec<UserId>,
    /// Whom a text mentions who were not mentioned in it before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mentioned: Vec<UserId>,
    /// Who was added to a project or team, or got another role.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<UserId>,
}

impl Tells {
    /// Whether it tells nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One row of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Its id.
    pub id: ActivityId,
    /// Its place in the order of all changes; has gaps.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who; `None` for the system itself.
    pub actor: Option<UserRef>,
    /// In which project.
    pub project_id: Option<ProjectId>,
    /// On which task.
    pub task_id: Option<TaskId>,
    /// That task's key.
    pub task_key: Option<String>,
    /// What was done, `thing.verb`; see [`Action`].
    pub action: String,
    /// What it was done to, in words at that time: a title, a name.
    pub subject: String,
    /// The fields that changed.
    pub changes: Vec<Change>,
}

/// Whose history.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ActivityFilter {
    /// Only of this project.
    pub project_id: Option<ProjectId>,
    /// Only of this task.
    pub task_id: Option<TaskId>,
    /// Only by this person.
    pub actor_id: Option<UserId>,
}
