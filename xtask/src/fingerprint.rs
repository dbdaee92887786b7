//! Short names for contents, in file names and to tell whether a step must run again.

use sha2::{Digest, Sha256};

/// Sixteen hexadecimal digits over all parts, each counted with its length.
pub fn of(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().take(8).fold(String::new(), |name, byte| format!("{name}{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn the_name_changes_with_the_content_and_with_where_parts_end() {
        assert_eq!(of(&[b"ab"]).len(), 16);
        assert_eq!(of(&[b"ab"]), of(&[b"ab"]));
        assert_ne!(of(&[b"ab"]), of(&[b"a", b"b"]));
        assert_ne!(of(&[b"ab"]), of(&[b"ac"]));
    }
}
