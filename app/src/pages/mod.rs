//! Pages, by area: read the address, load, compose.

pub mod account;
pub mod announcement;
pub mod audit;
pub mod home;
pub mod inbox;
pub mod later;
pub mod not_found;
pub mod people;
pub mod project;
pub mod role;
pub mod search;
pub mod set_up;
pub mod sign_in;
pub mod task;
pub mod team;
pub mod urgent;
