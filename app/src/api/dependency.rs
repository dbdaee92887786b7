//! What tasks wait for: links, unblocking by hand, the drawing.

use crate::AppError;
use domain::{
    dependency::{Dependencies, Relation},
    ids::TaskId,
    import::DependencyReport,
    task::Task,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Says that a task stands in a relation to another: `to` is its key, or words that only it has.
#[server(name = LinkTask, prefix = "/fn", endpoint = "task/link")]
pub async fn link_task(
    id: TaskId,
    relation: Relation,
    #[server(default)] to: String,
) -> Result<Dependencies, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let task = named::one(&services, &actor, &to).await?;
    let new = domain::dependency::NewDependency { relation, task };
    Ok(services::dependencies::add(&services, &actor, id, new).await.map_err(named::in_form)?)
}

/// Takes that back.
#[server(name = UnlinkTask, prefix = "/fn", endpoint = "task/unlink")]
pub async fn unlink_task(id: TaskId, relation: Relation, other: TaskId) -> Result<Dependencies, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let link = (relation, other.to_string());
    Ok(services::dependencies::remove(&services, &actor, id, (link.0, &link.1)).await?)
}

/// Lets a blocked task go on, for a reason.
#[server(name = UnblockTask, prefix = "/fn", endpoint = "task/unblock")]
pub async fn unblock_task(
    id: TaskId,
    version: i64,
    #[server(default)] reason: String,
) -> Result<Task, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::dependencies::unblock(&services, &actor, (id, version), &reason).await?)
}

/// Takes that back.
#[server(name = BlockAgain, prefix = "/fn", endpoint = "task/block-again")]
pub async fn block_again(id: TaskId, version: i64) -> Result<Task, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::dependencies::withdraw(&services, &actor, (id, version)).await?)
}

/// What is drawn: a project, or what is around a task; both by key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drawn {
    /// A project.
    Project(String),
    /// A task.
    Task(String),
}

/// A drawing, ready to be shown.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Drawing {
    /// As SVG.
    pub svg: String,
    /// Its tasks in working order.
    pub tasks: Vec<DrawnTask>,
    /// The dependencies that may be taken away or not: places in `tasks`.
    pub links: Vec<(usize, usize, bool)>,
    /// Open tasks on the critical path.
    pub critical_count: i64,
    /// Their estimates, in minutes.
    pub critical_minutes: i64,
    /// Tasks that are left out.
    pub left_out: i64,
}

impl Drawing {
    /// Whether both show the same. The picture is left out: it is drawn from the rest, and may not have come along.
    pub fn says_as(&self, other: &Self) -> bool {
        let said = |it: &Self| (it.critical_count, it.critical_minutes, it.left_out);
        self.tasks == other.tasks && self.links == other.links && said(self) == said(other)
    }
}

/// A line of the list that says the same as the drawing.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DrawnTask {
    /// Its id.
    pub id: TaskId,
    /// Its key.
    pub key: String,
    /// What is to be done; `None` where the reader may not see it.
    pub title: Option<String>,
    /// What its column means.
    pub category: domain::board::Category,
    /// Whether it is blocked.
    pub blocked: bool,
    /// Whether it is on the critical path.
    pub critical: bool,
    /// Its layer, from the left.
    pub layer: i64,
    /// Its place from the top, in rows.
    pub row: f64,
}

/// Draws a project or what is around a task, with finished tasks or without; `chosen` is marked, by key.
#[server(name = DrawGraph, prefix = "/fn", endpoint = "graph/draw", input = server_fn::codec::Json)]
pub async fn draw_graph(of: Drawn, done: bool, chosen: Option<String>) -> Result<Drawing, AppError> {
    use crate::{paths, ssr};
    use domain::dependency::GraphOf;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let path = match &of {
        Drawn::Project(key) => paths::graph(key),
        Drawn::Task(key) => paths::task_graph(key),
    };
    let of = match of {
        Drawn::Project(key) => {
            GraphOf::Project(services::projects::id_of_key(&services, &actor, &key).await?)
        }
        Drawn::Task(key) => {
            GraphOf::Task(services::tasks::find_by_key(&services, &actor, &key).await?.summary.id)
        }
    };
    let graph = services::dependencies::graph(&services, &actor, of, done).await?;
    let page = if done { format!("{path}?done=1&") } else { format!("{path}?") };
    Ok(drawing::of(graph, chosen.as_deref(), &page))
}

