//! Second copies of backups, in a bucket of S3: what is in the folder is brought there, and kept for as long.

use super::{Folder, folder};
use crate::{
    adapters::s3::S3,
    config::{Backups, S3Place, Trouble},
};
use domain::time::Timestamp;
use services::backup::{Failure, Retention};
use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};
use tokio_util::sync::CancellationToken;

/// Where the copies are. Objects that are not named as backups are, or are elsewhere, are nothing to us.
pub struct Bucket {
    s3: S3,
    place: S3Place,
}

/// A copy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// When the backup was made, by its name.
    pub made_at: Timestamp,
    /// Its name, without that of the place.
    pub name: String,
    /// Its size.
    pub bytes: u64,
}

/// A backup of the folder that is not in the bucket as it is here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gap {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// That of the copy; `None` where there is none.
    pub there: Option<u64>,
}

/// What became of what was not there.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filled {
    /// The names of what is there now.
    pub brought: Vec<String>,
    /// Of each that is not, its name and why, as a sentence.
    pub missed: Vec<String>,
}

impl Bucket {
    /// That of the settings, if they name one. Once `stop` is cancelled, nothing more is sent there.
    ///
    /// # Errors
    /// If the machine has no certificates to trust.
    pub fn of(backups: &Backups, stop: CancellationToken) -> Result<Option<Self>, Trouble> {
        backups.s3.as_ref().map(|place| Self::at(place, backups, stop)).transpose()
    }

    /// The one at `place`, with the key of the settings.
    ///
    /// # Errors
    /// If they have none.
    pub fn at(place: &S3Place, backups: &Backups, stop: CancellationToken) -> Result<Self, Trouble> {
        let access = backups.s3_access.as_ref().ok_or_else(|| {
            Trouble::new(format!(
                "PMS has no key for {place}. Set PMS_BACKUP_S3_KEY_ID and PMS_BACKUP_S3_SECRET, and PMS_BACKUP_S3_ENDPOINT \
                 where it is not Amazon's."
            ))
        })?;
        Ok(Self { s3: S3::new(access, &place.bucket, stop)?, place: place.clone() })
    }

    /// `s3://bucket/folder/pms-….backup`
    pub fn url(&self, name: &str) -> String {
        format!("{}{name}", self.place)
    }

    /// The copies there, the newest first.
    ///
    /// # Errors
    /// What the storage says, and what to do.
    pub async fn list(&self) -> Result<Vec<Kept>, Failure> {
        let name_of = |key: &str| key.strip_prefix(&self.place.prefix).map(str::to_owned);
        let ours = |key: &str| name_of(key).and_then(|name| folder::time_in(&name)).is_some();
        let copies = self.s3.list(&self.key("pms-"), ours).await?.into_iter().filter_map(|object| {
            let name = name_of(&object.key)?;
            Some(Kept { made_at: folder::time_in(&name)?, name, bytes: object.bytes })
        });
        let mut all: Vec<Kept> = copies.collect();
        all.sort_by_key(|copy| std::cmp::Reverse(copy.made_at));
        Ok(all)
    }

    /// The copies there, and what of the folder is not there as it is here, both the newest first; without what would go
    /// again at once.
    ///
    /// # Errors
    /// What the storage or the disk says.
    pub async fn compare(
        &self,
        from: &Folder,
        retention: Retention,
        now: Timestamp,
    ) -> Result<(Vec<Kept>, Vec<Gap>), Failure> {
        let (here, there) = (from.list()?, self.list().await?);
        // Of both places together: what is the first of its week here need not be it there.
        let both = here.iter().map(|found| found.made_at).chain(there.iter().map(|copy| copy.made_at));
        let outlived = outlived(both, (retention, now));
        let staying = here.iter().filter(|found| !outlived.contains(&found.made_at));
        let gaps = staying.filter_map(|found| Gap::of(&found.path, &there)).collect();
        Ok((there, gaps))
    }

    /// Brings there what is in the folder and not there, the newest first. What can't be brought keeps nothing else from
    /// being; a copy that is there is never written over.
    ///
    /// # Errors
    /// If the folder or the bucket can't be listed.
    pub async fn fill(&self, from: &Folder, retention: Retention, now: Timestamp) -> Result<Filled, Failure> {
        let (_, gaps) = self.compare(from, retention, now).await?;
        let mut filled = Filled::default();
        for gap in gaps {
            match self.bring(&gap).await {
                Ok(true) => filled.brought.push(gap.name),
                Ok(false) => {}
                Err(failure) => {
                    filled.missed.push(format!("{}: {failure}", gap.name));
                    // Of a storage that is away, or if the program is to stop, the others would hear the same.
                    if self.list().await.is_err() {
                        break;
                    }
                }
            }
        }
        Ok(filled)
    }

