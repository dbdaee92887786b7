//! The one table: every route, how it is asked, and what each kind of caller is answered.

mod api;
mod functions;
mod others;
mod pages;

pub use api::API;
pub use functions::FUNCTIONS;
pub use others::OTHERS;
pub use pages::PAGES;

use super::answers::Answers;

/// `METHOD /address?query`, the body, who is answered what. Names in braces are filled in by the scene.
pub type Row = (&'static str, &'static str, Answers);

/// What belongs together, with its name.
pub type Area = (&'static str, &'static [Row]);

/// All of it.
pub const TABLE: [&[Area]; 4] = [API, FUNCTIONS, PAGES, OTHERS];
