//! How a person wants to be told of what.

use crate::{ids::ProjectId, notification::Event};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A way to tell.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// In the inbox.
    Inbox,
    /// By e-mail.
    Email,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Inbox, Self::Email];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Email => "email",
        }
    }

    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Inbox => "Inbox",
            Self::Email => "E-mail",
        }
    }

    /// The channel of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == text)
    }
}

/// Whether somebody who chose nothing is told of it this way.
pub const fn usual(event: Event, channel: Channel) -> bool {
    match channel {
        Channel::Inbox => true,
        Channel::Email => matches!(event, Event::Announced | Event::Mentioned | Event::Assigned),
    }
}

/// Why nobody can choose not to be told of it this way; `None`: they can.
pub const fn locked(event: Event, channel: Channel) -> Option<&'static str> {
    match (event, channel) {
        (Event::Announced, Channel::Inbox) => {
            Some("Announcements are for everybody they are addressed to, so they always come to the inbox.")
        }
        (Event::Mentioned, Channel::Inbox) => {
            Some("Somebody who mentions you counts on your seeing it, so it always comes to the inbox.")
        }
        _ => None,
    }
}

/// What one person chose, in all projects and in single ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes(HashMap<(Option<ProjectId>, Event, Channel), bool>);

impl Wishes {
    /// Notes a choice; `None` for all projects.
    pub fn choose(&mut self, project: Option<ProjectId>, (event, channel): (Event, Channel), wanted: bool) {
        self.0.insert((project, event, channel), wanted);
    }

    /// What was chosen exactly there, if anything was.
    pub fn chosen(&self, project: Option<ProjectId>, (event, channel): (Event, Channel)) -> Option<bool> {
        self.0.get(&(project, event, channel)).copied()
    }

    /// Whether they are told of it this way: what is chosen for the project goes before what is chosen for all, and that
    /// before what is usual. What can't be chosen is not asked for.
    pub fn wants(&self, event: Event, channel: Channel, project: Option<ProjectId>) -> bool {
        let cell = (event, channel);
        locked(event, channel).is_some()
            || project
                .and_then(|project| self.chosen(Some(project), cell))
                .or_else(|| self.chosen(None, cell))
                .unwrap_or_else(|| usual(event, channel))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_project_goes_before_all_and_all_before_what_is_usual() {
        let web = ProjectId(Uuid::from_u128(1));
        let mut wishes = Wishes::default();
        assert!(!wishes.wants(Event::Commented, Channel::Email, Some(web)));
        wishes.choose(None, (Event::Commented, Channel::Email), true);
        assert!(wishes.wants(Event::Commented, Channel::Email, Some(web)));
        wishes.choose(Some(web), (Event::Commented, Channel::Email), false);
        assert!(!wishes.wants(Event::Commented, Channel::Email, Some(web)));
        assert!(wishes.wants(Event::Commented, Channel::Email, None));
    }

    #[test]
    fn what_is_locked_is_told_whatever_was_chosen() {
        let mut wishes = Wishes::default();
        for event in Event::ALL {
            for channel in Channel::ALL {
                wishes.choose(None, (event, channel), false);
                assert_eq!(wishes.wants(event, channel, None), locked(event, channel).is_some());
                assert!(locked(event, channel).is_none() || usual(event, channel));
            }
        }
    }
}
