//! What people are told, and announcements.

use super::{
    Digest, NotificationChannel, NotificationEvent, NotificationMark, NotificationReason, ProjectRef,
    TaskRef, UserRef,
};
use utoipa::ToSchema;
use uuid::Uuid;

/// One thing that you are told.
#[derive(ToSchema)]
pub struct Notification {
    /// Its id; later ones sort after earlier ones.
    pub id: Uuid,
    /// What happened.
    pub event: NotificationEvent,
    /// Why you are told.
    pub reasons: Vec<NotificationReason>,
    /// When it happened.
    #[schema(format = DateTime)]
    pub at: String,
    /// Who did it; `null`: nobody, as when a day comes.
    #[schema(required = true)]
    pub actor: Option<UserRef>,
    /// In which project.
    #[schema(required = true)]
    pub project: Option<ProjectRef>,
    /// On which task.
    #[schema(required = true)]
    pub task: Option<TaskRef>,
    /// The comment that was written.
    #[schema(required = true)]
    pub comment_id: Option<Uuid>,
    /// The announcement that it is about.
    #[schema(required = true)]
    pub announcement: Option<AnnouncementRef>,
    /// What it is about, in words: a title, a name.
    pub subject: String,
    /// More about it: the role that was given, the day it is due, the beginning of the comment or announcement; may be empty.
    pub detail: String,
    /// Whether you have not read it.
    pub unread: bool,
    /// When you put it away.
    #[schema(format = DateTime, required = true)]
    pub archived_at: Option<String>,
    /// When you said that you have read it, where that is asked for.
    #[schema(format = DateTime, required = true)]
    pub acknowledged_at: Option<String>,
}

/// An announcement in passing.
#[derive(ToSchema)]
pub struct AnnouncementRef {
    /// Its id.
    pub id: Uuid,
    /// Whether those who are told are asked to say that they have read it.
    pub acknowledge: bool,
}

/// A change of some notifications.
#[derive(ToSchema)]
pub struct MarkMany {
    /// Which, at most 500; those that are not yours, or not there, are left out.
    pub ids: Vec<Uuid>,
    /// What becomes of them.
    pub mark: NotificationMark,
}

/// A change of all notifications in the inbox, up to one that you have seen.
#[derive(ToSchema)]
pub struct MarkAll {
    /// `read` or `archive`.
    pub mark: NotificationMark,
    /// The newest one that you have seen: what came since stays as it is.
    pub until: Uuid,
}

/// How many notifications a change changed.
#[derive(ToSchema)]
pub struct Marked {
    /// The number.
    #[schema(value_type = i64)]
    pub changed: u64,
}

/// How many notifications you have not read.
#[derive(ToSchema)]
pub struct UnreadCount {
    /// The number, up to 100.
    pub unread: i64,
    /// Whether there may be more.
    pub more: bool,
}

/// An announcement.
#[derive(ToSchema)]
pub struct Announcement {
    /// Its id.
    pub id: Uuid,
    /// Who wrote it.
    #[schema(required = true)]
    pub author: Option<UserRef>,
    /// The team that is told.
    #[schema(required = true)]
    pub team: Option<TeamRef>,
    /// The project whose people are told; with neither, everybody is.
    #[schema(required = true)]
    pub project: Option<ProjectRef>,
    /// What it is about.
    pub title: String,
    /// What it says, in Markdown.
    pub body: String,
    /// The same as safe HTML.
    pub body_html: String,
    /// Whether those who are told are asked to say that they have read it.
    pub acknowledge: bool,
    /// How many were told.
    pub told_count: i64,
    /// How many of them said that they have read it.
    pub acknowledged_count: i64,
    /// When it was withdrawn.
    #[schema(format = DateTime, required = true)]
    pub withdrawn_at: Option<String>,
    /// When it was published.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// Grows with every change.
    pub version: i64,
}

