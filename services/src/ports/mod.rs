//! The outside, as small traits, each with what stands for it in tests beside it.

pub mod answer;
pub mod bus;
pub mod clock;
pub mod hook;
pub mod ids;
pub mod mailer;
pub mod pusher;
pub mod rate_limits;
