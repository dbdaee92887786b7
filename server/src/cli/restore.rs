//! `pms restore` and `pms move`

use super::{
    Outcome,
    backup::{KeyFile, Source, unless_stopped, unless_stopped_then, what},
    user::println_quietly,
};
use crate::{
    alone,
    backups::{drill::Watched, file},
    boot,
    config::{Config, Trouble},
};
use clap::Args;
use services::{
    Services,
    backup::{self, Failure, Replace},
    workspace,
};
use store::schema;

#[derive(Args)]
pub struct Restore {
    /// The backup, or its copy as `s3://bucket/folder/pms-….backup`
    file: String,
    #[command(flatten)]
    key: KeyFile,
    /// Yes, everything that is in the database now is to go. Stop every server on it first
    #[arg(long)]
    replace: bool,
}

/// Brings a backup back into the configured database: all of it or nothing.
pub async fn restore(config: Config, given: Restore) -> Outcome {
    let key = given.key.read(&config)?;
    config.prepare_data()?;
    let stop = boot::until_asked_to_stop();
    let source = Source::named(&given.file, &config, &stop).await?;
    let services = boot::unchecked_services(&config).await?;
    let open = || Ok(Watched::new(source.open(&config, key.as_ref())?, &stop));
    let restoring = backup::restore(&services, open, replace(given.replace));
    let summary = unless_stopped(&stop, restoring).await?;
    println_quietly(&format!("Restored {}.", what(&summary)));
    let sealed = file::is_encrypted(&source.path).map_err(Failure::from)?;
    // First of all: with a new one, what was signed with the old one is lost. One that everybody could have written is none.
    match summary.header.secret.as_deref().filter(|_| sealed) {
        Some(secret) if config.keep_secret(secret)? => {}
        Some(_) => println_quietly(
            "The signing secret here is another one than that of the backup, and stays: people sign in anew, links in \
             mails that were sent before do not work any more, and browsers have to be armed again for push.",
        ),
        None => println_quietly(
            "The backup has no signing secret. Give the server that of the old one (PMS_SECRET, or the file secret in \
             its data folder), or links in mails that were sent before do not work any more, and browsers have to be \
             armed again for push.",
        ),
    }
    for name in migrate(&services).await? {
        println_quietly(&format!("Applied {name}."));
    }
    get_ready(&services).await
}

#[derive(Args)]
pub struct Move {
    /// The database to fill, as mysql://user:password@host:port/name or sqlite:PATH. It is empty
    #[arg(long, value_name = "URL", env = "PMS_MOVE_TO", hide_env_values = true)]
    to: String,
    /// Yes, everything that is in that database is to go. Stop every server on it first
    #[arg(long)]
    replace: bool,
}

/// Fills another database with everything of the configured one, which stays as it is.
pub async fn relocate(config: Config, given: Move) -> Outcome {
    if given.to == config.database.url {
        return Err(Trouble::new(
            "This is the database that everything is in already. Name another one with --to.",
        ));
    }
    let from = boot::services(&config).await?;
    let _alone = alone::take(&boot::options_at(&config, &given.to))?;
    let to = boot::services_at(&config, &given.to).await?;
    let stop = boot::until_asked_to_stop();
    let copying = backup::copy(&from, &to, replace(given.replace));
    let stopped = "Stopped. Run it again, and it goes on where it was; the old database is as it was.";
    let copied = unless_stopped_then(stopped, &stop, copying).await?;
    get_ready(&to).await?;
    println_quietly(&format!("Copied {}.", what(&copied.summary)));
    if copied.kept > 0 {
        println_quietly(&format!("{} tables were there from a try before.", copied.kept));
    }
    println_quietly(
        "Set PMS_DATABASE_URL to the new database and start the server. The old one is as it was.",
    );
    Ok(())
}

/// Brings restored tables to this version. Gives the names of what was applied.
async fn migrate(services: &Services) -> Result<Vec<String>, Trouble> {
    schema::up(&services.db, services.now().micros()).await.map_err(|error| {
        Trouble::new(format!(
            "Everything was restored, but its tables could not be brought to this version: {}. Go on with: pms migrate up",
            error.for_log()
        ))
    })
}

const fn replace(said: bool) -> Replace {
    if said { Replace::Everything } else { Replace::No }
}

/// What a server would do at its start, and what makes the first questions quick.
async fn get_ready(services: &Services) -> Outcome {
    workspace::prepare(services).await?;
    workspace::learn(services).await?;
    Ok(())
}