/// A team in passing.
#[derive(ToSchema)]
pub struct TeamRef {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// An announcement as you see it.
#[derive(ToSchema)]
pub struct AnnouncementView {
    /// The announcement.
    pub announcement: Announcement,
    /// Whether you were told.
    pub told: bool,
    /// When you said that you have read it.
    #[schema(format = DateTime, required = true)]
    pub acknowledged_at: Option<String>,
    /// Whether you may change and withdraw it, and see who has read it.
    pub may_manage: bool,
}

/// A new announcement.
#[derive(ToSchema)]
pub struct NewAnnouncement {
    /// Made by the client or by the service.
    pub id: Option<Uuid>,
    /// Only for this team.
    pub team_id: Option<Uuid>,
    /// Only for this project; with neither, for everybody.
    pub project_id: Option<Uuid>,
    /// What it is about.
    pub title: String,
    /// What it says, in Markdown.
    pub body: String,
    /// Whether those who are told are asked to say that they have read it.
    #[schema(required = false)]
    pub acknowledge: bool,
}

/// A change of an announcement: what is `null` stays.
#[derive(ToSchema)]
pub struct EditAnnouncement {
    /// The version that the editor saw.
    #[schema(required = false)]
    pub version: i64,
    /// What it is about.
    pub title: Option<String>,
    /// What it says, in Markdown.
    pub body: Option<String>,
    /// Whether those who are told are asked to say that they have read it.
    pub acknowledge: Option<bool>,
}

/// Somebody who was told.
#[derive(ToSchema)]
pub struct Recipient {
    /// The person.
    pub user: UserRef,
    /// When they said that they have read it.
    #[schema(format = DateTime, required = true)]
    pub acknowledged_at: Option<String>,
}

/// What you are told of, and when you are written to.
#[derive(ToSchema)]
pub struct Preferences {
    /// The project for which they are; `null`: for all that have none of their own.
    #[schema(required = true)]
    pub project: Option<ProjectRef>,
    /// Each event with each channel.
    pub cells: Vec<PreferenceCell>,
    /// The projects with choices of their own.
    pub projects: Vec<ProjectRef>,
    /// When you are written to.
    pub rhythm: Rhythm,
    /// Whether e-mail is set up here at all.
    pub has_email: bool,
}

/// An event and a channel.
#[derive(ToSchema)]
pub struct PreferenceCell {
    /// What happens.
    pub event: NotificationEvent,
    /// By which way it is told.
    pub channel: NotificationChannel,
    /// Whether it is.
    pub wanted: bool,
    /// What was chosen exactly here; `null`: as it is elsewhere.
    #[schema(required = true)]
    pub chosen: Option<bool>,
    /// Why it can't be turned off; `null`: it can.
    #[schema(required = true)]
    pub locked: Option<String>,
}

/// A choice for an event and a channel.
#[derive(ToSchema)]
pub struct PreferenceChoice {
    /// What happens.
    pub event: NotificationEvent,
    /// By which way it is told.
    pub channel: NotificationChannel,
    /// Whether it is; `null`: as elsewhere, or as is usual.
    pub wanted: Option<bool>,
}

/// A change of what you are told of: what is not named stays.
#[derive(ToSchema)]
pub struct EditPreferences {
    /// What is chosen.
    pub choices: Vec<PreferenceChoice>,
}

/// When you are written to. What is urgent comes all the same.
#[derive(ToSchema)]
pub struct Rhythm {
    /// Your time zone, as `Europe/Berlin`.
    pub time_zone: String,
    /// When no e-mail comes; `null`: never.
    #[schema(required = true)]
    pub quiet: Option<Quiet>,
    /// How often e-mails come together.
    pub digest: Digest,
    /// The hour of your day at which a digest comes, 0 to 23.
    #[schema(value_type = i32)]
    pub digest_hour: i16,
    /// The day on which a weekly one comes: 1 is Monday, 7 Sunday.
    #[schema(value_type = i32)]
    pub digest_weekday: i16,
    /// Grows with every change; 0: nothing was chosen yet.
    pub version: i64,
}

/// Hours of a day, by minutes since midnight; may go over midnight.
#[derive(ToSchema)]
pub struct Quiet {
    /// The first minute.
    #[schema(value_type = i32)]
    pub from: i16,
    /// The first minute after it.
    #[schema(value_type = i32)]
    pub until: i16,
}
