//! What somebody with the permission tells everybody, a team or a project.

use crate::{
    ids::{AnnouncementId, ProjectId, TeamId},
    project::ProjectRef,
    time::Timestamp,
    user::UserRef,
};
use serde::{Deserialize, Serialize};

/// Who is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Audience {
    /// Everybody who may sign in.
    Everybody,
    /// Who is in a team.
    Team(TeamId),
    /// Who belongs to a project.
    Project(ProjectId),
}

/// An announcement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// Its id.
    pub id: AnnouncementId,
    /// Who wrote it; `None`: the system itself.
    pub author: Option<UserRef>,
    /// The team that is told.
    pub team: Option<TeamRef>,
    /// The project whose people are told; with neither, everybody is.
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
    /// When it was withdrawn, if it was.
    pub withdrawn_at: Option<Timestamp>,
    /// When it was published.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

impl Announcement {
    /// Who is told.
    pub fn audience(&self) -> Audience {
        match (&self.project, &self.team) {
            (Some(project), _) => Audience::Project(project.id),
            (None, Some(team)) => Audience::Team(team.id),
            (None, None) => Audience::Everybody,
        }
    }

    /// Who is told, in words.
    pub fn audience_name(&self) -> &str {
        match (&self.project, &self.team) {
            (Some(project), _) => &project.name,
            (None, Some(team)) => &team.name,
            (None, None) => "Everybody",
        }
    }
}

/// A team in passing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamRef {
    /// Its id.
    pub id: TeamId,
    /// Its name.
    pub name: String,
}

/// An announcement as one person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnouncementView {
    /// The announcement.
    pub announcement: Announcement,
    /// Whether this person was told.
    pub told: bool,
    /// When they said that they have read it, if they did.
    pub acknowledged_at: Option<Timestamp>,
    /// Whether they may change and withdraw it, and see who has read it.
    pub may_manage: bool,
}

/// A new announcement.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NewAnnouncement {
    /// Made by the client or by the service.
    pub id: Option<AnnouncementId>,
    /// Only for this team.
    pub team_id: Option<TeamId>,
    /// Only for this project; with neither, for everybody.
    pub project_id: Option<ProjectId>,
    /// See [`Announcement::title`].
    pub title: String,
    /// See [`Announcement::body`].
    pub body: String,
    /// See [`Announcement::acknowledge`].
    pub acknowledge: bool,
}

/// A change of an announcement: what is `None` stays. Whom it is for can't be changed: they were told.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EditAnnouncement {
    /// The version that the editor saw.
    pub version: i64,
    /// See [`Announcement::title`].
    pub title: Option<String>,
    /// See [`Announcement::body`].
    pub body: Option<String>,
    /// See [`Announcement::acknowledge`].
    pub acknowledge: Option<bool>,
}

/// Somebody who was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The person.
    pub user: UserRef,
    /// When they said that they have read it, if they did.
    pub acknowledged_at: Option<Timestamp>,
}
