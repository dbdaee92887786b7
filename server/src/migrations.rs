//! Changing the database's tables: one program at a time, and not before what is there is saved. The reasons are in
//! `docs/adr/0015-migrations.md`.

use crate::{
    backups::{Recipients, daily::Making},
    boot::database_trouble,
    config::{Config, Trouble},
};
use services::{Services, workspace};
use std::time::Duration;
use store::{
    db::Dialect,
    schema::{self, Migration, Migrations, Migrator, State},
};
use tokio_util::sync::CancellationToken;

/// How it is gone about.
pub struct How {
    /// Nothing is saved before: the operator has done so, or there is nothing to lose.
    pub without_backup: bool,
    /// How long another program that changes the tables is waited for.
    pub wait: Duration,
    /// Hears, in a sentence, what is done.
    pub say: fn(&str),
}

impl How {
    /// As a server or a command does on an embedded database, that nobody told so.
    pub fn by_itself() -> Self {
        Self { without_backup: false, wait: schema::PATIENCE, say: |sentence| tracing::info!("{sentence}") }
    }
}

/// Applies what is pending; gives the names of what was applied.
///
/// # Errors
/// With a sentence for the operator.
pub async fn up(config: &Config, services: &Services, how: &How) -> Result<Vec<String>, Trouble> {
    let trouble = |error| database_trouble(&config.database.url, &error);
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
    let made = making.make(services).await.map_err(|failure| refuse(&failure))?;
    (how.say)(&format!("Made a backup: {}.", made.path.display()));
    for copy in making.copy(services).await.map_err(|trouble| refuse(&trouble))? {
        (how.say)(&format!("Copied to {copy}."));
    }
    Ok(())
}

/// Whether anybody would miss anything. A database without accounts is new.
async fn has_work(config: &Config, services: &Services) -> Result<bool, Trouble> {
    let all =
        schema::status(&services.db).await.map_err(|error| database_trouble(&config.database.url, &error))?;
    // The first migration makes the table of people.
    let begun = all.first().is_some_and(|first| first.state == State::Applied);
    Ok(begun && workspace::has_users(services).await?)
}
