//! `pms doctor`

use super::{Outcome, user::println_quietly};
use crate::{
    boot,
    config::{Config, Trouble},
    doctor::{self, Finding, Level},
};
use clap::Args;
use services::dependencies;

#[derive(Args)]
pub struct Doctor {
    /// Put right what can be: numbers that are kept besides the rows, and what follows from dependencies
    #[arg(long)]
    repair: bool,
}

/// Looks whether everything is as it should be, a line for each thing; fails where there is trouble.
pub async fn run(config: Config, given: Doctor) -> Outcome {
    if given.repair {
        repair(&config).await?;
    }
    let found = doctor::examine(&config).await;
    found.iter().for_each(tell);
    outcome(&found)
}

async fn repair(config: &Config) -> Outcome {
    let services = boot::services(config).await?;
    let counted = services::doctor::recount(&services).await?;
    println_quietly(&format!("Counted anew: {counted} projects, columns and tasks."));
    if services.features.dependencies {
        let repaired = dependencies::recompute(&services).await?;
        println_quietly(&format!("Worked out anew what follows from dependencies: {repaired} tasks."));
    }
    Ok(())
}

/// Level, subject and text, with tabs between them.
pub fn tell(finding: &Finding) {
    println_quietly(&format!(
        "{}\t{}\t{}.",
        finding.level,
        finding.subject,
        finding.text.trim_end_matches('.')
    ));
}

/// Fails where there is trouble.
pub fn outcome(found: &[Finding]) -> Outcome {
    let troubles = found.iter().filter(|finding| finding.level == Level::Trouble).count();
    match troubles {
        0 => Ok(()),
        1 => Err(Trouble::new("There is trouble. The line above that begins with it says what to do.")),
        _ => Err(Trouble::new(format!("There are {troubles} troubles. The lines above say what to do."))),
    }
}
