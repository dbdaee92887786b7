//! Importing Markdown checklists.

use crate::AppError;
use domain::import::{HeadingsAs, ImportReport};
use leptos::prelude::*;

/// Imports a checklist, or only tells what that would do. Its address has a larger limit for what is sent.
#[server(name = ImportChecklist, prefix = "/fn", endpoint = "import/checklist")]
pub async fn import_checklist(
    project_key: String,
    #[server(default)] project_name: String,
    #[server(default)] headings: HeadingsAs,
    markdown: String,
    #[server(default)] dry_run: bool,
) -> Result<ImportReport, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let project_name = (!project_name.trim().is_empty()).then_some(project_name);
    let command =
        domain::import::ImportChecklist { project_key, project_name, headings, markdown, dry_run };
    let report = services::import::checklist(&services, &actor, command).await?;
    if !report.dry_run {
        super::account::landing::without_script(&crate::paths::tasks(&report.project_key));
    }
    Ok(report)
}
