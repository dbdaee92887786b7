//! `pms cache …`

use super::{Outcome, user::println_quietly};
use crate::{boot, config::Config};
use clap::Subcommand;
use services::Actor;

/// What servers remember
#[derive(Subcommand)]
pub enum CacheCommand {
    /// Let every server forget permissions and lists and read them anew. Needed only for rows that were changed by other
    /// means than PMS
    Clear,
}

pub async fn run(config: Config, command: CacheCommand) -> Outcome {
    let CacheCommand::Clear = command;
    let services = boot::services(&config).await?;
    // All that is remembered is of one value of the counter which this moves on.
    services::access::recalculate(&services, &Actor::system()).await?;
    println_quietly("Every server reads permissions and lists anew, from the next request on.");
    Ok(())
}
