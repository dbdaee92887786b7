//! One backup as a file: lines of JSON, compressed with gzip, encrypted with age. Who has lost PMS reads it with
//! `age --decrypt -i KEY FILE | gunzip`.

use super::keys::Key;
use age::{
    Decryptor, Encryptor,
    stream::{StreamReader, StreamWriter},
    x25519::Recipient,
};
use flate2::{Compression, bufread::GzDecoder, write::GzEncoder};
use services::backup::Failure;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
};
use tokio_util::sync::CancellationToken;

/// With what every encrypted file begins.
const ENCRYPTED: &[u8] = b"age-encryption.org/v1";
/// Bytes that are read or written at once.
const PIECE: usize = 256 * 1024;

/// A backup that is being written. Until [`Writing::finish`] its file has another name; dropped, it is removed.
pub struct Writing {
    out: Option<GzEncoder<Target>>,
    stop: CancellationToken,
    part: PathBuf,
    path: PathBuf,
}

enum Target {
    Plain(File),
    Sealed(Box<StreamWriter<File>>),
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.write(bytes),
            Self::Sealed(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.flush(),
            Self::Sealed(writer) => writer.flush(),
        }
    }
}

impl Writing {
    /// Begins the file at `path`, for its owner alone, encrypted for `recipients`. Once `stop` is cancelled it takes no more.
    ///
    /// # Errors
    /// If it is there, or can't be made.
    pub fn begin(
        path: &Path,
        recipients: Option<&[Recipient]>,
        stop: CancellationToken,
    ) -> Result<Self, Failure> {
        if path.exists() {
            return Err(Failure::Refused(format!(
                "There is a file {} already. It was left alone.",
                path.display()
            )));
        }
        let part = path.with_extension("part");
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&part)?;
        // From here on the part goes with what is returned, or what fails.
        let mut it = Self { out: None, stop, part, path: path.to_owned() };
        let target = match recipients {
            None => Target::Plain(file),
            Some(recipients) => {
                let encryptor =
                    Encryptor::with_recipients(recipients.iter().map(|it| it as &dyn age::Recipient))
                        .map_err(|error| {
                            Failure::Refused(format!("The backup can't be encrypted: {error}."))
                        })?;
                Target::Sealed(Box::new(encryptor.wrap_output(file)?))
            }
        };
        it.out = Some(GzEncoder::new(target, Compression::default()));
        Ok(it)
    }

    /// Gives the file its name, once all of it is on the disk. Gives its size in bytes.
    ///
    /// # Errors
    /// If the disk does not take it.
    pub fn finish(mut self) -> Result<u64, Failure> {
        let Some(out) = self.out.take() else { return Ok(0) };
        let file = match out.finish()? {
            Target::Plain(file) => file,
            Target::Sealed(writer) => writer.finish()?,
        };
        file.sync_all()?;
        let bytes = file.metadata()?.len();
        fs::rename(&self.part, &self.path)?;
        if let Some(folder) = self.path.parent() {
            // The name, too, has to outlive a power cut. Not every system lets a folder be opened.
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        Ok(bytes)
    }
}

impl Write for Writing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.out {
            Some(_) if self.stop.is_cancelled() => Err(io::Error::other("the program was stopped")),
            Some(out) => out.write(bytes),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        // After the last step there is none.
        let _ = fs::remove_file(&self.part);
    }
}

/// What reads a backup.
pub type Reading = BufReader<GzDecoder<BufReader<Source>>>;

/// The compressed bytes of a backup.
pub enum Source {
    /// As they are in the file.
    Plain(BufReader<File>),
    /// Decrypted.
    Sealed(Box<StreamReader<BufReader<File>>>),
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.read(buffer),
            Self::Sealed(reader) => reader.read(buffer),
        }
    }
}

/// Whether the file is encrypted.
///
/// # Errors
/// If it can't be read.
pub fn is_encrypted(path: &Path) -> io::Result<bool> {
    let mut begin = Vec::new();
    File::open(path)?.take(ENCRYPTED.len() as u64).read_to_end(&mut begin)?;
    Ok(begin == ENCRYPTED)
}

/// Opens a backup from its beginning.
///
/// # Errors
/// [`Failure::Refused`] without its key, and with one if it is not encrypted: who has a key takes what it opens, not what
/// somebody has put in its place. [`Failure::Damaged`] if it is no backup.
pub fn open(path: &Path, key: Option<&Key>) -> Result<Reading, Failure> {
    let mut file = BufReader::with_capacity(PIECE, File::open(path).map_err(|error| unopened(path, &error))?);
    let begin = file.fill_buf()?;
    // What is cut off so early is damaged, whatever it was.
    let cut = ENCRYPTED.starts_with(begin);
    let source = if begin.starts_with(ENCRYPTED) {
        let Some(key) = key else {
            return Err(Failure::Refused(format!(
                "{} is encrypted. Say with which key it is read: --key FILE (PMS_BACKUP_KEY).",
                path.display()
            )));
        };
        Source::Sealed(Box::new(decrypt(file, key)?))
    } else if key.is_some() && !cut {
        return Err(unsealed(&path.display().to_string()));
    } else {
        Source::Plain(file)
    };
    let compressed = BufReader::with_capacity(PIECE, source);
    Ok(BufReader::with_capacity(PIECE, GzDecoder::new(compressed)))
}

