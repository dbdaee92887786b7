//! Pages, by area: read the address, load, compose.

pub mod not_found;
pub mod set_up;
pub mod sign_in;