/// Makes the dependencies of a table, or only tells what would become of each.
#[server(name = ImportDependencies, prefix = "/fn", endpoint = "import/dependencies")]
pub async fn import_dependencies(
    #[server(default)] csv: String,
    #[server(default)] dry_run: bool,
) -> Result<DependencyReport, AppError> {
    use super::account::landing;
    use crate::{features::query::address, paths, ssr};
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let order = domain::import::ImportDependencies { csv, dry_run };
    let report = services::dependencies::import_csv(&services, &actor, order).await?;
    if landing::is_without_script() {
        // An address has no room for reasons; a refusal brings them, and what was typed.
        services::dependencies::refuse_import(&report)?;
    }
    let counts = [report.created, report.kept, report.refused].map(|count| count.to_string()).join("-");
    let told = if report.dry_run { "links-checked" } else { "links-made" };
    landing::without_script(&address(paths::IMPORT, &[(told, &counts)]));
    Ok(report)
}

#[cfg(feature = "ssr")]
mod named {
    use domain::{Error, Result, search_text};
    use services::{Actor, Services};

    /// Tasks that a refusal names.
    const FEW: i64 = 5;

    /// The key of the task that is meant: by its key, or by words that only it has.
    ///
    /// # Errors
    /// [`Error::Invalid`] if none or several have them.
    pub async fn one(services: &Services, actor: &Actor, text: &str) -> Result<String> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Error::field(
                "to",
                "blank",
                "Enter the key of the other task, or words of its title.",
            ));
        }
        if search_text::task_key(text).is_some() {
            return Ok(text.to_owned());
        }
        let hits = services::search::quick(services, actor, text, FEW).await?.tasks;
        let tasks: Vec<_> = hits.into_iter().map(|hit| hit.task).collect();
        match tasks.as_slice() {
            [] => Err(Error::field(
                "to",
                "unknown",
                format!("No task that you may see has the words “{text}”."),
            )),
            [one] => Ok(one.key.clone()),
            several => {
                let names: Vec<_> =
                    several.iter().map(|task| format!("{} {}", task.key, task.title)).collect();
                let message =
                    format!("Several tasks have these words. Enter one’s key: {}.", names.join("; "));
                Err(Error::field("to", "several", message))
            }
        }
    }

    /// The same refusal, said of the form's field.
    pub fn in_form(error: Error) -> Error {
        match error {
            Error::Invalid { mut fields } => {
                for field in fields.iter_mut().filter(|field| field.field == "task") {
                    field.field = "to".into();
                }
                Error::Invalid { fields }
            }
            other => other,
        }
    }
}

#[cfg(feature = "ssr")]
mod drawing {
    use super::{Drawing, DrawnTask};
    use domain::task_graph::TaskGraph;

    pub fn of(graph: TaskGraph, chosen: Option<&str>, page: &str) -> Drawing {
        let chosen = chosen.and_then(|key| graph.tasks.iter().find(|task| task.key.as_deref() == Some(key)));
        let svg = crate::graph_svg::draw(&graph, chosen.map(|task| task.id), page);
        Drawing {
            svg,
            links: graph.links.iter().map(|link| (link.from, link.to, link.removable)).collect(),
            critical_count: graph.critical_count,
            critical_minutes: graph.critical_minutes,
            left_out: graph.left_out,
            tasks: graph
                .tasks
                .into_iter()
                .map(|task| DrawnTask {
                    id: task.id,
                    key: task.key.unwrap_or_default(),
                    title: task.title,
                    category: task.category,
                    blocked: task.blocked,
                    critical: task.critical,
                    layer: task.layer,
                    row: task.y,
                })
                .collect(),
        }
    }
}
