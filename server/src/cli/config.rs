//! `pms config …`

use super::{
    Outcome,
    doctor::{outcome, tell},
    user::println_quietly,
};
use crate::{
    config::{Config, Flags, Given},
    doctor::configuration,
};
use clap::{ArgMatches, Subcommand};

/// Show what PMS is set to.
#[derive(Subcommand)]
pub enum ConfigCommand {
    /// Each setting, its value, and where that comes from: flag, environment, file or default. Secrets only as set or not
    Show,
    /// Say what is wrong with the settings, and what to do. Asks neither the database nor anybody else; fails if anything is
    Check,
}

pub fn run(flags: &Flags, arguments: &ArgMatches, command: ConfigCommand) -> Outcome {
    let config = Config::load(flags)?;
    match command {
        ConfigCommand::Show => {
            for it in config.shown(&Given::read(flags, arguments)?) {
                println_quietly(&format!("{}\t{}\t{}", it.name, it.value, it.from));
            }
            Ok(())
        }
        ConfigCommand::Check => {
            let found = configuration::look(&config);
            found.iter().for_each(tell);
            outcome(&found)
        }
    }
}
