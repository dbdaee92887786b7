//! `pms backup …`

use super::{Outcome, user::println_quietly};
use crate::{
    backups::{
        Bucket, Folder, Key, Recipients,
        aside::Aside,
        bucket::Kept,
        daily::{Made, Making},
        drill::{Drill, Drilled, Watched},
        file::{self, Reading},
        folder::{self, Found},
    },
    boot,
    config::{Config, S3Place, Trouble},
};
use clap::{Args, Subcommand};
use domain::Timestamp;
use services::{
    backup::{self, Failure, Summary},
    ports::clock::{Clock as _, SystemClock},
};
use std::{
    cmp::Reverse,
    path::{Path, PathBuf},
};
use tokio_util::sync::CancellationToken;

/// Save everything, and see that it can be brought back.
#[derive(Subcommand)]
pub enum BackupCommand {
    /// Make a pair of keys: FILE gets the one that reads backups, the one that only writes them is printed
    Key {
        /// Where to write the key. Keep it elsewhere than the backups: without it nobody can read them
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Save everything now, while the server goes on, and copy what is not in S3 yet
    Create,
    /// Show the backups that are there, and their copies in S3
    List,
    /// Read all of a backup and change nothing
    Verify(Which),
    /// Bring a backup back into a database that is thrown away afterwards, and compare it with what is here
    Drill(Which),
    /// Remove what is older than the configuration says, here and in S3. The server does so after each of its own
    Prune {
        /// Only show what would go
        #[arg(long)]
        dry_run: bool,
    },
}

/// A backup, and what reads it.
#[derive(Args)]
pub struct Which {
    /// The backup, or its copy as `s3://bucket/folder/pms-….backup` [default: the newest one in the folder]
    file: Option<String>,
    #[command(flatten)]
    key: KeyFile,
}

/// What reads a backup.
#[derive(Args)]
pub struct KeyFile {
    /// The key that reads it, as `pms backup key` made it [default: that of --backup-key]
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

impl KeyFile {
    pub fn read(&self, config: &Config) -> Result<Option<Key>, Trouble> {
        self.key.as_deref().or(config.backups.key.as_deref()).map(Key::read).transpose()
    }
}

pub async fn run(config: Config, command: BackupCommand) -> Outcome {
    match command {
        BackupCommand::Key { out } => make_key(&out),
        BackupCommand::Create => create(&config).await,
        BackupCommand::List => list(&config).await,
        BackupCommand::Verify(which) => verify(&config, &which).await,
        BackupCommand::Drill(which) => drill(config, &which).await,
        BackupCommand::Prune { dry_run } => prune(&config, dry_run).await,
    }
}

fn make_key(out: &Path) -> Outcome {
    let recipient = Key::make(out)?;
    println_quietly(&format!("PMS_BACKUP_RECIPIENTS={recipient}"));
    Ok(())
}

async fn create(config: &Config) -> Outcome {
    let secret = config.secret_in_folder()?;
    let services = boot::services(config).await?;
    let making = Making { to: config.backups.clone(), secret, stop: boot::until_asked_to_stop() };
    let Made { path, bytes, summary } = unless_stopped(&making.stop, making.make(&services)).await?;
    println_quietly(&format!("{} ({}): {}", path.display(), size(bytes), what(&summary)));
    // Not dropped in the middle: what is in the bucket by halves is taken back.
    making.copy(&services, println_quietly).await
}

/// A line for each copy, the newest backup first. Also where the bucket can't be asked, what is here is shown.
async fn list(config: &Config) -> Outcome {
    let found = folder(config).list().map_err(Failure::from)?;
    let mut lines: Vec<(Timestamp, String)> = found.iter().map(|it| (it.made_at, line(it))).collect();
    let listed = lines_of_copies(config).await;
    lines.extend(listed.iter().flatten().cloned());
    // Of one backup the file stays before its copy.
    lines.sort_by_key(|(made_at, _)| Reverse(*made_at));
    if lines.is_empty() {
        println_quietly(&format!("There is no backup in {}.", config.backups.folder.display()));
    }
    for (_, line) in lines {
        println_quietly(&line);
    }
    listed.map(drop)
}

async fn lines_of_copies(config: &Config) -> Result<Vec<(Timestamp, String)>, Trouble> {
    let Some(bucket) = Bucket::of(&config.backups, CancellationToken::new())? else { return Ok(Vec::new()) };
    let copies = bucket.list().await?;
    Ok(copies.iter().map(|copy| (copy.made_at, line_of_copy(&bucket, copy))).collect())
}

async fn verify(config: &Config, which: &Which) -> Outcome {
    let stop = boot::until_asked_to_stop();
    let source = which.source(config, &stop).await?;
    let key = which.key.read(config)?;
    let reading = async { backup::verify(Watched::new(source.open(config, key.as_ref())?, &stop)) };
    let summary = unless_stopped(&stop, reading).await?;
    println_quietly(&format!("{} is whole: {}", source.name, what(&summary)));
    Ok(())
}

async fn prune(config: &Config, dry_run: bool) -> Outcome {
    let now = boot::unchecked_services(config).await?.now();
    let folder = folder(config);
    let retention = config.backups.retention;
    let went = if dry_run { folder.outlived(retention, now) } else { folder.prune(retention, now) };
    let went = went.map_err(Failure::from)?;
    let did = if dry_run { "Would remove" } else { "Removed" };
    for found in &went {
        println_quietly(&format!("{did} {}", found.path.display()));
    }
    let mut count = went.len();
    if let Some(bucket) = Bucket::of(&config.backups, boot::until_asked_to_stop())? {
        for copy in bucket.outlived(&folder, retention, now).await? {
            if !dry_run {
                bucket.remove(&copy.name).await?;
            }
            println_quietly(&format!("{did} {}", bucket.url(&copy.name)));
            count += 1;
        }
    }
    if count == 0 {
        println_quietly("No backup is old enough to go.");
    }
    Ok(())
}

async fn drill(config: Config, which: &Which) -> Outcome {
    let here = boot::services(&config).await?;
    let stop = boot::until_asked_to_stop();
    let source = which.source(&config, &stop).await?;
    let key = which.key.read(&config)?;
    source.open(&config, key.as_ref())?;
    let drill = Drill { config: &config, here: &here, stop: stop.clone() };
    let Drilled { summary, rows } = unless_stopped(&stop, drill.run(&source.path, key.as_ref())).await?;
    for (table, then, now) in rows {
        println_quietly(&format!("{table}\t{then} rows\t{now} now"));
    }
    println_quietly(&format!("{} came back whole: {}", source.name, what(&summary)));
    Ok(())
}

/// Runs what changes all or nothing to its end, or until `stop`: then it is dropped, and what it was writing goes with it.
pub fn unless_stopped<T, E>(
    stop: &CancellationToken,
    work: impl Future<Output = Result<T, E>>,
) -> impl Future<Output = Result<T, Trouble>>
where
    Trouble: From<E>,
{
    unless_stopped_then("Stopped. Nothing was changed.", stop, work)
}

/// As [`unless_stopped`]; `said` is what is true after a stop.
pub fn unless_stopped_then<T, E>(
    said: &'static str,
    stop: &CancellationToken,
    work: impl Future<Output = Result<T, E>>,
) -> impl Future<Output = Result<T, Trouble>>
where
    Trouble: From<E>,
{
    // What is saved or brought back is too much to be moved about.
    let work = Box::pin(work);
    async move {
        match stop.run_until_cancelled(work).await {
            Some(done) if done.is_ok() || !stop.is_cancelled() => Ok(done?),
            _ => Err(Trouble::new(said)),
        }
    }
}

impl Which {
    async fn source(&self, config: &Config, stop: &CancellationToken) -> Result<Source, Trouble> {
        if let Some(named) = &self.file {
            return Source::named(named, config, stop).await;
        }
        let newest = folder(config).newest(SystemClock.now()).map_err(Failure::from)?;
        let found = newest.ok_or_else(|| {
            Trouble::new(format!("There is no backup in {}. Name one.", config.backups.folder.display()))
        })?;
        Ok(Source::here(found.path))
    }
}

/// A backup as a file here.
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// As it was named.
    name: String,
    /// Where it is only for a while.
    aside: Option<Aside>,
}

impl Source {
    fn here(path: PathBuf) -> Self {
        Self { name: path.display().to_string(), path, aside: None }
    }

