//! Teams.

mod edit;
mod list;
mod members;
mod new;
mod team_page;

pub use list::TeamsPage;
pub use new::NewTeamPage;
pub use team_page::TeamPage;
