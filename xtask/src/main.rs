//! Builds PMS: what the browser downloads, the binary that carries it, and the check of its dependencies.
//!
//! `cargo run -q --release -p xtask -- <command>`, or through the Makefile.

mod audit;
mod browser_code;
mod compression;
mod dev;
mod fingerprint;
mod licence;
mod server_binary;
mod site;
mod site_folder;
mod stylesheet;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};
use workspace::{Quality, Workspace, say};

const HELP: &str = "\
xtask site [--dev]        what the browser downloads: WASM, script, style sheet, public files
xtask build [--release]   the site and then the binary that carries it; prints the binary's path
xtask dev [ARGUMENTS]     `pms serve ARGUMENTS`, built again and restarted at every change
xtask audit               licences, sources and bans of every dependency, by deny.toml";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(format_args!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["site"] => site::assemble(&Workspace::find()?, Quality::Release).map(drop),
        ["site", "--dev"] => site::assemble(&Workspace::find()?, Quality::Dev).map(drop),
        ["build", "--release"] => print_binary(Quality::Release),
        ["build"] => print_binary(Quality::Dev),
        ["dev", rest @ ..] => dev::serve(&Workspace::find()?, rest),
        ["audit"] => audit::check(&Workspace::find()?),
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        _ => bail!("there is no such command: {}\n\n{HELP}", words.join(" ")),
    }
}

fn print_binary(quality: Quality) -> Result<()> {
    let binary = server_binary::build(&Workspace::find()?, quality)?;
    println!("{}", binary.display());
    Ok(())
}
