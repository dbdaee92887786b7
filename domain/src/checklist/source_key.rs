//! Keys by which a node of a document is known again when the document is read again.

use crate::search_text;
use std::collections::{HashMap, HashSet};
use unicode_normalization::UnicodeNormalization;

/// Hands out the keys of one document.
#[derive(Default)]
pub(super) struct SourceKeys {
    seen: HashMap<u128, u64>,
    taken: HashSet<u128>,
}

impl SourceKeys {
    /// The key of the next node with this title under that parent.
    pub(super) fn next(&mut self, parent: Option<u128>, is_item: bool, title: &str) -> u128 {
        let kind = if is_item { b"i" } else { b"h" };
        let path = fnv1a(OFFSET, &parent.unwrap_or_default().to_be_bytes());
        let path = fnv1a(fnv1a(path, kind), title_key(title).as_bytes());
        let occurrence = self.seen.entry(path).or_default();
        loop {
            *occurrence += 1;
            let key = fnv1a(fnv1a(path, b"\0"), &occurrence.to_be_bytes());
            // The hash is quick, not safe: a document could be made to collide.
            if self.taken.insert(key) {
                return key;
            }
        }
    }
}

/// A key as it is stored.
pub(super) fn text(key: u128) -> String {
    format!("{key:032x}")
}

/// What of a title counts: words. A title without any counts as it is.
pub(super) fn title_key(title: &str) -> String {
    let words = search_text::normalise(title);
    if words.is_empty() { title.nfkc().collect() } else { words }
}

const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// FNV-1a with 128 bits, continued from `hash`.
fn fnv1a(hash: u128, bytes: &[u8]) -> u128 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        for (text, hash) in [
            ("", 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d),
            ("a", 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964),
            ("ab", 0x0880_9544_bbab_1be9_5aa0_7330_55b6_9a62),
            ("abc", 0xa68d_622c_ec8b_5822_836d_bc79_77af_7f3b),
        ] {
            assert_eq!(fnv1a(OFFSET, text.as_bytes()), hash, "{text}");
        }
    }

    #[test]
    fn equal_siblings_get_keys_of_their_own_in_order() {
        let mut keys = SourceKeys::default();
        let (first, second) = (keys.next(None, true, "Test"), keys.next(None, true, "**test!**"));
        assert_ne!(first, second);
        let mut again = SourceKeys::default();
        assert_eq!(again.next(None, true, "test"), first);
        assert_ne!(again.next(None, false, "test"), second);
        assert_eq!(again.next(None, true, "test"), second);
        assert_ne!(again.next(Some(1), true, "test"), first);
        assert_ne!(again.next(None, true, "???"), again.next(None, true, "!!!"));
    }

    #[test]
    fn a_stored_key_has_always_the_same_length() {
        assert_eq!(text(1), "00000000000000000000000000000001");
    }
}
