//! Changing the database's tables: one program at a time, and not before what is there is saved. The reasons are in
//! `docs/adr/0015-migrations.md`.

use crate::{
    backups::{Bucket, Folder, Recipients, daily::Making},
    boot::database_trouble,
    config::{Config, Trouble},
};
use domain::Timestamp;
use services::{Services, backup::Failure, workspace};
use std::{path::PathBuf, time::Duration};
use store::{
    db::Dialect,
    doctor,
    schema::{self, Migration, Migrations, Migrator, State},
};
use tokio_util::sync::CancellationToken;

/// How long the copy of a backup may take…
const COPYING: Duration = Duration::from_hours(4);
/// …and where people wait for a server.
const COPYING_AT_A_START: Duration = Duration::from_mins(5);
/// A try that follows so soon goes on with the backup of the one before.
const AGAIN_SECONDS: i64 = 15 * 60;

/// How it is gone about.
pub struct How {
    /// Nothing is saved before: the operator has done so, or there is nothing to lose.
    pub without_backup: bool,
    /// Whether the backup's copy in S3 has to be there first, where one is made. Who asks for it can put right what is wrong
    /// there; a server that starts can't, and people wait for it.
    pub needs_copy: bool,
    /// How long another program that changes the tables is waited for.
    pub wait: Duration,
    /// Hears, in a sentence, what is done.
    pub say: fn(&str),
}

impl How {
    /// As a server or a command does on an embedded database, that nobody told so.
    pub fn by_itself() -> Self {
        Self {
            without_backup: false,
            needs_copy: false,
            wait: schema::PATIENCE,
            say: |sentence| tracing::info!("{sentence}"),
        }
    }
}

/// Applies what is pending; gives the names of what was applied.
///
/// # Errors
/// With a sentence for the operator.
pub async fn up(config: &Config, services: &Services, how: &How) -> Result<Vec<String>, Trouble> {
    let trouble = |error| database_trouble(&config.database.url, &error);
    let mut tx = services.db.peek().await.map_err(trouble)?;
    schema::filling::refuse(&mut tx).await.map_err(trouble)?;
    drop(tx);
    // So that whoever finds nothing to do waits for nobody.
    if schema::status(&services.db).await.map_err(trouble)?.iter().all(|it| it.state == State::Applied) {
        return Ok(Vec::new());
    }
    let mut migrator = begin(config, services, how).await?;
    let pending = migrator.pending().await.map_err(trouble)?;
    if let Some(first) = pending.first() {
        save(config, services, (how, first)).await?;
    }
    migrator.up(i64::MAX, services.now().micros()).await.map_err(trouble)
}

/// Takes back the newest `count` migrations with all the data in their tables; gives their names.
///
/// # Errors
/// With a sentence for the operator.
pub async fn down(
    config: &Config,
    services: &Services,
    how: &How,
    count: usize,
) -> Result<Vec<String>, Trouble> {
    let trouble = |error| database_trouble(&config.database.url, &error);
    let migrator = begin(config, services, how).await?;
    let all = schema::status(&services.db).await.map_err(trouble)?;
    if let Some(newest) = all.iter().rev().find(|migration| migration.state != State::Pending) {
        save(config, services, (how, newest)).await?;
    }
    migrator.down(count).await.map_err(trouble)
}

async fn begin(config: &Config, services: &Services, how: &How) -> Result<Migrator, Trouble> {
    let migrations = Migrations::of_program(services.db.dialect());
    let waiting = || {
        (how.say)(&format!(
            "Another program is at the tables of this database. It is waited for, up to {} seconds.",
            how.wait.as_secs()
        ));
    };
    let migrator = Migrator::begin(&services.db, migrations, how.wait, waiting).await;
    migrator.map_err(|error| database_trouble(&config.database.url, &error))
}

