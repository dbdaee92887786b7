//! `pms maintenance …`

use super::{Outcome, user::println_quietly};
use crate::{boot, config::Config};
use clap::{Args, Subcommand};
use services::{Actor, maintenance};

/// Let people wait while you work on the installation.
#[derive(Subcommand)]
pub enum MaintenanceCommand {
    /// Answer people with 503, on every server within a second. Administrators, health and the acknowledgement of alerts
    /// pass; jobs go on. Again, it changes the message
    On(On),
    /// Let people in again
    Off,
    /// Say whether it is on
    Status,
}

#[derive(Args)]
pub struct On {
    /// What people read besides that PMS is being worked on, as "Back at 14:00"
    #[arg(long, default_value = "", hide_default_value = true)]
    message: String,
}

pub async fn run(config: Config, command: MaintenanceCommand) -> Outcome {
    let services = boot::services(&config).await?;
    let actor = Actor::system();
    match command {
        MaintenanceCommand::On(On { message }) => {
            maintenance::begin(&services, &actor, &message).await?;
            println_quietly("Maintenance is on. End it with: pms maintenance off");
        }
        MaintenanceCommand::Off => {
            let was_on = maintenance::end(&services, &actor).await?;
            println_quietly(if was_on { "Maintenance is off." } else { "There was no maintenance." });
        }
        MaintenanceCommand::Status => {
            let line = match maintenance::state(&services).await? {
                Some(it) => format!("on since {} {}", it.since, it.message),
                None => "off".into(),
            };
            println_quietly(line.trim_end());
        }
    }
    Ok(())
}
