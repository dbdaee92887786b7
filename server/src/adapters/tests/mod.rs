//! What leaves PMS, against servers on this machine that speak the real protocols.

mod mail;
mod rate_limits;
mod redis;
mod web;

use crate::config::{Networks, PushServices};
use domain::time::Timestamp;
use services::ports::clock::{Clock, FixedClock};
use std::sync::Arc;

/// 2026-01-17T12:00:00Z.
const NOW: Timestamp = Timestamp(1_768_651_200_000_000);

fn clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock::at(NOW))
}

fn this_machine() -> Networks {
    "127.0.0.0/8,::1".parse().unwrap()
}

fn named(origin: &str) -> PushServices {
    origin.parse().unwrap()
}
