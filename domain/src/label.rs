//! Labels of a project's tasks.

use crate::{
    ids::{LabelId, ProjectId},
    palette::Colour,
};
use serde::{Deserialize, Serialize};

/// A label.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Label {
    /// Its id.
    pub id: LabelId,
    /// The project that it belongs to.
    pub project_id: ProjectId,
    /// Its name, unique in the project without regard to case.
    pub name: String,
    /// Its colour.
    pub colour: Colour,
    /// Grows with every change.
    pub version: i64,
}

/// A new label.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewLabel {
    /// Made by the client or by the service.
    pub id: Option<LabelId>,
    /// See [`Label::name`].
    pub name: String,
    /// See [`Label::colour`].
    #[serde(default)]
    pub colour: Colour,
}

/// A change of a label: what is `None` stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EditLabel {
    /// The version that the editor saw.
    pub version: i64,
    /// See [`Label::name`].
    pub name: Option<String>,
    /// See [`Label::colour`].
    pub colour: Option<Colour>,
}
