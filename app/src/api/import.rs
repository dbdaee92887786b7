//! Importing Markdown checklists.

use crate::AppError;
use domain::import::{HeadingsAs, ImportReport};
use leptos::prelude::*;

/// Imports a checklist into the project with the key `into`, or into a new one when that is blank; with `dry_run`, only
/// tells what that would do. Its address has a larger limit for what is sent.
#[server(name = ImportChecklist, prefix = "/fn", endpoint = "import/checklist")]
pub async fn import_checklist(
    #[server(default)] into: String,
    #[server(default)] project_key: String,
    #[server(default)] project_name: String,
    #[server(default)] headings: HeadingsAs,
    #[server(default)] markdown: String,
    #[server(default)] dry_run: bool,
) -> Result<ImportReport, AppError> {
    use super::account::landing;
    use crate::{features::query::address, paths, ssr};
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let project_key = if into.is_empty() { project_key } else { into };
    let project_name = (!project_name.trim().is_empty()).then_some(project_name);
    let command = domain::import::ImportChecklist { project_key, project_name, headings, markdown, dry_run };
    let report = services::import::checklist(&services, &actor, command).await?;
    if report.dry_run {
        let counts = [report.created, report.updated, report.unchanged].map(|count| count.to_string());
        landing::without_script(&address(paths::IMPORT, &[("checked", &counts.join("-"))]));
    } else {
        landing::without_script(&paths::tasks(&report.project_key));
    }
    Ok(report)
}
