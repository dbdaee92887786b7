//! The commands of the binary. Each is a file here and three lines below: its module, its variant, its arm.

mod backup;
mod cache;
mod config;
mod dependency;
mod doctor;
mod health;
mod import;
mod maintenance;
mod migrate;
mod openapi;
mod permissions;
mod restore;
mod seed;
mod serve;
mod session;
mod user;

use crate::config::{Config, Flags, Trouble};
use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use std::process::ExitCode;

/// How a command ends: well, or with a sentence for whoever started it.
type Outcome = Result<(), Trouble>;

/// PMS: a self-hosted project management system in one binary.
#[derive(Parser)]
#[command(name = "pms", version, about, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the server
    Serve,
    /// Create and list people, let them in again, or shut them out
    #[command(subcommand)]
    User(user::UserCommand),
    /// Sign people out
    #[command(subcommand)]
    Session(session::SessionCommand),
    /// What people may do, as servers remember it
    #[command(subcommand)]
    Permissions(permissions::PermissionsCommand),
    /// What servers remember
    #[command(subcommand)]
    Cache(cache::CacheCommand),
    /// Let people wait while you work on the installation
    #[command(subcommand)]
    Maintenance(maintenance::MaintenanceCommand),
    /// Save everything, and see that it can be brought back
    #[command(subcommand)]
    Backup(backup::BackupCommand),
    /// Bring a backup back: all of it or nothing
    Restore(restore::Restore),
    /// Fill another database, of the same engine or the other, with everything of this one
    Move(restore::Move),
    /// Say which task waits for which
    #[command(subcommand)]
    Dependency(dependency::DependencyCommand),
    /// Show what PMS is set to, and what is wrong with it
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Look whether configuration, database, disks, clocks, mail and backups are as they should be
    Doctor(doctor::Doctor),
    /// Ask the server that listens as configured whether it is ready
    Health,
    /// Bring work in from elsewhere
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Fill an empty workspace with made-up work, always the same: for trials and benchmarks
    Seed(seed::Seed),
    /// Bring the database's tables to this version of PMS, or back
    #[command(subcommand)]
    Migrate(migrate::MigrateCommand),
    /// Print the description of the REST API (OpenAPI 3.1, JSON)
    Openapi,
}

/// Runs the command that the arguments name. A failure is one sentence on standard error.
pub fn main() -> ExitCode {
    let arguments = Cli::command().get_matches();
    // As `Cli::parse` does; the arguments themselves also know where each value comes from.
    let Cli { flags, command } = Cli::from_arg_matches(&arguments).unwrap_or_else(|error| error.exit());
    match run(&flags, &arguments, command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("pms: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn run(flags: &Flags, arguments: &ArgMatches, command: Command) -> Result<(), Trouble> {
    match command {
        Command::Config(command) => config::run(flags, arguments, command),
        Command::Serve => block_on(serve::run(Config::load(flags)?)),
        Command::User(command) => block_on(user::run(Config::load(flags)?, command)),
        Command::Session(command) => block_on(session::run(Config::load(flags)?, command)),
        Command::Permissions(command) => block_on(permissions::run(Config::load(flags)?, command)),
        Command::Cache(command) => block_on(cache::run(Config::load(flags)?, command)),
        Command::Maintenance(command) => block_on(maintenance::run(Config::load(flags)?, command)),
        Command::Backup(command) => block_on(backup::run(Config::load(flags)?, command)),
        Command::Restore(restore) => block_on(restore::restore(Config::load(flags)?, restore)),
        Command::Move(given) => block_on(restore::relocate(Config::load(flags)?, given)),
        Command::Dependency(command) => block_on(dependency::run(Config::load(flags)?, command)),
        Command::Doctor(doctor) => block_on(doctor::run(Config::load(flags)?, doctor)),
        Command::Health => block_on(health::run(Config::load(flags)?)),
        Command::Import(command) => block_on(import::run(Config::load(flags)?, command)),
        Command::Seed(seed) => block_on(seed::run(Config::load(flags)?, seed)),
        Command::Migrate(command) => block_on(migrate::run(Config::load(flags)?, command)),
        Command::Openapi => openapi::run(),
    }
}

fn block_on(work: impl Future<Output = Result<(), Trouble>>) -> Result<(), Trouble> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // Pages nest deeply while they are rendered; the usual 2 MiB are little for a build without optimisation.
        .thread_stack_size(8 * 1024 * 1024)
        .build()
        .map_err(|error| Trouble::new(format!("PMS cannot start its threads: {error}.")))?
        .block_on(work)
}
