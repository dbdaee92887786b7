//! `pms dependency …`

use super::{Outcome, user::println_quietly};
use crate::{
    boot,
    config::{Config, Trouble},
};
use clap::{Args, Subcommand};
use domain::dependency::{NewDependency, Relation};
use services::{Actor, dependencies, tasks};

/// Say which task waits for which.
#[derive(Subcommand)]
pub enum DependencyCommand {
    /// Say that a task blocks another; one that would close a loop is refused with the loop
    Add(Pair),
    /// Take that back
    Remove(Pair),
    /// List what a task waits for, holds up and is linked to
    List {
        /// The task, as WEB-12
        task: String,
    },
}

#[derive(Args)]
pub struct Pair {
    /// The task that has to be done first, as WEB-1
    blocker: String,
    /// The task that waits for it, as WEB-2
    blocked: String,
}

pub async fn run(config: Config, command: DependencyCommand) -> Outcome {
    let services = boot::services(&config).await?;
    let system = Actor::system();
    let named = match &command {
        DependencyCommand::Add(pair) | DependencyCommand::Remove(pair) => &pair.blocked,
        DependencyCommand::List { task } => task,
    };
    let task = tasks::find_by_key(&services, &system, named).await;
    let task = task.map_err(|_| Trouble::new(format!("There is no task {named}.")))?.summary;
    let now = match command {
        DependencyCommand::Add(pair) => {
            let new = NewDependency { relation: Relation::BlockedBy, task: pair.blocker };
            dependencies::add(&services, &system, task.id, new).await?
        }
        DependencyCommand::Remove(pair) => {
            let link = (Relation::BlockedBy, pair.blocker.as_str());
            dependencies::remove(&services, &system, task.id, link).await?
        }
        DependencyCommand::List { .. } => dependencies::find(&services, &system, task.id).await?,
    };
    println_quietly(&format!(
        "{} {}: {}",
        task.key,
        task.title,
        if now.blocked_since.is_some() { "blocked" } else { "not blocked" }
    ));
    for other in &now.tasks {
        let state = if other.open { "" } else { " (not open)" };
        let title = other.title.as_deref().unwrap_or_default();
        println_quietly(&format!("  {} {} {title}{state}", other.relation.label(), other.key));
    }
    Ok(())
}
