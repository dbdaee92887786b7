//! The outside, as small traits, each with what stands for it in tests beside it.

pub mod bus;
pub mod clock;
pub mod ids;
