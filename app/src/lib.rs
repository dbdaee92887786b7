//! The page: rendered by the server, then alive in the browser. The same code compiles for both, the server's half
//! behind the feature `ssr`, the browser's behind `hydrate`.

#![warn(missing_docs)]

mod api;
pub mod app;
mod components;
pub mod error;
mod features;
#[cfg(feature = "ssr")]
mod graph_svg;
pub mod pages;
pub mod paths;
pub mod refused;
pub mod session;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod ssr;

pub use app::App;
pub use error::AppError;