    /// A file, or a copy in S3, which is fetched first: `s3://bucket/folder/pms-….backup`.
    pub async fn named(name: &str, config: &Config, stop: &CancellationToken) -> Result<Self, Trouble> {
        if !name.starts_with("s3://") {
            return Ok(Self::here(PathBuf::from(name)));
        }
        let wrong = || {
            Trouble::new(format!(
                "{name} names no backup in S3. It is as in s3://bucket/folder/pms-….backup, whole."
            ))
        };
        let (place, file) = name.rsplit_once('/').ok_or_else(wrong)?;
        folder::time_in(file).ok_or_else(wrong)?;
        let place: S3Place = place.parse().map_err(|_| wrong())?;
        let bucket = Bucket::at(&place, &config.backups, stop.clone())?;
        config.prepare_data()?;
        let aside = Aside::under(&config.data, "fetched")?;
        aside.check_room("fetch the backup", bucket.size(file).await?)?;
        let path = aside.file(file);
        unless_stopped(stop, bucket.fetch(file, &path)).await?;
        Ok(Self { path, name: name.to_owned(), aside: Some(aside) })
    }

    /// Opens it from its beginning. What came from S3 has to be encrypted where backups are, also if no key is given:
    /// others than this machine may write there.
    pub fn open(&self, config: &Config, key: Option<&Key>) -> Result<Reading, Failure> {
        let sealed = matches!(config.backups.recipients, Recipients::Keys(_));
        if self.aside.is_some() && sealed && !file::is_encrypted(&self.path)? {
            return Err(file::unsealed(&self.name));
        }
        file::open(&self.path, key)
    }
}

fn folder(config: &Config) -> Folder {
    Folder::at(&config.backups.folder)
}

/// “12,345 rows of 29 tables, as of 2026-11-29T02:00:00Z”.
pub fn what(summary: &Summary) -> String {
    format!("{} rows of {} tables, as of {}", summary.rows(), summary.tables.len(), summary.header.made_at)
}

fn line(found: &Found) -> String {
    let encrypted = match file::is_encrypted(&found.path) {
        Ok(true) => "encrypted",
        Ok(false) => "for everyone to read",
        Err(_) => "can't be read",
    };
    let bytes = found.path.metadata().map_or(0, |file| file.len());
    format!("{}\t{}\t{encrypted}\t{}", found.made_at, size(bytes), found.path.display())
}

fn line_of_copy(bucket: &Bucket, copy: &Kept) -> String {
    format!("{}\t{}\tcopy\t{}", copy.made_at, size(copy.bytes), bucket.url(&copy.name))
}

/// “5 MiB”.
pub fn size(bytes: u64) -> String {
    const KILO: u64 = 1024;
    match bytes {
        0..KILO => format!("{bytes} B"),
        KILO..1_048_576 => format!("{} KiB", bytes.div_ceil(KILO)),
        _ => format!("{} MiB", bytes.div_ceil(KILO * KILO)),
    }
}