fn decrypt(file: BufReader<File>, key: &Key) -> Result<StreamReader<BufReader<File>>, Failure> {
    use age::DecryptError;
    let refuse = |error| {
        match error {
        DecryptError::NoMatchingKeys | DecryptError::DecryptionFailed => Failure::Refused(
            "The key does not open this backup: it was made for another one. Without its own key nobody can read it.".into(),
        ),
        DecryptError::Io(error) => error.into(),
        other => Failure::Damaged(other.to_string()),
    }
    };
    Decryptor::new_buffered(file).and_then(|decryptor| decryptor.decrypt(key.identities())).map_err(refuse)
}

/// What is not encrypted where it should be.
pub fn unsealed(name: &str) -> Failure {
    Failure::Refused(format!(
        "{name} is not encrypted, and your backups are: whoever could write it may have put it there. Nothing was changed. \
         Only if you know that it is yours, read it as a file, without a key: no --key, no PMS_BACKUP_KEY."
    ))
}

fn unopened(path: &Path, error: &io::Error) -> Failure {
    Failure::Refused(format!("PMS cannot read {}: {error}.", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Longer than age's pieces and gzip's.
    fn text() -> Vec<u8> {
        (0..200_000_u32).flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()).collect()
    }

    fn write(path: &Path, recipients: Option<&[Recipient]>) {
        let mut writing = Writing::begin(path, recipients, CancellationToken::new()).expect("begun");
        writing.write_all(&text()).expect("written");
        assert!(writing.finish().expect("finished") > 0);
    }

    fn read(path: &Path, key: Option<&Key>) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        open(path, key)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn key_in(folder: &Path, name: &str) -> (Key, Vec<Recipient>) {
        let path = folder.join(name);
        let recipient = Key::make(&path).expect("a key");
        (Key::read(&path).expect("read"), vec![recipient.parse().expect("a recipient")])
    }

    #[test]
    fn only_its_key_reads_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.backup");
        let (key, recipients) = key_in(folder.path(), "key");
        write(&path, Some(&recipients));
        assert!(is_encrypted(&path).expect("read"));
        assert_eq!(read(&path, Some(&key)).expect("read"), text());
        let (other, _) = key_in(folder.path(), "other");
        for (key, why) in [(None, "--key"), (Some(&other), "does not open")] {
            let sentence = read(&path, key).expect_err("refused").to_string();
            assert!(sentence.contains(why), "{sentence}");
        }
    }

    #[test]
    fn a_changed_bit_or_a_missing_end_is_noticed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.backup");
        let (key, recipients) = key_in(folder.path(), "key");
        write(&path, Some(&recipients));
        let whole = fs::read(&path).expect("read");
        for place in [300, whole.len() / 2, whole.len() - 1] {
            let mut changed = whole.clone();
            changed[place] ^= 1;
            fs::write(&path, &changed).expect("written");
            let failure = read(&path, Some(&key)).expect_err("refused");
            assert!(matches!(failure, Failure::Damaged(_)), "byte {place}: {failure}");
        }
        for end in [0, 10, whole.len() / 2, whole.len() - 1] {
            fs::write(&path, &whole[..end]).expect("written");
            let failure = read(&path, Some(&key)).expect_err("refused");
            assert!(matches!(failure, Failure::Damaged(_)), "cut off at {end}: {failure}");
        }
    }

    #[test]
    fn who_is_stopped_writes_no_more_and_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let stop = CancellationToken::new();
        let mut writing = Writing::begin(&folder.path().join("a.backup"), None, stop.clone()).expect("begun");
        writing.write_all(b"half").expect("written");
        stop.cancel();
        assert!(writing.write_all(b"more").is_err());
        drop(writing);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }

    #[test]
    fn what_was_not_finished_is_not_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.backup");
        let mut writing = Writing::begin(&path, None, CancellationToken::new()).expect("begun");
        writing.write_all(b"half").expect("written");
        drop(writing);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
        write(&path, None);
        assert!(!is_encrypted(&path).expect("read"));
        assert_eq!(read(&path, None).expect("read"), text());
        let (key, _) = key_in(folder.path(), "key");
        let sentence = read(&path, Some(&key)).expect_err("refused").to_string();
        assert!(sentence.contains("is not encrypted"), "{sentence}");
        assert!(Writing::begin(&path, None, CancellationToken::new()).is_err(), "it is not written over");
    }
}
