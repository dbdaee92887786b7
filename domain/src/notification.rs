//! What a person is told, and why they are.

mod words;

use crate::{
    ids::{AnnouncementId, CommentId, NotificationId, ProjectId, TaskId},
    project::ProjectRef,
    task::TaskRef,
    time::Timestamp,
    user::UserRef,
};
use serde::{Deserialize, Serialize};

/// What happened. The first of several that fit one act is what it is shown as.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Somebody announced something.
    Announced,
    /// A comment mentions them.
    Mentioned,
    /// They were given a task.
    Assigned,
    /// A task of theirs has nothing to wait for any more.
    Unblocked,
    /// A task of theirs is past its due day.
    Overdue,
    /// A task of theirs is due today or tomorrow.
    DueSoon,
    /// A task of theirs, or one that they watch, got a comment.
    Commented,
    /// A task of theirs, or one that they watch, was completed or reopened.
    Progress,
    /// They were added to a project or team, or got another role.
    Membership,
}

impl Event {
    /// All of them, the most personal first: the order of the matrix of preferences.
    pub const ALL: [Self; 9] = [
        Self::Announced,
        Self::Mentioned,
        Self::Assigned,
        Self::Unblocked,
        Self::Overdue,
        Self::DueSoon,
        Self::Commented,
        Self::Progress,
        Self::Membership,
    ];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Mentioned => "mentioned",
            Self::Assigned => "assigned",
            Self::Unblocked => "unblocked",
            Self::Overdue => "overdue",
            Self::DueSoon => "due_soon",
            Self::Commented => "commented",
            Self::Progress => "progress",
            Self::Membership => "membership",
        }
    }

    /// What it is, for the one whom it concerns.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Announced => "An announcement for you",
            Self::Mentioned => "Somebody mentions you",
            Self::Assigned => "You are assigned to a task",
            Self::Unblocked => "A task of yours can go on",
            Self::Overdue => "A task of yours is overdue",
            Self::DueSoon => "A task of yours is due today or tomorrow",
            Self::Commented => "A comment on a task that is yours or that you watch",
            Self::Progress => "A task that is yours or that you watch is completed or reopened",
            Self::Membership => "You are added to a project or team, or get another role",
        }
    }

    /// The event of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.as_str() == text)
    }
}

/// Why somebody is told.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// They are mentioned.
    Mentioned,
    /// They are assigned to the task.
    Assigned,
    /// They watch the task.
    Watching,
    /// It is they who were added or got another role.
    Joined,
    /// They are in the team.
    Team,
    /// They belong to the project.
    Member,
    /// Everybody is told.
    Everybody,
}

impl Reason {
    /// The name in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mentioned => "mentioned",
            Self::Assigned => "assigned",
            Self::Watching => "watching",
            Self::Joined => "joined",
            Self::Team => "team",
            Self::Member => "member",
            Self::Everybody => "everybody",
        }
    }

    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Mentioned,
        Self::Assigned,
        Self::Watching,
        Self::Joined,
        Self::Team,
        Self::Member,
        Self::Everybody,
    ];

    /// In words for the one who is told.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Mentioned => "you are mentioned",
            Self::Assigned => "you are assigned",
            Self::Watching => "you watch the task",
            Self::Joined => "it is about you",
            Self::Team => "you are in the team",
            Self::Member => "you belong to the project",
            Self::Everybody => "everybody is told",
        }
    }
}

/// The reasons for one notification, each once.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Reasons(i64);

impl Reasons {
    /// From what is stored: a bit for each.
    pub const fn from_bits(bits: i64) -> Self {
        Self(bits)
    }

    /// As it is stored.
    pub const fn bits(self) -> i64 {
        self.0
    }

    /// With one more.
    #[must_use]
    pub const fn with(self, reason: Reason) -> Self {
        Self(self.0 | 1 << reason as i64)
    }

    /// Those of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Each of them, the most personal first.
    pub fn list(self) -> Vec<Reason> {
        Reason::ALL.into_iter().filter(|reason| self.0 & (1 << *reason as i64) != 0).collect()
    }
}

/// An announcement in passing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnouncementRef {
    /// Its id.
    pub id: AnnouncementId,
    /// Whether those who are told are asked to say that they have read it.
    pub acknowledge: bool,
}

/// One thing that one person is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Its id; later ones sort after earlier ones.
    pub id: NotificationId,
    /// What happened.
    pub event: Event,
    /// Why they are told.
    pub reasons: Vec<Reason>,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; `None`: nobody, as when a day comes.
    pub actor: Option<UserRef>,
    /// In which project.
    pub project: Option<ProjectRef>,
    /// On which task.
    pub task: Option<TaskRef>,
    /// The comment that was written.
    pub comment_id: Option<CommentId>,
    /// The announcement that it is about.
    pub announcement: Option<AnnouncementRef>,
    /// What it is about, in words: a title, a name.
    pub subject: String,
    /// More about it: the role that was given, the day it is due, the beginning of the comment or announcement; may be empty.
    pub detail: String,
    /// Whether it has not been read.
    pub unread: bool,
    /// When it was put away, if it was.
    pub archived_at: Option<Timestamp>,
    /// When the person said that they have read it, where that is asked for.
    pub acknowledged_at: Option<Timestamp>,
}

impl Notification {
    /// What those with the same belong together under: a task, a project, or nothing but itself.
    pub fn topic(&self) -> Topic {
        match (&self.announcement, &self.task, &self.project) {
            (Some(announcement), ..) => Topic::Announcement(announcement.id),
            (None, Some(task), _) => Topic::Task(task.id),
            (None, None, Some(project)) => Topic::Project(project.id),
            (None, None, None) => Topic::Itself(self.id),
        }
    }

