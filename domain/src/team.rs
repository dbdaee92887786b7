//! Teams: people who join projects together.

use crate::{
    ids::{TeamId, UserId},
    time::Timestamp,
    user::UserRef,
};
use serde::{Deserialize, Serialize};

/// A team in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// Its name, unique without regard to case.
    pub name: String,
    /// What it is for, one line.
    pub description: String,
    /// Who leads it.
    pub lead: Option<UserRef>,
    /// How many people are in it.
    pub member_count: i64,
    /// How many projects it belongs to.
    pub project_count: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// Grows with every change.
    pub version: i64,
}

/// A new team.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewTeam {
    /// Made by the client or by the service.
    pub id: Option<TeamId>,
    /// See [`Team::name`].
    pub name: String,
    /// See [`Team::description`].
    #[serde(default)]
    pub description: String,
    /// Who leads it; joins it as well.
    #[serde(default)]
    pub lead_id: Option<UserId>,
    /// Its first people.
    #[serde(default)]
    pub members: Vec<UserId>,
}

/// A change of a team: what is `None` stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EditTeam {
    /// The version that the editor saw.
    pub version: i64,
    /// See [`Team::name`].
    pub name: Option<String>,
    /// See [`Team::description`].
    pub description: Option<String>,
    /// Who leads it; `Some(None)` for nobody.
    #[serde(deserialize_with = "crate::task::set_or_clear", skip_serializing_if = "Option::is_none")]
    pub lead_id: Option<Option<UserId>>,
}
