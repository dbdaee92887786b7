//! Redis, where several servers on one database hear each other and count requests together. Nothing that is true is kept
//! there: without it each goes on with what the database says, hears of others later and counts by itself.

mod bus;
mod letter;
mod rate_limits;
mod standing;

pub use bus::{Line, link};
pub use rate_limits::{PATIENCE, RedisRateLimits};
pub use standing::Standing;
