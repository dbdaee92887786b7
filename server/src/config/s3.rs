//! A storage of objects that speaks S3, as a second place of backups.

use super::{Trouble, cannot};
use rusty_s3::Credentials;
use serde::Deserialize;
use std::{fmt, fs, path::Path, str::FromStr};
use url::Url;

/// No name of an object is longer, in bytes; that of a backup takes part of it.
const LONGEST: usize = 900;
/// Where nobody said in which region, and what storages other than Amazon's take.
const REGION: &str = "us-east-1";

/// A bucket, and a folder in it: `s3://bucket/folder`.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct S3Place {
    /// Its name.
    pub bucket: String,
    /// What names of objects there begin with: nothing, or words that end with `/`.
    pub prefix: String,
}

impl FromStr for S3Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || "a place in S3 is written s3://bucket/folder: letters, digits and - . _ =".to_owned();
        let named = |word: &str| {
            let plain = word.chars().all(|c| c.is_ascii_alphanumeric() || "-._=".contains(c));
            // What an address would leave out or walk up by.
            plain && !word.chars().all(|c| c == '.')
        };
        let mut words = text.strip_prefix("s3://").ok_or_else(wrong)?.trim_end_matches('/').split('/');
        let bucket = words.next().unwrap_or_default().to_owned();
        let prefix: String = words.clone().flat_map(|word| [word, "/"]).collect();
        if text.len() > LONGEST || !named(&bucket) || !words.all(named) {
            return Err(wrong());
        }
        Ok(Self { bucket, prefix })
    }
}

impl TryFrom<String> for S3Place {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for S3Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.prefix)
    }
}

/// How a storage is reached, and who asks it.
#[derive(Clone, Debug)]
pub struct S3Access {
    /// Its address. The bucket is the first word of its path.
    pub endpoint: Url,
    /// Its region.
    pub region: String,
    /// The key; its secret is not in the debug form.
    pub credentials: Credentials,
}

/// What an operator says of it.
#[derive(Clone, Debug, Default)]
pub struct S3Said<'a> {
    pub endpoint: Option<String>,
    pub region: Option<String>,
    pub key_id: Option<String>,
    pub secret_file: Option<&'a Path>,
}

impl S3Access {
    /// `None` if nothing is said of whose key it is.
    ///
    /// # Errors
    /// With a sentence that does not repeat the secret.
    pub fn of(said: S3Said<'_>) -> Result<Option<Self>, Trouble> {
        let secret = match (given_secret(), said.secret_file) {
            (Some(given), _) => Some(given),
            (None, Some(path)) => Some(read(path)?),
            (None, None) => None,
        };
        let (key_id, secret) = match (said.key_id.filter(|id| !id.is_empty()), secret) {
            (None, None) => return Ok(None),
            (Some(key_id), Some(secret)) => (key_id, secret),
            _ => {
                return Err(Trouble::new(
                    "A key of S3 has two halves: PMS_BACKUP_S3_KEY_ID, and PMS_BACKUP_S3_SECRET or a file with it, \
                     PMS_BACKUP_S3_SECRET_FILE. Set both.",
                ));
            }
        };
        let region = said.region.unwrap_or_else(|| REGION.into());
        let endpoint = said.endpoint.unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com"));
        // What names a person there would be in every sentence that names the address.
        let bare = |url: &Url| url.username().is_empty() && url.password().is_none();
        let web = |url: &Url| matches!(url.scheme(), "https" | "http") && url.host().is_some() && bare(url);
        let endpoint = endpoint.parse().ok().filter(web).ok_or_else(|| {
            Trouble::new(
                "PMS_BACKUP_S3_ENDPOINT is not like https://s3.example.org, or PMS_BACKUP_S3_REGION not like eu-central-1.",
            )
        })?;
        Ok(Some(Self { endpoint, region, credentials: Credentials::new(key_id, secret) }))
    }

    /// Whether what is sent can be read on the way.
    pub fn is_open(&self) -> bool {
        let here = match self.endpoint.host() {
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => false,
        };
        self.endpoint.scheme() == "http" && !here
    }
}

fn read(path: &Path) -> Result<String, Trouble> {
    let text =
        fs::read_to_string(path).map_err(|error| cannot("read the secret of S3 from", path, &error))?;
    match text.trim() {
        "" => {
            Err(Trouble::new(format!("There is no secret of S3 in {}: the file is empty.", path.display())))
        }
        secret => Ok(secret.to_owned()),
    }
}

/// There is no flag for it: the arguments of a program can be seen by everyone on the machine.
#[expect(clippy::disallowed_methods, reason = "this is the room of the environment")]
pub(super) fn given_secret() -> Option<String> {
    std::env::var("PMS_BACKUP_S3_SECRET").ok().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_bucket_and_a_folder() {
        let read = |text: &str| text.parse::<S3Place>().map(|place| (place.bucket, place.prefix));
        let pair = |bucket: &str, prefix: &str| Ok((bucket.to_owned(), prefix.to_owned()));
        assert_eq!(read("s3://saved"), pair("saved", ""));
        assert_eq!(read("s3://saved/pms/one/"), pair("saved", "pms/one/"));
        for wrong in [
            "",
            "saved",
            "s3://",
            "s3:///pms",
            "s3://saved//pms",
            "s3://saved/../other",
            "s3://a b",
            "s3://a/ü",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
        assert_eq!("s3://saved/pms".parse::<S3Place>().expect("read").to_string(), "s3://saved/pms/");
    }

    #[test]
    fn a_key_has_two_halves_and_its_secret_is_never_shown() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secret");
        fs::write(&path, "wave9\n").expect("written");
        let said = |key_id: Option<&str>, secret_file| S3Said {
            key_id: key_id.map(str::to_owned),
            secret_file,
            ..S3Said::default()
        };
        assert!(S3Access::of(said(None, None)).expect("read").is_none());
        let sentence = S3Access::of(said(Some("id"), None)).expect_err("no secret").0;
        assert!(sentence.contains("two halves"), "{sentence}");
        let access = S3Access::of(said(Some("id"), Some(&path))).expect("read").expect("some");
        assert_eq!(access.endpoint.as_str(), "https://s3.us-east-1.amazonaws.com/");
        assert_eq!(access.credentials.secret(), "wave9");
        assert!(!format!("{access:?}").contains("wave9"));
        for wrong in ["ftp://storage", "https://id:wave9@storage", "storage"] {
            let said = S3Said { endpoint: Some(wrong.into()), ..said(Some("id"), Some(&path)) };
            let sentence = S3Access::of(said).expect_err("no address").0;
            assert!(sentence.contains("PMS_BACKUP_S3_ENDPOINT") && !sentence.contains("wave9"), "{sentence}");
        }
        fs::write(&path, "\n").expect("written");
        assert!(S3Access::of(said(Some("id"), Some(&path))).is_err());
    }
}
