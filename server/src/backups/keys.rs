//! Keys of backups, as the tool `age` has them: whoever has the public one (a recipient) can only write backups, and what
//! reads them need not be on the server.

use crate::config::Trouble;
use age::{secrecy::ExposeSecret as _, x25519};
use std::{fs, io, path::Path, str::FromStr};

/// For whom backups are encrypted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Recipients {
    /// Nobody said so: then no backup is made.
    #[default]
    Unsaid,
    /// For everyone who gets hold of the file, and the operator wants it so.
    Everyone,
    /// For whoever has the key of one of these.
    Keys(Vec<String>),
}

impl FromStr for Recipients {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let names: Vec<String> =
            text.split([',', ' ']).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        match names.as_slice() {
            [] => Ok(Self::Unsaid),
            [only] if only == "none" => Ok(Self::Everyone),
            _ if names.iter().all(|name| name.parse::<x25519::Recipient>().is_ok()) => Ok(Self::Keys(names)),
            // Perhaps it is a secret key, so it is not repeated.
            _ => {
                Err("PMS_BACKUP_RECIPIENTS (backup.recipients) names no key. A recipient begins with age1; \
                      `pms backup key` makes a pair, and none encrypts nothing."
                    .into())
            }
        }
    }
}

impl Recipients {
    /// Their keys; `None` where nothing is encrypted.
    ///
    /// # Errors
    /// Where nobody said for whom.
    pub fn keys(&self) -> Result<Option<Vec<x25519::Recipient>>, Trouble> {
        match self {
            Self::Unsaid => Err(Trouble::new(
                "Backups are encrypted, and nobody said for whom. Make a key with: pms backup key --out FILE, \
                 keep FILE elsewhere, and set PMS_BACKUP_RECIPIENTS to what it prints (or to none).",
            )),
            Self::Everyone => Ok(None),
            // They were looked at when they were read.
            Self::Keys(names) => Ok(Some(names.iter().filter_map(|name| name.parse().ok()).collect())),
        }
    }
}

/// What reads backups.
#[derive(Clone)]
pub struct Key(Vec<x25519::Identity>);

impl Key {
    /// Reads a key file: one key on a line, `#` before what is none.
    ///
    /// # Errors
    /// If there is none in it.
    pub fn read(path: &Path) -> Result<Self, Trouble> {
        let text = fs::read_to_string(path)
            .map_err(|error| Trouble::new(format!("PMS cannot read the key {}: {error}.", path.display())))?;
        let keys: Vec<x25519::Identity> = text.lines().filter_map(|line| line.trim().parse().ok()).collect();
        if keys.is_empty() {
            return Err(Trouble::new(format!(
                "There is no key in {}. It has a line that begins with AGE-SECRET-KEY-1.",
                path.display()
            )));
        }
        Ok(Self(keys))
    }

    /// Makes one and writes it to `path`, for its owner alone. Gives its recipient.
    ///
    /// # Errors
    /// If the file is there, or can't be written.
    pub fn make(path: &Path) -> Result<String, Trouble> {
        let key = x25519::Identity::generate();
        let recipient = key.to_public().to_string();
        let text = format!("# public key: {recipient}\n{}\n", key.to_string().expose_secret());
        crate::config::write_private(path, &text).map_err(|error| {
            Trouble::new(match error.kind() {
                io::ErrorKind::AlreadyExists => {
                    format!(
                        "{} is there already, and perhaps the only key of some backups. Choose another name.",
                        path.display()
                    )
                }
                _ => format!("PMS cannot write the key {}: {error}.", path.display()),
            })
        })?;
        Ok(recipient)
    }

    /// As what decrypts.
    pub fn identities(&self) -> impl Iterator<Item = &dyn age::Identity> {
        self.0.iter().map(|key| key as &dyn age::Identity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipients_are_said_or_none_are() {
        let folder = tempfile::tempdir().expect("a folder");
        let make = |name: &str| Key::make(&folder.path().join(name)).expect("made");
        let (one, other) = (make("one"), make("other"));
        assert_eq!(format!("{one}, {other}").parse(), Ok(Recipients::Keys(vec![one, other])));
        assert_eq!("none".parse(), Ok(Recipients::Everyone));
        assert!("age1nonsense".parse::<Recipients>().is_err());
        let secret = fs::read_to_string(folder.path().join("one")).expect("written");
        let told =
            secret.lines().last().expect("a key").parse::<Recipients>().expect_err("a secret key is none");
        assert!(!told.contains("SECRET"), "{told}");
        let sentence = Recipients::default().keys().map(drop).expect_err("nobody said so").0;
        assert!(sentence.contains("pms backup key"), "{sentence}");
    }

    #[test]
    fn a_key_is_never_written_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        Key::make(&path).expect("made");
        let sentence = Key::make(&path).expect_err("it is there").0;
        assert!(sentence.contains("only key"), "{sentence}");
        assert!(Key::read(&path).is_ok());
    }
}