/// Saves what is there before `first` is begun: as a backup, where somebody said for whom, or a copy of an embedded
/// database beside it.
async fn save(config: &Config, services: &Services, (how, first): (&How, &Migration)) -> Result<(), Trouble> {
    if how.without_backup || !has_work(config, services).await? {
        return Ok(());
    }
    if matches!(first.state, State::Half | State::HalfBack) {
        (how.say)(
            "A migration was cut off half-way. No backup is made of what is in between; the one from before it is there.",
        );
        return Ok(());
    }
    if config.backups.recipients != Recipients::Unsaid {
        return backup(config, services, how).await;
    }
    if services.db.dialect() == Dialect::MySql {
        return Err(Trouble::new(
            "There is work in this database, and nobody said where it is saved before its tables are changed. Set \
             PMS_BACKUP_RECIPIENTS (make a key with: pms backup key --out FILE), so that PMS makes a backup first; or save \
             it by other means and say --without-backup.",
        ));
    }
    let copied = services.db.copy_beside(&format!("{:04}", first.version)).await.map_err(|error| {
        Trouble::new(format!(
            "PMS cannot copy the database before its tables are changed ({}). Nothing was changed. Make as much room as it \
             takes, or set PMS_BACKUP_RECIPIENTS and PMS_BACKUP_FOLDER so that a backup goes elsewhere, or save it by other \
             means and run: pms migrate up --without-backup",
            error.for_log()
        ))
    })?;
    if let Some(path) = copied {
        (how.say)(&format!("Copied the database as it was to {}.", path.display()));
    }
    Ok(())
}

async fn backup(config: &Config, services: &Services, how: &How) -> Result<(), Trouble> {
    let making = Making {
        to: config.backups.clone(),
        secret: config.secret_in_folder()?,
        stop: CancellationToken::new(),
    };
    let refuse = |why: &dyn std::fmt::Display| {
        Trouble::new(format!(
            "No backup could be made before the tables are changed, and nothing was changed: {why} Put that right, or \
             save everything by other means and run: pms migrate up --without-backup"
        ))
    };
    let path = match left_by_a_try(&making, services, how).await? {
        Some(path) => path,
        None => making.make(services).await.map_err(|failure| refuse(&failure))?.path,
    };
    let path_said = path.display();
    (how.say)(&format!("Made a backup: {path_said}."));
    let limit = if how.needs_copy { COPYING } else { COPYING_AT_A_START };
    match making.send(&path, limit).await {
        Ok(None) => Ok(()),
        Ok(Some(copy)) => {
            (how.say)(&format!("Copied to {copy}."));
            Ok(())
        }
        Err(Trouble(why)) if how.needs_copy => Err(Trouble::new(format!(
            "A backup was made: {path_said}, but it could not be copied to S3, and no table was changed: {why} Put that \
             right and run this again: for a quarter of an hour it goes on with that backup. Or be content with the file \
             (pms migrate up --without-backup)."
        ))),
        Err(Trouble(why)) => {
            tracing::warn!(file = %path_said, why, "a backup was made, but not copied to S3; it is gone on without");
            Ok(())
        }
    }
}

/// The backup that a try of a moment ago has made: one that is made again each time fills the disk. Somebody's try could not
/// copy it; that of a server that starts was refused by the migration, and whoever keeps it running starts it again.
async fn left_by_a_try(making: &Making, services: &Services, how: &How) -> Result<Option<PathBuf>, Trouble> {
    let now = services.now();
    let newest = Folder::at(&making.to.folder).newest(now).map_err(Failure::from)?;
    let Some(found) = newest.filter(|found| now.seconds_since(found.made_at) < AGAIN_SECONDS) else {
        return Ok(None);
    };
    if !how.needs_copy {
        return Ok(nothing_new_since(services, found.made_at).await.then_some(found.path));
    }
    let Some(bucket) = Bucket::of(&making.to, making.stop.clone())? else { return Ok(None) };
    // One that is there is of somebody who went on.
    let there = bucket.list().await.is_ok_and(|all| all.iter().any(|copy| copy.made_at == found.made_at));
    Ok((!there).then_some(found.path))
}

/// Whether nobody has worked since, as far as tables of an older version say: that version may have served in between.
async fn nothing_new_since(services: &Services, then: Timestamp) -> bool {
    let last = async { doctor::last_change(&mut services.db.peek().await?).await };
    // The name of its file has the second.
    last.await.is_ok_and(|last| last.is_none_or(|at| at < then.plus_seconds(1).micros()))
}

/// Whether anybody would miss anything. A database without accounts is new.
async fn has_work(config: &Config, services: &Services) -> Result<bool, Trouble> {
    let all =
        schema::status(&services.db).await.map_err(|error| database_trouble(&config.database.url, &error))?;
    // The first migration makes the table of people.
    let begun = all.first().is_some_and(|first| first.state == State::Applied);
    Ok(begun && workspace::has_users(services).await?)
}
