//! Pages, by area: read the address, load, compose.

pub mod account;
pub mod not_found;
pub mod people;
pub mod set_up;
pub mod sign_in;
