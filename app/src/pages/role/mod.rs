//! Roles and what they allow.

mod matrix;
mod new;
mod role_page;
mod why;

pub use matrix::RolesPage;
pub use new::NewRolePage;
pub use role_page::RolePage;
pub use why::WhyPage;
