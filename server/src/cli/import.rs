//! `pms import …`

use super::{Outcome, user::println_quietly};
use crate::{
    boot,
    config::{Config, Trouble},
};
use clap::{Args, Subcommand, ValueEnum};
use domain::import::{HeadingsAs, ImportAct, ImportChecklist, ImportReport};
use services::Actor;
use std::path::PathBuf;

/// Bring work in from elsewhere.
#[derive(Subcommand)]
pub enum ImportCommand {
    /// A Markdown checklist: headings become parent tasks, `- [ ]` items become tasks, nested items sub-tasks.
    /// Importing the same file again updates instead of doubling
    Checklist(Checklist),
}

#[derive(Args)]
pub struct Checklist {
    /// The Markdown file
    file: PathBuf,
    /// The key of the project to import into, as WEB; it is made if there is none
    #[arg(long, value_name = "KEY")]
    project: String,
    /// The name of a project that has to be made [default: the document's title]
    #[arg(long)]
    name: Option<String>,
    /// What headings become
    #[arg(long, value_enum, default_value_t = Headings::Tasks)]
    headings: Headings,
    /// Only tell what would happen
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Headings {
    /// A task above the items under it
    Tasks,
    /// A board column
    Columns,
}

pub async fn run(config: Config, command: ImportCommand) -> Outcome {
    let ImportCommand::Checklist(given) = command;
    let markdown = std::fs::read_to_string(&given.file)
        .map_err(|error| Trouble::new(format!("{} could not be read: {error}.", given.file.display())))?;
    let services = boot::services(&config).await?;
    let order = ImportChecklist {
        project_key: given.project,
        project_name: given.name,
        headings: match given.headings {
            Headings::Tasks => HeadingsAs::ParentTasks,
            Headings::Columns => HeadingsAs::Columns,
        },
        markdown,
        dry_run: given.dry_run,
    };
    let report = services::import::checklist(&services, &Actor::system(), order).await?;
    tell(&report);
    Ok(())
}

fn tell(report: &ImportReport) {
    if report.dry_run {
        for line in &report.lines {
            let act = match line.act {
                ImportAct::Create => "create",
                ImportAct::Update => "update",
                ImportAct::Keep => "keep  ",
            };
            let indent = "  ".repeat(usize::try_from(line.depth).unwrap_or(0));
            let tick = if line.done { "[x]" } else { "[ ]" };
            println_quietly(&format!("{:>5}  {act}  {indent}{tick} {}", line.line, line.title));
        }
    }
    let project = format!("{} ({})", report.project_key, report.project_name);
    let made = if report.project_created { ", which is new" } else { "" };
    println_quietly(&format!(
        "{} items, {} of them done, for {project}{made}: {} created, {} updated, {} unchanged{}.",
        report.items,
        report.items_done,
        report.created,
        report.updated,
        report.unchanged,
        if report.dry_run { " — if this were no dry run" } else { "" },
    ));
    if report.missing > 0 {
        println_quietly(&format!(
            "{} tasks of an earlier import are not in the file any more; they stay as they are.",
            report.missing
        ));
    }
}
