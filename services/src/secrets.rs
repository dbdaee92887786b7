//! Secrets that people carry: shown once, stored only as SHA-256. They are random, so they need no slow hash.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// What a bearer or API token begins with, so that scanners recognise one that leaked.
pub(crate) const TOKEN_PREFIX: &str = "pms_";

/// The SHA-256 of anything.
pub(crate) fn sha256(bytes: impl AsRef<[u8]>) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Random bytes as text for an address or a header.
pub(crate) fn text(bytes: [u8; 32]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Random bytes as a token's text.
pub(crate) fn token(bytes: [u8; 32]) -> String {
    format!("{TOKEN_PREFIX}{}", text(bytes))
}
