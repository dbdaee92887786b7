//! The people of the workspace.

mod list;
mod new;
mod person;
mod person_access;

pub use list::PeoplePage;
pub use new::NewPersonPage;
pub use person::PersonPage;
