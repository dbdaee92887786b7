//! Pages, by area: read the address, load, compose.

pub mod not_found;
