//! The secret that signs cookies. A weak one is no secret, so PMS does not start with it.

use super::{Trouble, cannot};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use hkdf::Hkdf;
use sha2::Sha256;
use std::{
    collections::HashSet,
    fmt, fs,
    io::{self, Write as _},
    path::Path,
};

/// Its name in the data folder.
const FILE: &str = "secret";
/// Bytes that it must have.
const SHORTEST: usize = 32;
/// Different characters that it must have: random text of that length has far more.
const VARIED: usize = 10;
/// Words of examples and habits, compared without case, space, `-` and `_`.
const PLACEHOLDERS: [&str; 10] = [
    "secret",
    "changeme",
    "password",
    "placeholder",
    "default",
    "example",
    "randomstring",
    "replaceme",
    "insecure",
    "supersecure",
];

/// A secret that is long enough and nobody's example.
#[derive(Clone)]
pub struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Another secret made of it, for `what` alone: the same on every instance that has this one, and nothing to keep
    /// besides. Who knows it knows none of the others.
    ///
    /// # Panics
    /// Never: 32 bytes are far below what SHA-256 expands to.
    pub fn derive(&self, what: &str) -> [u8; 32] {
        let mut made = [0; 32];
        Hkdf::<Sha256>::new(None, self.bytes())
            .expand(what.as_bytes(), &mut made)
            .expect("32 bytes are far below what SHA-256 expands to");
        made
    }

    /// Takes `text`, which was found at `place`.
    pub(super) fn check(text: &str, place: &str) -> Result<Self, Trouble> {
        let text = text.trim();
        let plain: String =
            text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        let why = if PLACEHOLDERS.iter().any(|word| plain.contains(word)) {
            "is a placeholder that anyone can guess"
        } else if text.len() < SHORTEST {
            "is shorter than 32 bytes"
        } else if text.chars().collect::<HashSet<_>>().len() < VARIED {
            "repeats itself too much to be random"
        } else {
            return Ok(Self(text.to_owned()));
        };
        Err(Trouble(format!(
            "The signing secret in {place} {why}. Make one with `openssl rand -base64 32` and put it there, \
             or remove it and PMS makes one in its data folder."
        )))
    }

    /// Reads `secret` in the data folder, or makes it there for the owner's eyes only.
    pub(super) fn of_folder(data: &Path, new: &dyn Fn() -> [u8; 32]) -> Result<Self, Trouble> {
        if let Some(text) = in_folder(data)? {
            return Self::check(&text, &data.join(FILE).display().to_string());
        }
        let text = STANDARD_NO_PAD.encode(new());
        write_to_folder(data, &text)?;
        Ok(Self(text))
    }
}

/// The text of the secret in the data folder, if there is one.
pub(super) fn in_folder(data: &Path) -> Result<Option<String>, Trouble> {
    let path = data.join(FILE);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(cannot("read the signing secret from", &path, &error)),
    }
}

/// Writes it there unless there is one; gives whether the one that is there then is this one.
pub(super) fn keep_in_folder(data: &Path, text: &str) -> Result<bool, Trouble> {
    if let Some(here) = in_folder(data)? {
        return Ok(here == text);
    }
    write_to_folder(data, text)?;
    Ok(true)
}

fn write_to_folder(data: &Path, text: &str) -> Result<(), Trouble> {
    let path = data.join(FILE);
    write_private(&path, &format!("{text}\n"))
        .map_err(|error| cannot("write the signing secret to", &path, &error))
}

/// Makes a file that is not there yet, for its owner alone.
///
/// # Errors
/// What the system says; [`io::ErrorKind::AlreadyExists`] if it is there.
pub fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_secrets_are_refused_with_a_way_out() {
        for (weak, why) in [
            ("secret", "placeholder"),
            ("Change-Me-Change-Me-Change-Me-Change-Me", "placeholder"),
            ("<32-char-random-string>", "placeholder"),
            ("k3yb0ardc4t", "shorter than 32 bytes"),
            ("abababababababababababababababababab", "repeats itself"),
        ] {
            let Trouble(sentence) = Secret::check(weak, "PMS_SECRET").unwrap_err();
            assert!(
                sentence.contains(why) && sentence.contains("openssl rand -base64 32"),
                "{weak}: {sentence}"
            );
        }
    }

    #[test]
    fn a_missing_secret_is_made_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let first = Secret::of_folder(folder.path(), &|| *b"0123456789abcdefghijklmnopqrstuv").unwrap();
        let again = Secret::of_folder(folder.path(), &|| unreachable!("it is there")).unwrap();
        assert_eq!(first.bytes(), again.bytes());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(folder.path().join("secret")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn what_is_made_of_a_secret_is_the_same_each_time_and_for_one_thing() {
        let secret = Secret::check("Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZmdoaWo", "x").unwrap();
        assert_eq!(secret.derive("links"), secret.derive("links"));
        assert_ne!(secret.derive("links"), secret.derive("push"));
    }

    #[test]
    fn a_secret_is_not_in_the_debug_form() {
        let secret = Secret::check("Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZmdoaWo", "x").unwrap();
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
}