    /// Brings this file there, if it is not there yet. Gives where it is then.
    ///
    /// # Errors
    /// What the storage or the disk says.
    pub async fn send(&self, path: &Path) -> Result<String, Failure> {
        let there = self.list().await?;
        if let Some(gap) = Gap::of(path, &there) {
            self.bring(&gap).await?;
        }
        Ok(self.url(&path.file_name().unwrap_or_default().to_string_lossy()))
    }

    /// Whether it came there; one that is gone meanwhile need not.
    async fn bring(&self, gap: &Gap) -> Result<bool, Failure> {
        if let Some(there) = gap.there {
            return Err(Failure::Refused(format!(
                "It has {} bytes here and {there} bytes in S3, and one of them is damaged. Neither was touched. Read both \
                 (pms backup verify), and remove the one that is not whole.",
                gap.bytes
            )));
        }
        match self.s3.put(&self.key(&gap.name), &gap.path).await {
            Err(Failure::Io(error)) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            done => done.map(|()| true),
        }
    }

    /// The copies that `retention` lets go at `now`. Only what is there counts: the newest few in the bucket stay, whatever
    /// is here. One that has another size than the file here does not count, and stays for who looks into it.
    ///
    /// # Errors
    /// What the storage or the disk says.
    pub async fn outlived(
        &self,
        from: &Folder,
        retention: Retention,
        now: Timestamp,
    ) -> Result<Vec<Kept>, Failure> {
        let mut there = self.list().await?;
        let here = from.list()?;
        let gaps = here.iter().filter_map(|found| Gap::of(&found.path, &there));
        let differing: BTreeSet<String> =
            gaps.filter(|gap| gap.there.is_some()).map(|gap| gap.name).collect();
        there.retain(|copy| !differing.contains(&copy.name));
        let outlived = outlived(there.iter().map(|copy| copy.made_at), (retention, now));
        there.retain(|copy| outlived.contains(&copy.made_at));
        Ok(there)
    }

    /// Removes the copy of that name.
    ///
    /// # Errors
    /// What the storage says.
    pub async fn remove(&self, name: &str) -> Result<(), Failure> {
        self.s3.delete(&self.key(name)).await
    }

    /// How many bytes the copy of that name has.
    ///
    /// # Errors
    /// What the storage says, also where there is none.
    pub async fn size(&self, name: &str) -> Result<u64, Failure> {
        self.s3.size(&self.key(name)).await
    }

    /// Reads the copy of that name into a file.
    ///
    /// # Errors
    /// What the storage or the disk says.
    pub async fn fetch(&self, name: &str, to: &Path) -> Result<(), Failure> {
        self.s3.get(&self.key(name), to).await
    }

    fn key(&self, name: &str) -> String {
        format!("{}{name}", self.place.prefix)
    }
}

impl Gap {
    /// `None` where it is there in the same size, or gone from here.
    fn of(path: &Path, there: &[Kept]) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_owned();
        let bytes = path.metadata().ok()?.len();
        let there = there.iter().find(|copy| copy.name == name).map(|copy| copy.bytes);
        (there != Some(bytes)).then(|| Self { name, path: path.to_owned(), bytes, there })
    }
}

