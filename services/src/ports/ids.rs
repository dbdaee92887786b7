//! New ids and secrets.

use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// Makes what must not be guessed or must not repeat.
pub trait Ids: Send + Sync {
    /// A new id, later ones sorting after earlier ones.
    fn id(&self) -> Uuid;
    /// 32 bytes that nobody can guess.
    fn secret(&self) -> [u8; 32];
}

/// UUIDv7 and the system's random numbers.
#[derive(Debug, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    #[expect(clippy::disallowed_methods, reason = "this is the room of new ids")]
    fn id(&self) -> Uuid {
        Uuid::now_v7()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the room of secrets")]
    fn secret(&self) -> [u8; 32] {
        rand::random()
    }
}

/// Ids that are the same in every run.
#[derive(Debug, Default)]
pub struct CountingIds(AtomicU64);

impl Ids for CountingIds {
    fn id(&self) -> Uuid {
        let number = u128::from(self.0.fetch_add(1, Ordering::SeqCst) + 1);
        // The number is spread over the last 62 bits too, because full text search keys on them.
        Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + (number << 80) + number)
    }

    fn secret(&self) -> [u8; 32] {
        let mut bytes = [7; 32];
        bytes[..8].copy_from_slice(&self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes());
        bytes
    }
}
