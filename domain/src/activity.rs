//! The history: who changed what, from what, to what, when.

use crate::{
    ids::{ActivityId, AnnouncementId, CommentId, ProjectId, TaskId, TeamId, UserId},
    time::Timestamp,
    user::UserRef,
};
use serde::{Deserialize, Serialize};

/// What was done. Stored as `thing.verb`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Action {
    ProjectCreated,
    ProjectUpdated,
    ProjectArchived,
    ProjectRestored,
    ProjectDeleted,
    MemberAdded,
    MemberChanged,
    MemberRemoved,
    ColumnCreated,
    ColumnUpdated,
    ColumnDeleted,
    LabelCreated,
    LabelUpdated,
    LabelDeleted,
    TaskCreated,
    TaskUpdated,
    TaskMoved,
    TaskCompleted,
    TaskReopened,
    TaskArchived,
    TaskRestored,
    TaskDeleted,
    TaskBlocked,
    TaskReleased,
    TaskUnblocked,
    OverrideEnded,
    DependencyAdded,
    DependencyRemoved,
    CommentCreated,
    CommentUpdated,
    CommentDeleted,
    ChecklistImported,
    TeamCreated,
    TeamUpdated,
    TeamDeleted,
    TeamMemberAdded,
    TeamMemberRemoved,
    UserCreated,
    UserUpdated,
    RoleCreated,
    RoleUpdated,
    RoleDeleted,
    UrgentRaised,
    UrgentResolved,
    UrgentSuspended,
    UrgentResumed,
    UrgentEscalated,
    /// One acknowledgement was enough for all.
    UrgentAnswered,
    AlertAcknowledged,
    UrgentPolicyUpdated,
    AnnouncementPublished,
    AnnouncementUpdated,
    AnnouncementWithdrawn,
}

impl Action {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::ProjectCreated,
        Self::ProjectUpdated,
        Self::ProjectArchived,
        Self::ProjectRestored,
        Self::ProjectDeleted,
        Self::MemberAdded,
        Self::MemberChanged,
        Self::MemberRemoved,
        Self::ColumnCreated,
        Self::ColumnUpdated,
        Self::ColumnDeleted,
        Self::LabelCreated,
        Self::LabelUpdated,
        Self::LabelDeleted,
        Self::TaskCreated,
        Self::TaskUpdated,
        Self::TaskMoved,
        Self::TaskCompleted,
        Self::TaskReopened,
        Self::TaskArchived,
        Self::TaskRestored,
        Self::TaskDeleted,
        Self::TaskBlocked,
        Self::TaskReleased,
        Self::TaskUnblocked,
        Self::OverrideEnded,
        Self::DependencyAdded,
        Self::DependencyRemoved,
        Self::CommentCreated,
        Self::CommentUpdated,
        Self::CommentDeleted,
        Self::ChecklistImported,
        Self::TeamCreated,
        Self::TeamUpdated,
        Self::TeamDeleted,
        Self::TeamMemberAdded,
        Self::TeamMemberRemoved,
        Self::UserCreated,
        Self::UserUpdated,
        Self::RoleCreated,
        Self::RoleUpdated,
        Self::RoleDeleted,
        Self::UrgentRaised,
        Self::UrgentResolved,
        Self::UrgentSuspended,
        Self::UrgentResumed,
        Self::UrgentEscalated,
        Self::UrgentAnswered,
        Self::AlertAcknowledged,
        Self::UrgentPolicyUpdated,
        Self::AnnouncementPublished,
        Self::AnnouncementUpdated,
        Self::AnnouncementWithdrawn,
    ];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ProjectCreated => "project.created",
            Self::ProjectUpdated => "project.updated",
            Self::ProjectArchived => "project.archived",
            Self::ProjectRestored => "project.restored",
            Self::ProjectDeleted => "project.deleted",
            Self::MemberAdded => "member.added",
            Self::MemberChanged => "member.changed",
            Self::MemberRemoved => "member.removed",
            Self::ColumnCreated => "column.created",
            Self::ColumnUpdated => "column.updated",
            Self::ColumnDeleted => "column.deleted",
            Self::LabelCreated => "label.created",
            Self::LabelUpdated => "label.updated",
            Self::LabelDeleted => "label.deleted",
            Self::TaskCreated => "task.created",
            Self::TaskUpdated => "task.updated",
            Self::TaskMoved => "task.moved",
            Self::TaskCompleted => "task.completed",
            Self::TaskReopened => "task.reopened",
            Self::TaskArchived => "task.archived",
            Self::TaskRestored => "task.restored",
            Self::TaskDeleted => "task.deleted",
            Self::TaskBlocked => "task.blocked",
            Self::TaskReleased => "task.released",
            Self::TaskUnblocked => "task.unblocked",
            Self::OverrideEnded => "task.override_ended",
            Self::DependencyAdded => "dependency.added",
            Self::DependencyRemoved => "dependency.removed",
            Self::CommentCreated => "comment.created",
            Self::CommentUpdated => "comment.updated",
            Self::CommentDeleted => "comment.deleted",
            Self::ChecklistImported => "checklist.imported",
            Self::TeamCreated => "team.created",
            Self::TeamUpdated => "team.updated",
            Self::TeamDeleted => "team.deleted",
            Self::TeamMemberAdded => "team_member.added",
            Self::TeamMemberRemoved => "team_member.removed",
            Self::UserCreated => "user.created",
            Self::UserUpdated => "user.updated",
            Self::RoleCreated => "role.created",
            Self::RoleUpdated => "role.updated",
            Self::RoleDeleted => "role.deleted",
            Self::UrgentRaised => "urgent.raised",
            Self::UrgentResolved => "urgent.resolved",
            Self::UrgentSuspended => "urgent.suspended",
            Self::UrgentResumed => "urgent.resumed",
            Self::UrgentEscalated => "urgent.escalated",
            Self::UrgentAnswered => "urgent.answered",
            Self::AlertAcknowledged => "alert.acknowledged",
            Self::UrgentPolicyUpdated => "urgent_policy.updated",
            Self::AnnouncementPublished => "announcement.published",
            Self::AnnouncementUpdated => "announcement.updated",
            Self::AnnouncementWithdrawn => "announcement.withdrawn",
        }
    }
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
