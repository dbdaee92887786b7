//! Projects: the list, a new one, and the pages of one.

mod activity;
mod import;
mod list;
mod members;
mod new;
mod overview;
mod settings;

pub use activity::ProjectActivityPage;
pub use import::ImportPage;
pub use list::ProjectsPage;
pub use members::ProjectMembersPage;
pub use new::NewProjectPage;
pub use overview::ProjectOverviewPage;
pub use settings::ProjectSettingsPage;
