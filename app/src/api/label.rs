//! The labels of a project.

use crate::AppError;
use domain::{
    ids::{LabelId, ProjectId},
    label::Label,
};
use leptos::prelude::*;

/// A project's labels by name.
#[server(name = ListLabels, prefix = "/fn", endpoint = "label/list")]
pub async fn list_labels(project: ProjectId) -> Result<Vec<Label>, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::labels::list(&services, &actor, project).await?)
}

/// Adds a label.
#[server(name = CreateLabel, prefix = "/fn", endpoint = "label/create")]
pub async fn create_label(
    project: ProjectId,
    name: String,
    #[server(default)] colour: String,
) -> Result<Label, AppError> {
    use crate::ssr;
    use domain::palette::Colour;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let colour = Colour::parse(&colour).unwrap_or_default();
    let new = domain::label::NewLabel { id: None, name, colour };
    Ok(services::labels::create(&services, &actor, project, new).await?)
}

/// Changes a label's name and colour.
#[server(name = UpdateLabel, prefix = "/fn", endpoint = "label/update")]
pub async fn update_label(
    id: LabelId,
    version: i64,
    name: String,
    #[server(default)] colour: String,
) -> Result<Label, AppError> {
    use crate::ssr;
    use domain::palette::Colour;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let edit = domain::label::EditLabel { version, name: Some(name), colour: Colour::parse(&colour) };
    Ok(services::labels::update(&services, &actor, id, edit).await?)
}

/// Removes a label from the project and all its tasks.
#[server(name = DeleteLabel, prefix = "/fn", endpoint = "label/delete")]
pub async fn delete_label(id: LabelId) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::labels::delete(&services, &actor, id).await?)
}
