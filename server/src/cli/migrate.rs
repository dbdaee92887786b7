//! `pms migrate …`

use super::{Outcome, backup::size, user::println_quietly};
use crate::{
    boot::{self, database_trouble},
    config::Config,
    migrations::{self, How},
};
use clap::{Args, Subcommand};
use std::time::Duration;
use store::schema::{self, Planned, State};

/// Bring the database's tables to this version of PMS, or back. An embedded database is migrated by every command
/// that needs it; a MySQL server only by this one.
#[derive(Subcommand)]
pub enum MigrateCommand {
    /// Show what `up` would do, and what it means for a server that runs. Changes nothing
    Plan,
    /// Save what is there and apply what is pending. One that was cut off goes on where it stopped
    Up(Careful),
    /// Show every migration and whether it is applied. Exits with 1 while any is not
    Status,
    /// Save what is there and take back the newest migrations, with all the data in their tables
    Down {
        /// How many
        #[arg(long, default_value_t = 1)]
        steps: usize,
        /// Yes, delete the data in these tables
        #[arg(long, required = true)]
        yes: bool,
        #[command(flatten)]
        careful: Careful,
    },
}

#[derive(Args)]
pub struct Careful {
    /// Save nothing before: you have done so yourself
    #[arg(long)]
    without_backup: bool,
    /// How long another program that is at the tables is waited for, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = schema::PATIENCE.as_secs())]
    wait: u64,
}

impl Careful {
    fn how(&self) -> How {
        How {
            without_backup: self.without_backup,
            needs_copy: true,
            wait: Duration::from_secs(self.wait),
            say: println_quietly,
        }
    }
}

pub async fn run(config: Config, command: MigrateCommand) -> Outcome {
    config.prepare_data()?;
    let services = boot::unchecked_services(&config).await?;
    match command {
        MigrateCommand::Plan => plan(&config, &services.db).await?,
        MigrateCommand::Up(careful) => {
            let applied = migrations::up(&config, &services, &careful.how()).await?;
            report("Applied", &applied, "Nothing to do: the database is up to date.");
            services::workspace::prepare(&services).await?;
        }
        MigrateCommand::Down { steps, careful, .. } => {
            let undone = migrations::down(&config, &services, &careful.how(), steps).await?;
            report("Took back", &undone, "Nothing to do: no migration is applied.");
        }
        MigrateCommand::Status => status(&config, &services.db).await?,
    }
    // Only then is what the last statement wrote known to be there, and the lock given back.
    services.db.close().await;
    Ok(())
}

async fn plan(config: &Config, db: &store::Db) -> Outcome {
    let trouble = |error| database_trouble(&config.database.url, &error);
    let planned = schema::plan(db).await.map_err(trouble)?;
    let bytes = schema::size(db).await.map_err(trouble)?;
    println_quietly(&format!("The database has {}.", size(bytes)));
    for migration in &planned {
        println_quietly(&line(migration));
    }
    if planned.is_empty() {
        println_quietly("Nothing to do: the database is up to date.");
    }
    Ok(())
}

fn line(it: &Planned) -> String {
    let mut parts = vec![it.name.clone()];
    match it.state {
        State::Half => parts.push("cut off half-way, goes on".into()),
        State::HalfBack => {
            parts.push("cut off while it was taken back; go on with: pms migrate down --yes".into());
        }
        State::Unknown | State::Pending | State::Applied => {}
    }
    parts.push(if it.contracts {
        "takes away what an older server may use: stop those first".into()
    } else {
        "only adds: older servers go on".into()
    });
    if !it.rows.is_empty() {
        let rows: Vec<_> = it.rows.iter().map(|(table, rows)| format!("{table} (about {rows})")).collect();
        parts.push(format!("works through rows of {}", rows.join(", ")));
    }
    parts.join("\t")
}

async fn status(config: &Config, db: &store::Db) -> Outcome {
    let trouble = |error| database_trouble(&config.database.url, &error);
    for migration in schema::status(db).await.map_err(trouble)? {
        let state = match migration.state {
            State::Applied => "applied",
            State::Pending => "pending",
            State::Half => "cut off half-way; `pms migrate up` goes on with it",
            State::HalfBack => "cut off while it was taken back; `pms migrate down --yes` goes on with it",
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
