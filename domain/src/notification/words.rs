//! What a notification says, in pages and e-mails alike.

use super::{Event, Notification};

impl Notification {
    /// What happened, without what it happened to: “Mia mentioned you”.
    pub fn act(&self) -> String {
        let who = self.actor.as_ref().map_or("PMS", |actor| actor.display_name.as_str());
        match self.event {
            Event::Announced => format!("{who} announced this"),
            Event::Mentioned => format!("{who} mentioned you"),
            Event::Assigned => format!("{who} assigned you"),
            Event::Unblocked if self.detail.is_empty() => "This can go on".into(),
            Event::Unblocked => format!("This can go on: {} is out of the way", self.detail),
            Event::Overdue => format!("This was due on {}", self.detail),
            Event::DueSoon => format!("This is due on {}", self.detail),
            Event::Commented => format!("{who} commented"),
            Event::Progress => format!("{who} {} it", self.detail),
            Event::Membership if self.detail.is_empty() => format!("{who} put you in"),
            Event::Membership => format!("{who} put you in as {}", self.detail),
        }
    }

    /// What people wrote, where they did: the beginning of the comment or announcement.
    pub fn excerpt(&self) -> Option<&str> {
        let written = self.comment_id.is_some() || self.announcement.is_some();
        (written && !self.detail.is_empty()).then_some(self.detail.as_str())
    }

    /// What it is about, with its key: “WEB-12 Write the page”.
    pub fn about(&self) -> String {
        match &self.task {
            Some(task) => format!("{} {}", task.key, self.subject),
            None => self.subject.clone(),
        }
    }

    /// Why the person is told: “Because you are assigned and you watch the task”.
    pub fn why(&self) -> String {
        let reasons: Vec<_> = self.reasons.iter().map(|reason| reason.sentence()).collect();
        match reasons.as_slice() {
            [] => String::new(),
            [one] => format!("Because {one}."),
            [first @ .., last] => format!("Because {} and {last}.", first.join(", ")),
        }
    }

    /// Whether there is a page of what it is about; else it stands for itself in the inbox.
    pub const fn has_page(&self) -> bool {
        self.announcement.is_some() || self.task.is_some() || self.project.is_some()
    }

    /// The page that it is about, as a path.
    pub fn path(&self) -> String {
        match (&self.announcement, &self.task, &self.project) {
            (Some(announcement), ..) => format!("/announcements/{}", announcement.id),
            (None, Some(task), _) => format!("/tasks/{}", task.key),
            (None, None, Some(project)) => format!("/projects/{}", project.key),
            (None, None, None) => "/inbox".into(),
        }
    }
}
