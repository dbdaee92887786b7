//! `pms import …`

use super::{Outcome, user::println_quietly};
use crate::{
    boot,
    config::{Config, Trouble},
};
use clap::{Args, Subcommand, ValueEnum};
use domain::{
    Error,
    import::{HeadingsAs, ImportAct, ImportChecklist, ImportDependencies, ImportReport, LinkOutcome},
};
use services::Actor;
use std::path::{Path, PathBuf};

/// Bring work in from elsewhere.
#[derive(Subcommand)]
pub enum ImportCommand {
    /// A Markdown checklist: headings become parent tasks, `- [ ]` items become tasks, nested items sub-tasks.
    /// Importing the same file again updates instead of doubling
    Checklist(Checklist),
    /// Dependencies from a table of two task keys a row: `WEB-1,WEB-2` says that WEB-1 blocks WEB-2. All rows or none
    Dependencies(Dependencies),
}

#[derive(Args)]
pub struct Dependencies {
    /// The CSV file
    file: PathBuf,
    /// Only tell what would happen
    #[arg(long)]
    dry_run: bool,
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
    match command {
        ImportCommand::Checklist(given) => checklist(config, given).await,
        ImportCommand::Dependencies(given) => dependencies(config, given).await,
    }
}

fn text_of(file: &Path) -> Result<String, Trouble> {
    std::fs::read_to_string(file)
        .map_err(|error| Trouble::new(format!("{} could not be read: {error}.", file.display())))
}

async fn dependencies(config: Config, given: Dependencies) -> Outcome {
    let csv = text_of(&given.file)?;
    let services = boot::services(&config).await?;
    let order = ImportDependencies { csv, dry_run: given.dry_run };
    let report = services::dependencies::import_csv(&services, &Actor::system(), order).await;
    let report = report.map_err(in_lines)?;
    if report.dry_run {
        for line in &report.lines {
            let fate = match &line.outcome {
                LinkOutcome::Create => "create".to_owned(),
                LinkOutcome::Keep => "keep".to_owned(),
                LinkOutcome::Refused { message, .. } => format!("refuse: {message}"),
            };
            println_quietly(&format!("{:>5}  {} → {}  {fate}", line.line, line.blocker, line.blocked));
        }
    }
    println_quietly(&format!(
        "{} dependencies created, {} were there already, {} refused{}.",
        report.created,
        report.kept,
        report.refused,
        if report.dry_run { " — if this were no dry run" } else { "" },
    ));
    Ok(())
}

/// What is wrong with a file, a line for each.
fn in_lines(error: Error) -> Trouble {
    match error {
        Error::Invalid { fields } => {
            let lines: Vec<_> = fields.iter().map(|field| format!("  {}", field.message)).collect();
            Trouble::new(format!("Nothing was imported:\n{}", lines.join("\n")))
        }
        other => other.into(),
    }
}

async fn checklist(config: Config, given: Checklist) -> Outcome {
    let markdown = text_of(&given.file)?;
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
    let report = services::import::checklist(&services, &Actor::system(), order).await.map_err(in_lines)?;
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
    if report.links_created + report.links_kept > 0 {
        println_quietly(&format!(
            "{} dependencies created, {} were there already.",
            report.links_created, report.links_kept
        ));
    }
    for refused in &report.refused {
        println_quietly(&format!(
            "Refused: line {}, “{}” after “{}”: {}",
            refused.line, refused.title, refused.after, refused.message
        ));
    }
    if report.missing > 0 {
        println_quietly(&format!(
            "{} tasks of an earlier import are not in the file any more; they stay as they are.",
            report.missing
        ));
    }
}