fn outlived(
    made: impl Iterator<Item = Timestamp>,
    (retention, now): (Retention, Timestamp),
) -> BTreeSet<Timestamp> {
    // What is in both places is one backup.
    let made: Vec<Timestamp> = made.collect::<BTreeSet<_>>().into_iter().collect();
    retention.outlived(&made, now).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::S3Access;
    use rusty_s3::Credentials;
    use services::backup::Retention;
    use std::{fs, time::Duration};
    use testkit::s3::{KEY_ID, S3 as Storage, SECRET};
    use tokio::time::sleep;

    /// 2026-11-29T02:00:00Z
    const NOW: Timestamp = Timestamp(1_795_917_600_000_000);
    const DAY: i64 = 86_400;
    const KEPT: Retention = Retention { every: 30, weekly: 92, monthly: 366 };

    fn bucket_of(storage: &Storage, place: &str, (key_id, secret): (&str, &str)) -> Bucket {
        let access = S3Access {
            endpoint: storage.endpoint().parse().expect("an address"),
            region: "us-east-1".into(),
            credentials: Credentials::new(key_id, secret),
        };
        let place: S3Place = place.parse().expect("a place");
        let s3 = S3::new(&access, &place.bucket, CancellationToken::new()).expect("certificates");
        Bucket { s3: s3.in_parts_of(5 * 1024 * 1024), place }
    }

    fn bucket(storage: &Storage, place: &str) -> Bucket {
        bucket_of(storage, place, (KEY_ID, SECRET))
    }

    fn folder_with(days: &[i64], bytes: &[u8]) -> (tempfile::TempDir, Folder) {
        let here = tempfile::tempdir().expect("a folder");
        let folder = Folder::at(here.path());
        for days in days {
            fs::write(folder.place(NOW.plus_seconds(-days * DAY)), bytes).expect("written");
        }
        (here, folder)
    }

    /// What was brought there, of a folder of which nothing can't be.
    async fn filled(bucket: &Bucket, folder: &Folder) -> Vec<String> {
        let Filled { brought, missed } = bucket.fill(folder, KEPT, NOW).await.expect("asked");
        assert!(missed.is_empty(), "{missed:?}");
        brought
    }

    /// Files that the storage keeps beside objects.
    fn beside_objects(storage: &Storage, begin: &str) -> usize {
        let entries = fs::read_dir(storage.object("")).expect("a folder").flatten();
        entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(begin)).count()
    }

    #[tokio::test]
    async fn what_is_longer_than_a_part_comes_there_and_back_byte_by_byte() {
        let storage = Storage::start("saved");
        let bucket = bucket(&storage, "s3://saved/pms");
        // Two parts and a bit, one part to the byte, one byte, none.
        for length in [11_000_000_u32, 5 * 1024 * 1024, 1, 0] {
            let bytes: Vec<u8> =
                (0..length).map(|place| (place.wrapping_mul(2_654_435_761) >> 24).to_le_bytes()[0]).collect();
            let (here, folder) = folder_with(&[0], &bytes);
            let _ = fs::remove_file(storage.object("saved/pms/pms-20261129T020000Z.backup"));
            let brought = filled(&bucket, &folder).await;
            assert_eq!(brought, ["pms-20261129T020000Z.backup"]);
            let kept =
                fs::read(storage.object("saved/pms/pms-20261129T020000Z.backup")).expect("it is there");
            assert!(kept == bytes, "{length} bytes");
            let back = here.path().join("back");
            bucket.fetch(&brought[0], &back).await.expect("fetched");
            assert!(fs::read(back).expect("read") == bytes, "{length} bytes");
        }
        assert_eq!(beside_objects(&storage, ".upload"), 0, "no parts are left");
    }

    #[tokio::test]
    async fn only_what_is_missing_is_brought_and_only_what_is_ours_goes() {
        let storage = Storage::start("saved");
        let bucket = bucket(&storage, "s3://saved/pms");
        let (_here, folder) = folder_with(&[0, 1, 2, 3, 4, 5, 6, 45], b"whole");
        // 800 and 801 days old, one of them the first of its month; one that did not come whole; and what is of others.
        let others = [
            "pms/notes.backup",
            "pms/pms-notes.backup",
            "pms/old/pms-20200101T020000Z.backup",
            "pms-20200101T020000Z.backup",
        ];
        let ours = [
            "pms/pms-20240919T020000Z.backup",
            "pms/pms-20240920T020000Z.backup",
            "pms/pms-20261129T020000Z.backup",
        ];
        fs::create_dir_all(storage.object("saved/pms/old")).expect("made");
        for name in others.iter().chain(&ours) {
            fs::write(storage.object("saved").join(name), "half").expect("written");
        }
        let Filled { brought, missed } = bucket.fill(&folder, KEPT, NOW).await.expect("asked");
        // The one of 45 days is the first of its week.
        assert_eq!((brought.len(), missed.len()), (7, 1), "{brought:?}");
        assert_eq!(brought[0], "pms-20261128T020000Z.backup", "the newest first");
        let why = "pms-20261129T020000Z.backup: It has 5 bytes here and 4 bytes in S3";
        assert!(missed[0].starts_with(why), "{missed:?}");
        let half = storage.object("saved/pms/pms-20261129T020000Z.backup");
        assert_eq!(fs::read(&half).expect("it is there"), b"half", "nobody knows which is the good one");
        assert_eq!(bucket.outlived(&folder, KEPT, NOW).await.expect("asked").len(), 2);
        fs::remove_file(half).expect("removed");
        assert_eq!(filled(&bucket, &folder).await, ["pms-20261129T020000Z.backup"]);
        assert!(filled(&bucket, &folder).await.is_empty(), "all is there");
        assert_eq!(bucket.outlived(&folder, KEPT, NOW).await.expect("asked").len(), 2);
        assert_eq!(bucket.list().await.expect("listed").len(), 10);
        let gone = bucket.outlived(&folder, KEPT, NOW).await.expect("asked");
        for copy in &gone {
            bucket.remove(&copy.name).await.expect("removed");
        }
        assert_eq!(
            gone.iter().map(|copy| copy.name.as_str()).collect::<Vec<_>>(),
            ["pms-20240920T020000Z.backup", "pms-20240919T020000Z.backup"]
        );
        let left = storage.objects("saved");
        assert_eq!(left.len(), 8 + others.len(), "{left:?}");
        assert!(others.iter().all(|name| left.contains(&(*name).to_owned())), "{left:?}");
        assert!(filled(&bucket, &folder).await.is_empty(), "nothing comes and goes");
    }

    #[tokio::test]
    async fn a_bucket_of_old_copies_is_not_emptied_for_what_is_here_only() {
        let storage = Storage::start("saved");
        let bucket = bucket(&storage, "s3://saved");
        let (_here, folder) = folder_with(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], b"whole");
        let old = Folder::at(&storage.object("saved"));
        for days in 700..709 {
            fs::write(old.place(NOW.plus_seconds(-days * DAY)), "old").expect("written");
        }
        // The first of two months may be among them; none is as young as a year.
        assert_eq!(bucket.outlived(&folder, KEPT, NOW).await.expect("asked").len(), 2);
        assert_eq!(filled(&bucket, &folder).await.len(), 10);
        assert_eq!(bucket.outlived(&folder, KEPT, NOW).await.expect("asked").len(), 9);
    }

    #[tokio::test]
    async fn one_that_can_not_be_read_keeps_no_other_from_its_copy() {
        let storage = Storage::start("saved");
        let bucket = bucket(&storage, "s3://saved");
        let (here, folder) = folder_with(&[0, 2], b"whole");
        fs::create_dir(here.path().join("pms-20261128T020000Z.backup")).expect("made");
        let Filled { brought, missed } = bucket.fill(&folder, KEPT, NOW).await.expect("asked");
        assert_eq!(brought, ["pms-20261129T020000Z.backup", "pms-20261127T020000Z.backup"]);
        assert!(missed.len() == 1 && missed[0].starts_with("pms-20261128T020000Z.backup: "), "{missed:?}");
    }

    #[tokio::test]
    async fn more_than_one_page_is_listed() {
        let storage = Storage::start("saved");
        for number in 0..1_001 {
            let name = Folder::at(&storage.object("saved")).place(NOW.plus_seconds(-number * 60));
            fs::write(name, "").expect("written");
        }
        let all = bucket(&storage, "s3://saved").list().await.expect("listed");
        assert_eq!((all.len(), all[0].made_at), (1_001, NOW));
    }

    #[tokio::test]
    async fn what_the_storage_refuses_is_said_with_what_to_do() {
        let mut storage = Storage::start("saved");
        let sentence = async |bucket: &Bucket| bucket.list().await.expect_err("refused").to_string();
        for (place, key, why) in [
            ("s3://saved", (KEY_ID, "another"), "PMS_BACKUP_S3_SECRET"),
            ("s3://saved", ("nobody", SECRET), "PMS_BACKUP_S3_KEY_ID"),
            ("s3://gone", (KEY_ID, SECRET), "There is no bucket gone"),
        ] {
            let said = sentence(&bucket_of(&storage, place, key)).await;
            assert!(said.contains(why) && !said.contains(key.1), "{said}");
        }
        let bucket = bucket(&storage, "s3://saved");
        let absent =
            bucket.size("pms-20261129T020000Z.backup").await.expect_err("it is not there").to_string();
        assert!(absent.contains("There is no s3://saved/pms-20261129T020000Z.backup"), "{absent}");
        storage.stop();
        let said = sentence(&bucket).await;
        assert!(said.contains("cannot be reached: Connection refused"), "{said}");
        storage.start_again();
        assert!(bucket.list().await.expect("listed").is_empty());
    }

    #[tokio::test]
    async fn who_is_stopped_sends_nothing() {
        let storage = Storage::start("saved");
        let bucket = bucket(&storage, "s3://saved");
        let (_here, folder) = folder_with(&[0], b"whole");
        bucket.s3.stop();
        assert!(bucket.fill(&folder, KEPT, NOW).await.is_err());
        assert!(storage.objects("saved").is_empty());
    }

    #[tokio::test]
    async fn who_is_stopped_in_the_middle_takes_the_upload_back() {
        let storage = Storage::start("saved");
        let bucket = bucket(&storage, "s3://saved");
        let (_here, folder) = folder_with(&[0], &vec![7; 40_000_000]);
        let stopping = async {
            // A part is there, and so the answer that has the upload's name.
            while beside_objects(&storage, ".upload_id-") == 0 {
                sleep(Duration::from_millis(1)).await;
            }
            bucket.s3.stop();
        };
        let (filled, ()) = tokio::join!(bucket.fill(&folder, KEPT, NOW), stopping);
        let missed = filled.expect("begun").missed;
        assert!(missed.len() == 1 && missed[0].contains("The program was stopped"), "{missed:?}");
        assert_eq!((beside_objects(&storage, ".upload-"), storage.objects("saved").len()), (0, 0));
    }
}
