//! `pms backup …`

use super::{Outcome, user::println_quietly};
use crate::{
    backups::{
        Folder, Key,
        daily::{Made, Making},
        file,
        folder::Found,
    },
    boot,
    config::{Config, Trouble},
};
use clap::{Args, Subcommand};
use services::{
    Services,
    backup::{self, Failure, Replace, Summary},
    dependencies,
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};
use store::schema;
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
    /// Save everything now, while the server goes on
    Create,
    /// Show the backups that are there
    List,
    /// Read all of a backup and change nothing
    Verify(Which),
    /// Bring a backup back into a database that is thrown away afterwards, and compare it with what is here: once a month
    Drill(Which),
    /// Remove what is older than the configuration says. The server does so after each of its own
    Prune {
        /// Only show what would go
        #[arg(long)]
        dry_run: bool,
    },
}

/// A backup, and what reads it.
#[derive(Args)]
pub struct Which {
    /// The backup [default: the newest one in the folder]
    file: Option<PathBuf>,
    #[command(flatten)]
    key: KeyFile,
}

/// What reads a backup.
#[derive(Args)]
pub struct KeyFile {
    /// The key that reads it, as `pms backup key` made it
    #[arg(long, env = "PMS_BACKUP_KEY", value_name = "FILE")]
    key: Option<PathBuf>,
}

impl KeyFile {
    pub fn read(&self) -> Result<Option<Key>, Trouble> {
        self.key.as_deref().map(Key::read).transpose()
    }
}

pub async fn run(config: Config, command: BackupCommand) -> Outcome {
    match command {
        BackupCommand::Key { out } => make_key(&out),
        BackupCommand::Create => create(&config).await,
        BackupCommand::List => list(&config),
        BackupCommand::Verify(which) => verify(&config, &which),
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
    let making = Making {
        to: config.backups.clone(),
        secret: config.secret_in_folder()?,
        stop: CancellationToken::new(),
    };
    let services = boot::services(config).await?;
    let Made { path, bytes, summary } = unless_stopped(making.make(&services)).await?;
    println_quietly(&format!("{} ({}): {}", path.display(), size(bytes), what(&summary)));
    Ok(())
}

fn list(config: &Config) -> Outcome {
    let found = folder(config).list().map_err(Failure::from)?;
    if found.is_empty() {
        println_quietly(&format!("There is no backup in {}.", config.backups.folder.display()));
    }
    for it in found {
        println_quietly(&line(&it));
    }
    Ok(())
}

fn verify(config: &Config, which: &Which) -> Outcome {
    let path = which.path(config)?;
    let key = which.key.read()?;
    let summary = backup::verify(file::open(&path, key.as_ref())?)?;
    println_quietly(&format!("{} is whole: {}", path.display(), what(&summary)));
    Ok(())
}

async fn prune(config: &Config, dry_run: bool) -> Outcome {
    let now = boot::unchecked_services(config).await?.now();
    let folder = folder(config);
    let retention = config.backups.retention;
    let gone = if dry_run { folder.outlived(retention, now) } else { folder.prune(retention, now) };
    let gone = gone.map_err(Failure::from)?;
    if gone.is_empty() {
        println_quietly("No backup is old enough to go.");
    }
    for it in gone {
        let did = if dry_run { "Would remove" } else { "Removed" };
        println_quietly(&format!("{did} {}", it.path.display()));
    }
    Ok(())
}

/// Into an embedded database in a folder of its own. It looks whether rows name others that are not there, and what
/// tasks say of their dependencies is looked at as `pms doctor` does.
async fn drill(config: Config, which: &Which) -> Outcome {
    let path = which.path(&config)?;
    let key = which.key.read()?;
    let here = boot::services(&config).await?;
    let aside = Aside::under(&config.data)?;
    let url = format!("sqlite:{}", aside.0.join("drill.db").display());
    let drilled = boot::services_at(&config, &url).await?;
    let restoring = backup::restore(&drilled, || file::open(&path, key.as_ref()), Replace::No);
    let summary = unless_stopped(restoring).await?;
    migrate(&drilled).await?;
    let sound = dependencies::check(&drilled).await?.is_fine();
    let rows = compare(&here, &drilled).await?;
    drilled.db.close().await;
    for (table, then, now) in rows {
        println_quietly(&format!("{table}\t{then} rows\t{now} now"));
    }
    if !sound {
        return Err(Trouble::new(
            "The backup came back whole, but some of its tasks do not carry what follows from their dependencies. \
             Look here with: pms doctor",
        ));
    }
    println_quietly(&format!("{} came back whole: {}", path.display(), what(&summary)));
    Ok(())
}

/// Each table's rows there and here.
async fn compare(here: &Services, drilled: &Services) -> Result<Vec<(String, u64, u64)>, Failure> {
    let now: BTreeMap<String, u64> = backup::counts(here).await?.into_iter().collect();
    let then: BTreeMap<String, u64> = backup::counts(drilled).await?.into_iter().collect();
    let line = |(table, then): (String, u64)| {
        let now = now.get(&table).copied().unwrap_or(0);
        (table, then, now)
    };
    Ok(then.into_iter().map(line).collect())
}

/// Runs `work` to its end, or until the system asks to stop: then it is dropped, and what it was writing goes with it.
pub async fn unless_stopped<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Trouble> {
    tokio::select! {
        done = work => Ok(done?),
        () = boot::asked_to_stop() => Err(Trouble::new("Stopped. Nothing was changed.")),
    }
}

/// Brings restored tables to this version. Gives the names of what was applied.
pub async fn migrate(services: &Services) -> Result<Vec<String>, Trouble> {
    schema::up(&services.db, services.now().micros()).await.map_err(|error| {
        Trouble::new(format!(
            "Everything was restored, but its tables could not be brought to this version: {}. Go on with: pms migrate up",
            error.for_log()
        ))
    })
}

/// A folder that is gone afterwards.
struct Aside(PathBuf);

impl Aside {
    fn under(data: &Path) -> Result<Self, Trouble> {
        let path = data.join("drill");
        // What one that was killed has left.
        let _ = std::fs::remove_dir_all(&path);
        Folder::at(&path).prepare().map_err(Failure::from)?;
        Ok(Self(path))
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Which {
    /// Where it is.
    pub fn path(&self, config: &Config) -> Result<PathBuf, Trouble> {
        if let Some(path) = &self.file {
            return Ok(path.clone());
        }
        let newest = folder(config).list().map_err(Failure::from)?.into_iter().next();
        newest.map(|found| found.path).ok_or_else(|| {
            Trouble::new(format!("There is no backup in {}. Name one.", config.backups.folder.display()))
        })
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

/// “5 MiB”.
pub fn size(bytes: u64) -> String {
    const KILO: u64 = 1024;
    match bytes {
        0..KILO => format!("{bytes} B"),
        KILO..1_048_576 => format!("{} KiB", bytes.div_ceil(KILO)),
        _ => format!("{} MiB", bytes.div_ceil(KILO * KILO)),
    }
}
