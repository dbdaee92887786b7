//! Projects.

use crate::{
    ids::{ProjectId, RoleId, TeamId, UserId},
    palette::Colour,
    permission::PermissionSet,
    task::set_or_clear,
    time::{Day, Timestamp},
    user::UserRef,
};
use serde::{Deserialize, Serialize};

/// Where a project stands. Archived is not among them: it is a shelf, not a state of work ([`crate::task::Lifecycle`]).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectStatus {
    /// Not begun.
    Planned,
    /// Being worked on.
    #[default]
    Active,
    /// Paused.
    OnHold,
    /// Finished.
    Done,
}

impl ProjectStatus {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Planned, Self::Active, Self::OnHold, Self::Done];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Active => "active",
            Self::OnHold => "on_hold",
            Self::Done => "done",
        }
    }

    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Planned => "Planned",
            Self::Active => "Active",
            Self::OnHold => "On hold",
            Self::Done => "Done",
        }
    }

    /// The status of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

pub use crate::task::Lifecycle;

/// A project, as lists and its own page show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// Its key, the first part of its tasks' keys: `WEB`. Never changes.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it is about, in Markdown.
    pub description: String,
    /// Where it stands.
    pub status: ProjectStatus,
    /// Whether it is in use, archived or deleted.
    pub lifecycle: Lifecycle,
    /// Its colour.
    pub colour: Colour,
    /// Who answers for it.
    pub owner: Option<UserRef>,
    /// When work starts.
    pub start_on: Option<Day>,
    /// When it is due.
    pub due_on: Option<Day>,
    /// Active tasks that are not done; kept in the transaction that changes it.
    pub open_count: i64,
    /// Active tasks that are done; kept likewise.
    pub done_count: i64,
    /// People with access through membership (directly or by team).
    pub member_count: i64,
    /// The first few of them, for faces in lists.
    pub members: Vec<UserRef>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it, or anything in it, last changed.
    pub updated_at: Timestamp,
    /// Since when it is urgent, while it is.
    #[serde(default)]
    pub urgent_since: Option<Timestamp>,
    /// Grows with every change of the project's own fields.
    pub version: i64,
}

/// A project in passing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectRef {
    /// Its id.
    pub id: ProjectId,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its colour.
    pub colour: Colour,
    /// Whether it is urgent.
    #[serde(default)]
    pub urgent: bool,
}

impl From<Project> for ProjectRef {
    fn from(project: Project) -> Self {
        Self {
            id: project.id,
            key: project.key,
            name: project.name,
            colour: project.colour,
            urgent: project.urgent_since.is_some(),
        }
    }
}

/// A new project.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NewProject {
    /// Made by the client or by the service.
    pub id: Option<ProjectId>,
    /// See [`Project::key`]; blank: made from the name.
    pub key: String,
    /// See [`Project::name`].
    pub name: String,
    /// See [`Project::description`].
    pub description: String,
    /// See [`Project::status`].
    pub status: ProjectStatus,
    /// See [`Project::colour`].
    pub colour: Colour,
    /// See [`Project::start_on`].
    pub start_on: Option<Day>,
    /// See [`Project::due_on`].
    pub due_on: Option<Day>,
}

/// A change of a project: what is `None` stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EditProject {
    /// The version that the editor saw.
    pub version: i64,
    /// See [`Project::name`].
    pub name: Option<String>,
    /// See [`Project::description`].
    pub description: Option<String>,
    /// See [`Project::status`].
    pub status: Option<ProjectStatus>,
    /// See [`Project::colour`].
    pub colour: Option<Colour>,
    /// The new owner, a member; `Some(None)` for nobody.
    #[serde(deserialize_with = "set_or_clear", skip_serializing_if = "Option::is_none")]
    pub owner_id: Option<Option<UserId>>,
    /// `Some(None)` clears it.
    #[serde(deserialize_with = "set_or_clear", skip_serializing_if = "Option::is_none")]
    pub start_on: Option<Option<Day>>,
    /// `Some(None)` clears it.
    #[serde(deserialize_with = "set_or_clear", skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Option<Day>>,
}

/// Which projects to list. Only those that the caller may see ever come back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProjectFilter {
    /// Part of the name or key.
    pub search: Option<String>,
    /// Only with this status.
    pub status: Option<ProjectStatus>,
    /// Active unless asked otherwise.
    pub lifecycle: Lifecycle,
}

/// Someone's place in a project, directly or through a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectMember {
    /// The person.
    pub user: UserRef,
    /// Their role in the project.
    pub role_id: RoleId,
    /// That role's name.
    pub role_name: String,
    /// The team that brings them in; `None` for a direct member.
    pub team_id: Option<TeamId>,
    /// That team's name.
    pub team_name: Option<String>,
}

/// A team's place in a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectTeam {
    /// The team.
    pub team_id: TeamId,
    /// Its name.
    pub name: String,
    /// The role that its people have in the project.
    pub role_id: RoleId,
    /// That role's name.
    pub role_name: String,
    /// How many people it brings.
    pub member_count: i64,
}

/// A project with what the caller may do in it: what its pages need to offer the right controls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectView {
    /// The project.
    pub project: Project,
    /// Its description as safe HTML.
    pub description_html: String,
    /// What the caller may do in it.
    pub permissions: PermissionSet,
}

/// Makes a key from a name: `Web shop` → `WS`, `Website` → `WEB`.
pub fn suggest_key(name: &str) -> String {
    let words: Vec<String> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()))
        .map(str::to_ascii_uppercase)
        .collect();
    match words.as_slice() {
        [] => "PRJ".into(),
        [one] if one.len() < 2 => format!("{one}1"),
        [one] => one.chars().take(3).collect(),
        many => many.iter().filter_map(|word| word.chars().next()).take(5).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_from_any_name() {
        for (name, key) in [
            ("Web shop", "WS"),
            ("Website", "WEB"),
            ("X", "X1"),
            ("2026", "PRJ"),
            ("Ärzte", "RZT"),
            ("a b c d e f g", "ABCDE"),
        ] {
            assert_eq!(suggest_key(name), key, "{name}");
        }
    }
}
