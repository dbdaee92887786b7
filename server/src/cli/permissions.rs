//! `pms permissions …`

use super::{Outcome, user::println_quietly};
use crate::{boot, config::Config};
use clap::Subcommand;
use services::Actor;

/// What people may do, as servers remember it.
#[derive(Subcommand)]
pub enum PermissionsCommand {
    /// Let every server read everybody's permissions anew. PMS does so by itself when it changes them; this is for rows that
    /// were changed by other means
    Recalculate,
}

pub async fn run(config: Config, command: PermissionsCommand) -> Outcome {
    let PermissionsCommand::Recalculate = command;
    recalculate(&config, "permissions").await
}

/// Lets every server read anew what it remembers; says that of `what`.
pub async fn recalculate(config: &Config, what: &str) -> Outcome {
    let services = boot::services(config).await?;
    services::access::recalculate(&services, &Actor::system()).await?;
    println_quietly(&format!("Every server reads {what} anew, from the next request on."));
    Ok(())
}
