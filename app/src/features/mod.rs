//! Composed parts with state of their own: built from components, fed by `api`, used by pages.

pub mod account_menu;
pub mod commands;
pub mod form_outcome;
pub mod frame;
pub mod project_links;
pub mod shortcuts;
pub mod sidebar;
pub mod single_keys;
pub mod theme_choice;
pub mod whole_page;
