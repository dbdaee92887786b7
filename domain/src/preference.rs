//! What a person is told of and how, as they see and change it.

use crate::{
    ids::ProjectId,
    notification::Event,
    project::ProjectRef,
    rhythm::Rhythm,
    wish::{Channel, Wishes, locked, usual},
};
use serde::{Deserialize, Serialize};

/// One cell of the matrix: an event and a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// What happens.
    pub event: Event,
    /// By which way it is told.
    pub channel: Channel,
    /// Whether it is.
    pub wanted: bool,
    /// What was chosen exactly here; `None`: as it is elsewhere.
    pub chosen: Option<bool>,
    /// Why it can't be turned off; `None`: it can.
    pub locked: Option<String>,
}

/// What a person is told of, in all projects or in one, and when they are written to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// The project for which they are; `None`: for all that have none of their own.
    pub project: Option<ProjectRef>,
    /// The matrix, event by event.
    pub cells: Vec<Cell>,
    /// The projects with choices of their own.
    pub projects: Vec<ProjectRef>,
    /// When they are written to.
    pub rhythm: Rhythm,
    /// Whether e-mail is set up here at all.
    pub has_email: bool,
}

/// The matrix as somebody chose it.
pub fn cells(wishes: &Wishes, project: Option<ProjectId>) -> Vec<Cell> {
    let pairs = Event::ALL.into_iter().flat_map(|event| Channel::ALL.map(|channel| (event, channel)));
    pairs
        .map(|(event, channel)| Cell {
            event,
            channel,
            wanted: wishes.wants(event, channel, project),
            chosen: wishes.chosen(project, (event, channel)),
            locked: locked(event, channel).map(str::to_owned),
        })
        .collect()
}

/// A choice for one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The event.
    pub event: Event,
    /// The channel.
    pub channel: Channel,
    /// Whether it is told this way; `None`: as elsewhere, or as is usual.
    pub wanted: Option<bool>,
}

impl Choice {
    /// What is written for it: nothing where it is what counts without it anyway.
    pub fn kept(self, project: Option<ProjectId>) -> Option<bool> {
        self.wanted.filter(|wanted| project.is_some() || *wanted != usual(self.event, self.channel))
    }
}

/// A change of the matrix: cells that are not named stay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditPreferences {
    /// What is chosen.
    pub choices: Vec<Choice>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_matrix_has_every_cell_and_keeps_only_what_differs() {
        let all = cells(&Wishes::default(), None);
        assert_eq!(all.len(), Event::ALL.len() * Channel::ALL.len());
        assert!(
            all.iter().all(|cell| cell.chosen.is_none() && cell.wanted == usual(cell.event, cell.channel))
        );
        let choice = Choice { event: Event::Commented, channel: Channel::Email, wanted: Some(false) };
        assert_eq!(choice.kept(None), None);
        assert_eq!(choice.kept(Some(ProjectId(uuid::Uuid::nil()))), Some(false));
        assert_eq!(Choice { wanted: Some(true), ..choice }.kept(None), Some(true));
    }
}
