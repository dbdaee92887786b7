//! `pms backup …`

use super::{Outcome, user::println_quietly};
use crate::{
    backups::{
        Folder, Key,
        daily::{Made, Making},
        drill::{Drill, Drilled},
        file,
        folder::Found,
    },
    boot,
    config::{Config, Trouble},
};
use clap::{Args, Subcommand};
use services::backup::{self, Failure, Summary};
use std::path::{Path, PathBuf};
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
    /// Bring a backup back into a database that is thrown away afterwards, and compare it with what is here
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
    let key = which.key.read(config)?;
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

async fn drill(config: Config, which: &Which) -> Outcome {
    let path = which.path(&config)?;
    let key = which.key.read(&config)?;
    let here = boot::services(&config).await?;
    let (stop, asked) = (CancellationToken::new(), boot::asked_to_stop());
    tokio::spawn({
        let stop = stop.clone();
        async move {
            asked.await;
            stop.cancel();
        }
    });
    let drill = Drill { config: &config, here: &here, aside: "drill", stop };
    let Drilled { summary, rows } = drill.run(&path, key.as_ref()).await?;
    for (table, then, now) in rows {
        println_quietly(&format!("{table}\t{then} rows\t{now} now"));
    }
    println_quietly(&format!("{} came back whole: {}", path.display(), what(&summary)));
    Ok(())
}

/// Runs `work` to its end, or until the system asks to stop: then it is dropped, and what it was writing goes with it.
pub async fn unless_stopped<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Trouble> {
    tokio::select! {
        done = work => Ok(done?),
        () = boot::asked_to_stop() => Err(Trouble::new("Stopped. Nothing was changed.")),
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
