//! `pms doctor`

use super::{Outcome, user::println_quietly};
use crate::{
    boot,
    config::{Config, Trouble},
};
use clap::Args;
use services::dependencies::{self, Check};

#[derive(Args)]
pub struct Doctor {
    /// Put right what can be
    #[arg(long)]
    repair: bool,
}

/// Looks whether the database is as it should be; fails if it is not.
pub async fn run(config: Config, given: Doctor) -> Outcome {
    let services = boot::services(&config).await?;
    println_quietly("schema: as this version of PMS needs it");
    if !services.features.dependencies {
        println_quietly("dependencies: turned off, not looked at");
        return Ok(());
    }
    if given.repair {
        let repaired = dependencies::recompute(&services).await?;
        println_quietly(&format!("dependencies: {repaired} tasks put right"));
    }
    let check = dependencies::check(&services).await?;
    tell(&check);
    if check.is_fine() {
        return Ok(());
    }
    Err(Trouble::new(if check.differences.is_empty() {
        "Some tasks wait for each other in a loop. Take one of their links away."
    } else {
        "Some tasks do not carry what follows from their dependencies. Put them right with: pms doctor --repair"
    }))
}

fn tell(check: &Check) {
    if check.is_fine() {
        println_quietly("dependencies: every task carries what follows from them, and none waits for itself");
    }
    for it in &check.differences {
        println_quietly(&format!(
            "dependencies: {} has {} open blockers and says {}; {} tasks wait for it and it says {}; blocked {}, and it says {}",
            it.key, it.blockers.1, it.blockers.0, it.waiting.1, it.waiting.0, it.blocked.1, it.blocked.0
        ));
    }
    if !check.looped.is_empty() {
        println_quietly(&format!("dependencies: a loop among {}", check.looped.join(", ")));
    }
}