    /// Whether an acknowledgement is asked for and not given.
    pub fn waits(&self) -> bool {
        self.announcement.as_ref().is_some_and(|it| it.acknowledge) && self.acknowledged_at.is_none()
    }
}

/// What notifications are about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Topic {
    /// An announcement.
    Announcement(AnnouncementId),
    /// A task.
    Task(TaskId),
    /// A project.
    Project(ProjectId),
    /// Nothing that others are about too: a team.
    Itself(NotificationId),
}

/// What those of one page are about, in the order of the newest of each.
pub fn topics(rows: &[Notification]) -> Vec<Topic> {
    let mut topics = Vec::new();
    for topic in rows.iter().map(Notification::topic) {
        if !topics.contains(&topic) {
            topics.push(topic);
        }
    }
    topics
}

/// Which of somebody's notifications.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shelf {
    /// Those in the inbox that have not been read.
    Unread,
    /// All in the inbox.
    #[default]
    Inbox,
    /// Those that were put away.
    Archived,
}

impl Shelf {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Unread, Self::Inbox, Self::Archived];

    /// The name in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::Inbox => "inbox",
            Self::Archived => "archived",
        }
    }

    /// The shelf of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shelf| shelf.as_str() == text)
    }
}

/// What becomes of notifications.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Read.
    Read,
    /// Not read.
    Unread,
    /// Out of the inbox, and read.
    Archive,
    /// Back into the inbox.
    Restore,
}

impl Mark {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Read, Self::Unread, Self::Archive, Self::Restore];

    /// The name in addresses and forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Unread => "unread",
            Self::Archive => "archive",
            Self::Restore => "restore",
        }
    }

    /// The mark of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.as_str() == text)
    }
}

/// A change of some notifications.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkMany {
    /// Which; those that are not one's own, or not there, are left out.
    pub ids: Vec<NotificationId>,
    /// What becomes of them.
    pub mark: Mark,
}

/// A change of all notifications in the inbox, up to one that the person has seen: what came since stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkAll {
    /// [`Mark::Read`] or [`Mark::Archive`].
    pub mark: Mark,
    /// The newest one that was seen.
    pub until: NotificationId,
}

/// How many notifications a change changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Marked {
    /// The number.
    pub changed: u64,
}

/// How many a person has not read, up to [`crate::limits::UNREAD`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct UnreadCount {
    /// The number.
    pub unread: i64,
    /// Whether there may be more.
    pub more: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::UserId;
    use uuid::Uuid;

    fn row(id: u128, announcement: Option<u128>) -> Notification {
        Notification {
            id: NotificationId(Uuid::from_u128(id)),
            event: Event::Membership,
            reasons: Vec::new(),
            at: Timestamp(0),
            actor: Some(UserRef {
                id: UserId(Uuid::nil()),
                username: String::new(),
                display_name: String::new(),
            }),
            project: None,
            task: None,
            comment_id: None,
            announcement: announcement
                .map(|id| AnnouncementRef { id: AnnouncementId(Uuid::from_u128(id)), acknowledge: true }),
            subject: String::new(),
            detail: String::new(),
            unread: true,
            archived_at: None,
            acknowledged_at: None,
        }
    }

    #[test]
    fn reasons_are_each_there_once_and_survive_being_stored() {
        let reasons = Reasons::default().with(Reason::Everybody).with(Reason::Mentioned);
        let reasons = reasons.and(Reasons::default().with(Reason::Mentioned));
        assert_eq!(Reasons::from_bits(reasons.bits()).list(), [Reason::Mentioned, Reason::Everybody]);
        for reason in Reason::ALL {
            assert_eq!(Reasons::default().with(reason).list(), [reason]);
        }
    }

    #[test]
    fn what_is_about_the_same_stands_together_where_the_newest_of_it_is() {
        let rows = vec![row(4, Some(1)), row(3, None), row(2, Some(2)), row(1, Some(1))];
        let announcement = |id| Topic::Announcement(AnnouncementId(Uuid::from_u128(id)));
        let alone = Topic::Itself(NotificationId(Uuid::from_u128(3)));
        assert_eq!(topics(&rows), [announcement(1), alone, announcement(2)]);
        assert!(rows[0].waits() && !rows[1].waits());
    }

    #[test]
    fn it_says_what_happened_and_why_in_sentences() {
        let mut it = row(1, None);
        it.event = Event::Progress;
        it.detail = "completed".into();
        it.subject = "Write the page".into();
        it.reasons = vec![Reason::Assigned, Reason::Watching];
        assert_eq!(it.why(), "Because you are assigned and you watch the task.");
        it.actor.as_mut().expect("somebody").display_name = "Mia".into();
        assert_eq!(it.act(), "Mia completed it");
        assert_eq!((it.about(), it.path()), ("Write the page".into(), "/inbox".into()));
        assert_eq!(it.excerpt(), None);
        for event in Event::ALL {
            assert!(!Notification { event, ..it.clone() }.act().is_empty());
        }
    }

    #[test]
    fn every_event_and_shelf_is_found_by_its_name() {
        assert!(Event::ALL.into_iter().all(|event| Event::parse(event.as_str()) == Some(event)));
        assert!(Shelf::ALL.into_iter().all(|shelf| Shelf::parse(shelf.as_str()) == Some(shelf)));
        assert!(Event::ALL.is_sorted(), "the first that fits is what it is shown as");
    }
}
