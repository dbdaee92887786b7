//! `pms migrate …`

use super::{Outcome, user::println_quietly};
use crate::{
    boot,
    config::{Config, Trouble},
};
use clap::Subcommand;
use store::schema::{self, State};

/// Bring the database's tables to this version of PMS, or back. An embedded database is migrated by every command
/// that needs it; a MySQL server only by this one.
#[derive(Subcommand)]
pub enum MigrateCommand {
    /// Apply what is pending. One that was cut off goes on where it stopped
    Up,
    /// Show every migration and whether it is applied. Exits with 1 while any is not
    Status,
    /// Take back the newest migrations, with all the data in their tables
    Down {
        /// How many
        #[arg(long, default_value_t = 1)]
        steps: usize,
        /// Yes, delete the data in these tables
        #[arg(long, required = true)]
        yes: bool,
    },
}

pub async fn run(config: Config, command: MigrateCommand) -> Outcome {
    config.prepare_data()?;
    let services = boot::unchecked_services(&config).await?;
    match command {
        MigrateCommand::Up => {
            let applied = schema::up(&services.db, services.now().micros()).await.map_err(trouble)?;
            report("Applied", &applied, "Nothing to do: the database is up to date.");
            services::workspace::prepare(&services).await?;
        }
        MigrateCommand::Down { steps, .. } => {
            let undone = schema::down(&services.db, steps).await.map_err(trouble)?;
            report("Took back", &undone, "Nothing to do: no migration is applied.");
        }
        MigrateCommand::Status => return status(&services.db).await,
    }
    Ok(())
}

async fn status(db: &store::Db) -> Outcome {
    let migrations = schema::status(db).await.map_err(trouble)?;
    for migration in &migrations {
        let state = match migration.state {
            State::Applied => "applied",
            State::Pending => "pending",
            State::Half => "cut off half-way; `pms migrate up` goes on with it",
            State::Unknown => "of a newer version of PMS",
        };
        println_quietly(&format!("{:04} {}\t{state}", migration.version, migration.name));
    }
    schema::check(db).await.map_err(trouble)
}

fn report(did: &str, names: &[String], nothing: &str) {
    if names.is_empty() {
        println_quietly(nothing);
    }
    for name in names {
        println_quietly(&format!("{did} {name}."));
    }
}

fn trouble(error: store::Error) -> Trouble {
    match error {
        store::Error::Schema(sentence) => Trouble::new(sentence),
        other => Trouble::new(format!("The migration stopped: {}.", other.for_log())),
    }
}
