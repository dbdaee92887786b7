//! What can be asked of a run.

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand, ValueEnum};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// Measures a PMS binary under load, beside a bare handler on the same machine.
#[derive(Debug, Parser)]
#[command(name = "bench")]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The binary to measure; `make bench` builds it and says where it is
    #[arg(long, env = "PMS_BIN", value_name = "FILE")]
    pub pms: Option<PathBuf>,

    /// How much made-up work the server holds
    #[arg(long, value_enum, default_value_t = Tier::S)]
    pub tier: Tier,

    /// On the MariaDB that `scripts/mariadb with` starts, instead of an embedded database
    #[arg(long)]
    pub mariadb: bool,

    /// Only this scenario; may be given several times
    #[arg(long, value_name = "NAME")]
    pub only: Vec<String>,

    /// Connections that ask at the same time
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=500))]
    pub connections: u16,

    /// Seconds that each scenario is measured
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    pub seconds: u16,

    /// Seconds that each scenario runs before that
    #[arg(long, default_value_t = 1)]
    pub warm_up: u16,

    /// Seconds that a minute of the load script takes; 60 runs it as it is written, for 16 minutes
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=60))]
    pub script_minute: u16,

    /// Also put the results at the top of bench/RESULTS.md
    #[arg(long)]
    pub write: bool,

    /// List the scenarios and stop
    #[arg(long)]
    pub list: bool,
}

impl Arguments {
    /// The binary to measure.
    pub fn binary(&self) -> Result<&Path> {
        self.pms.as_deref().context("say which binary to measure: make bench does, or --pms FILE")
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Measure what dependencies between tasks cost
    Dependencies {
        /// Also on the MariaDB that `scripts/mariadb with` starts
        #[arg(long)]
        mariadb: bool,
        /// Also put the results at the top of bench/RESULTS.md
        #[arg(long)]
        write: bool,
    },
    /// Measure what raising a project and the loop that rings cost
    Urgent {
        /// Also on the MariaDB that `scripts/mariadb with` starts
        #[arg(long)]
        mariadb: bool,
        /// Also put the results at the top of bench/RESULTS.md
        #[arg(long)]
        write: bool,
    },
    /// Measure what open pages cost that listen, and how soon they hear
    Streams {
        /// Also put the results at the top of bench/RESULTS.md
        #[arg(long)]
        write: bool,
    },
    /// Measure a load that lasts, one that comes at once, and sign-ins while others read
    Pressure {
        /// How long the load lasts
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=600))]
        minutes: u32,
        /// Also put the results at the top of bench/RESULTS.md
        #[arg(long)]
        write: bool,
    },
    /// Serve the bare handler that PMS is compared with
    #[command(hide = true)]
    Baseline {
        /// Where its database is made
        database: PathBuf,
    },
}

/// The sizes of `pms seed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Tier {
    /// A team: 50 people, 5,000 tasks
    S,
    /// A company: 500 people, 100,000 tasks
    M,
    /// A large one: 1,500 people, 400,000 tasks
    L,
}

impl Tier {
    /// As `pms seed --tier` takes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::S => "s",
            Self::M => "m",
            Self::L => "l",
        }
    }
}

impl Arguments {
    /// Whether the scenario of this name is asked for.
    pub fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == name)
    }

    /// How long each scenario is measured.
    pub fn span(&self) -> Duration {
        Duration::from_secs(self.seconds.into())
    }

    /// How long it runs before that.
    pub fn warm_up(&self) -> Duration {
        Duration::from_secs(self.warm_up.into())
    }

    /// The command that repeats this run.
    pub fn spelt(&self) -> String {
        let Self { connections, seconds, warm_up, script_minute, .. } = self;
        let only: Vec<_> = self.only.iter().map(|name| format!(" --only {name}")).collect();
        let only = only.concat();
        let (server, engine) = if self.mariadb { ("scripts/mariadb with ", " --mariadb") } else { ("", "") };
        format!(
            "{server}make bench ARGS=\"--tier {}{engine}{only} --connections {connections} --seconds {seconds} --warm-up {warm_up} \
             --script-minute {script_minute}\"",
            self.tier.as_str()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_make_sense() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_command_in_the_results_repeats_the_run() {
        let asked = ["bench", "--tier", "m", "--only", "search", "--connections", "8"];
        let spelt = Arguments::try_parse_from(asked).unwrap().spelt();
        let words = spelt.trim_start_matches("make bench ARGS=\"").trim_end_matches('"');
        let again = Arguments::try_parse_from(std::iter::once("bench").chain(words.split(' '))).unwrap();
        assert_eq!((again.tier, again.connections), (Tier::M, 8));
        assert!(again.wants("search") && !again.wants("home-page"));
    }
}
