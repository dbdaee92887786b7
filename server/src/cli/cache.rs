//! `pms cache …`

use super::{Outcome, permissions::recalculate};
use crate::config::Config;
use clap::Subcommand;

/// What servers remember
#[derive(Subcommand)]
pub enum CacheCommand {
    /// Let every server forget permissions and lists and read them anew. Needed only for rows that were changed by other
    /// means than PMS
    Clear,
}

pub async fn run(config: Config, command: CacheCommand) -> Outcome {
    let CacheCommand::Clear = command;
    // All that is remembered is of one value of the counter which this moves on.
    recalculate(&config, "permissions and lists").await
}
