//! `pms seed`

use super::{Outcome, user::println_quietly};
use crate::{boot, config::Config};
use clap::{Args, ValueEnum};
use services::seed::{ADMIN, Tier};
use std::io::{IsTerminal as _, Write as _};

/// The password of everyone in a made-up workspace, unless another is chosen.
const PASSWORD: &str = "correct horse battery";

#[derive(Args)]
pub struct Seed {
    /// How much: s is a team, m a company with 100,000 tasks, l has 400,000
    #[arg(long, value_enum, default_value_t = Size::S)]
    tier: Size,
    /// The password that all made-up people get
    #[arg(long, default_value = PASSWORD)]
    password: String,
}

#[derive(Clone, Copy, ValueEnum)]
enum Size {
    S,
    M,
    L,
}

pub async fn run(config: Config, seed: Seed) -> Outcome {
    let services = boot::services(&config).await?;
    let tier = match seed.tier {
        Size::S => Tier::S,
        Size::M => Tier::M,
        Size::L => Tier::L,
    };
    let terminal = std::io::stderr().is_terminal();
    let mut last = u64::MAX;
    let mut tell = |what: &'static str, thousandths: u64| {
        let percent = thousandths / 10;
        if percent != last {
            last = percent;
            bar(what, percent, terminal);
        }
    };
    services::seed::fill(&services, tier.sizes(), seed.password.clone(), &mut tell).await?;
    if terminal {
        eprintln!();
    }
    services.db.close().await;
    println_quietly(&format!(
        "The workspace is filled. Sign in as {ADMIN} with the password “{}”.",
        seed.password
    ));
    Ok(())
}

/// A bar that grows in place on a terminal, a line for every tenth in a log.
fn bar(what: &str, percent: u64, terminal: bool) {
    let mut out = std::io::stderr();
    let _ = if terminal {
        let full = usize::try_from(percent / 4).unwrap_or(0);
        write!(out, "\r[{:<25}] {percent:>3} %  {what:<12}", "#".repeat(full))
    } else if percent.is_multiple_of(10) {
        writeln!(out, "{percent} % {what}")
    } else {
        Ok(())
    };
}
