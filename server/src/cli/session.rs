//! `pms session …`

use super::{Outcome, user::println_quietly};
use crate::{boot, config::Config};
use clap::{Args, Subcommand};
use services::Actor;

/// Sign people out.
#[derive(Subcommand)]
pub enum SessionCommand {
    /// End the sessions of one person, or of everybody. API tokens stay
    Clear(Clear),
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Clear {
    /// Whose: a user name or an e-mail address. Their browsers are not alerted any more until they sign in again
    #[arg(long)]
    user: Option<String>,
    /// Everybody's. Urgent projects still reach their browsers by push
    #[arg(long)]
    all: bool,
}

pub async fn run(config: Config, command: SessionCommand) -> Outcome {
    let services = boot::services(&config).await?;
    let actor = Actor::system();
    let SessionCommand::Clear(Clear { user, .. }) = command;
    if let Some(login) = user {
        let user = services::users::by_login(&services, &actor, &login).await?;
        services::sessions::revoke_of_user(&services, &actor, user.id).await?;
        println_quietly(&format!("{} is signed out everywhere. API tokens stay.", user.username));
    } else {
        let ended = services::sessions::end_everybodys(&services, &actor).await?;
        println_quietly(&format!("Sessions ended: {ended}."));
    }
    Ok(())
}
