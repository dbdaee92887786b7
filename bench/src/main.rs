//! Load on PMS, and its numbers: starts a seeded server of its own, sends it requests, and prints what came of it as
//! Markdown. `make bench` runs it; `bench/RESULTS.md` keeps what it found.

mod arguments;
mod baseline;
mod budgets;
mod client;
mod dependencies;
mod engines;
mod facts;
mod latencies;
mod load;
mod load_script;
mod machine;
mod measured;
mod pms;
mod pressure;
mod process;
mod report;
mod results_file;
mod run;
mod scenarios;
mod stage;
mod statements;
mod streams;
mod urgent;
mod usage;

use anyhow::{Context as _, Result};
use arguments::{Arguments, Command};
use clap::Parser as _;
use std::process::ExitCode;
use tokio::runtime::Builder;

fn main() -> ExitCode {
    match start(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(format_args!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn start(arguments: Arguments) -> Result<()> {
    if let Some(command) = &arguments.command {
        let threads = Builder::new_multi_thread().enable_all().build().context("no threads")?;
        return threads.block_on(async {
            match command {
                Command::Baseline { database } => baseline::serve(database).await,
                Command::Dependencies { mariadb, write } => dependencies::run(*mariadb, *write).await,
                Command::Urgent { mariadb, write } => urgent::run(*mariadb, *write).await,
                Command::Streams { write } => streams::run(arguments.binary()?, *write).await,
                Command::Pressure { minutes, write } => {
                    pressure::run(arguments.binary()?, *minutes, *write).await
                }
            }
        });
    }
    if arguments.list {
        for scenario in scenarios::ALL {
            println!("{:<18} {}", scenario.name, scenario.what);
        }
        println!("{:<18} {}", load_script::NAME, load_script::WHAT);
        return Ok(());
    }
    // One thread for all connections, so that the load leaves the other cores to the server.
    let thread = Builder::new_current_thread().enable_all().build().context("no thread")?;
    thread.block_on(async {
        // Ending here drops what was started: servers are killed, folders removed.
        tokio::select! {
            done = run::run(&arguments) => done,
            _ = tokio::signal::ctrl_c() => anyhow::bail!("stopped before the end"),
        }
    })
}

/// A line of progress. The standard output is left to results.
pub fn say(text: impl std::fmt::Display) {
    eprintln!("bench: {text}");
}
