//! Composed parts with state of their own: built from components, fed by `api`, used by pages.

pub mod account_menu;
pub mod alive;
pub mod ask_first;
pub mod browser_name;
pub mod commands;
pub mod copy_button;
pub mod entity;
pub mod form_outcome;
pub mod form_problems;
pub mod frame;
pub mod password_hint;
pub mod person_picker;
pub mod project_links;
pub mod query;
pub mod role_select;
pub mod settings_section;
pub mod shortcuts;
pub mod sidebar;
pub mod single_keys;
pub mod theme_choice;
pub mod whole_page;
