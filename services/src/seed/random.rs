//! Numbers that look random and are the same in every run and on every version: `SplitMix64`.

use domain::time::Timestamp;
use uuid::Uuid;

/// The generator's dice.
pub struct Dice(u64);

impl Dice {
    /// Always the same sequence for the same seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits. Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to `bound` - 1; 0 for an empty range.
    #[expect(clippy::cast_possible_truncation, reason = "smaller than bound, which is a usize")]
    pub const fn below(&mut self, bound: usize) -> usize {
        if bound == 0 { 0 } else { (self.next() % bound as u64) as usize }
    }

    /// Whether something of this chance happens.
    pub const fn percent(&mut self, chance: u64) -> bool {
        self.next() % 100 < chance
    }

    /// One of them.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// A number from 0 to `bound` - 1, small ones far more often (about as Zipf's law says).
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a draw needs no more than 53 bits, and the result is below bound"
    )]
    pub fn skewed(&mut self, bound: usize) -> usize {
        let uniform = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let drawn = (bound as f64).powf(uniform) - 1.0;
        (drawn as usize).min(bound.saturating_sub(1))
    }

    /// A version 7 id of that time.
    pub fn id(&mut self, at: Timestamp) -> Uuid {
        let millis = u128::from(at.micros().unsigned_abs() / 1000);
        let random = (u128::from(self.next()) << 64) | u128::from(self.next());
        let bits = (millis << 80) | (random & ((1 << 80) - 1));
        Uuid::from_u128((bits & !(0xF << 76) & !(0x3 << 62)) | (0x7 << 76) | (0x2 << 62))
    }
}
