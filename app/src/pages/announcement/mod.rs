//! Announcements.

mod list;
mod new;
mod one;

pub use list::AnnouncementsPage;
pub use new::NewAnnouncementPage;
pub use one::AnnouncementPage;
