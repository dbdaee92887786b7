//! Labels of a project's tasks.

use crate::{
    Actor, Services, authorize,
    journal::{Entry, Journal},
    projects::{changeable, readable},
};
use domain::{
    Error, Result,
    activity::{Action, Change},
    ids::{LabelId, ProjectId},
    label::{EditLabel, Label, NewLabel},
    limits,
    page::{Page, Paged},
    permission::Permission,
    validate,
};
use store::Tx;

/// A project's labels by name.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn list(services: &Services, actor: &Actor, project: ProjectId) -> Result<Vec<Label>> {
    services
        .read_listed(actor, |mut tx| async move {
            readable(&mut tx, actor, project).await?;
            Ok(store::labels::of_project(&mut tx, project).await?)
        })
        .await
}

/// The labels of one project, or of all that the actor may see, oldest first.
///
/// # Errors
/// [`Error::NotFound`] for a project that they may not see; [`Error::Invalid`] for a cursor that no page gave.
pub async fn page(
    services: &Services,
    actor: &Actor,
    project: Option<ProjectId>,
    page: Page,
) -> Result<Paged<Label>> {
    let after = page.after(|text| text.parse().ok())?;
    services
        .read_listed(actor, |mut tx| async move {
            if let Some(project) = project {
                readable(&mut tx, actor, project).await?;
            }
            Ok(store::labels::list(&mut tx, (project, actor.visible()), (page.limit, after)).await?)
        })
        .await
}

/// The label of that id.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(services: &Services, actor: &Actor, id: LabelId) -> Result<Label> {
    let not_found = || Error::not_found("label");
    let mut tx = services.db.read().await?;
    let label = store::labels::find(&mut tx, id).await?.ok_or_else(not_found)?;
    readable(&mut tx, actor, label.project_id).await.map_err(|error| error.about("label"))?;
    Ok(label)
}

/// Adds a label.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`] for a blank, long or taken name; [`Error::Refused`]
/// with `too_many_labels`.
pub async fn create(services: &Services, actor: &Actor, project: ProjectId, new: NewLabel) -> Result<Label> {
    let mut tx = services.db.write().await?;
    changeable(&mut tx, actor, Permission::LabelManage, project).await?;
    let name = check_name(&new.name)?;
    if let Some(id) = new.id
        && let Some(existing) = store::labels::find(&mut tx, id).await?
    {
        return same_create(existing, project);
    }
    if store::labels::of_project(&mut tx, project).await?.len() >= limits::LABELS {
        return Err(Error::refused(
            "too_many_labels",
            format!("A project has at most {} labels. Delete one that is not needed.", limits::LABELS),
        ));
    }
    let id = services.id_or_new(new.id);
    let label = Label { id, project_id: project, name, colour: new.colour, version: 1 };
    store::labels::insert(&mut tx, &label).await.map_err(taken)?;
    store::projects::touch(&mut tx, project, services.now()).await?;
    let mut journal = Journal::new(services, actor);
    journal.add(Entry::new(Action::LabelCreated, &label.name).project(project));
    journal.commit(tx).await?;
    Ok(label)
}

/// Changes a label, on every task that has it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], [`Error::Conflict`].
pub async fn update(services: &Services, actor: &Actor, id: LabelId, edit: EditLabel) -> Result<Label> {
    let mut tx = services.db.write().await?;
    let before = changeable_label(&mut tx, actor, id).await?;
    if before.version != edit.version {
        return Err(stale(&before));
    }
    let name = match &edit.name {
        Some(name) => check_name(name)?,
        None => before.name.clone(),
    };
    let mut after = Label { name, colour: edit.colour.unwrap_or(before.colour), ..before.clone() };
    let changes = differences(&before, &after);
    if changes.is_empty() {
        return Ok(before);
    }
    after.version += 1;
    if !store::labels::update(&mut tx, &after, before.version).await.map_err(taken)? {
        return Err(stale(&before));
    }
    store::projects::touch(&mut tx, after.project_id, services.now()).await?;
    let mut journal = Journal::new(services, actor);
    journal.add(Entry::new(Action::LabelUpdated, &after.name).project(after.project_id).changes(changes));
    journal.commit(tx).await?;
    Ok(after)
}

/// Removes a label, also from the tasks that have it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn delete(services: &Services, actor: &Actor, id: LabelId) -> Result<()> {
    let mut tx = services.db.write().await?;
    let label = changeable_label(&mut tx, actor, id).await?;
    store::labels::delete(&mut tx, id).await?;
    store::projects::touch(&mut tx, label.project_id, services.now()).await?;
    let mut journal = Journal::new(services, actor);
    journal.add(Entry::new(Action::LabelDeleted, &label.name).project(label.project_id));
    journal.commit(tx).await
}

async fn changeable_label(tx: &mut Tx, actor: &Actor, id: LabelId) -> Result<Label> {
    let label = store::labels::find(tx, id).await?.ok_or_else(|| Error::not_found("label"))?;
    authorize::in_project(actor, Permission::LabelManage, label.project_id, "label")?;
    changeable(tx, actor, Permission::LabelManage, label.project_id).await?;
    Ok(label)
}

fn same_create(existing: Label, project: ProjectId) -> Result<Label> {
    if existing.project_id == project {
        Ok(existing)
    } else {
        Err(Error::field("id", "taken", "This id is in use. Send the label with another one."))
    }
}

fn check_name(name: &str) -> Result<String> {
    validate::name(name, limits::NAME).map_err(|problem| Error::field("name", problem.code, problem.message))
}

fn differences(before: &Label, after: &Label) -> Vec<Change> {
    let some = |text: &str| Some(text.to_owned());
    [
        Change::of("name", some(&before.name), some(&after.name)),
        Change::of("colour", some(before.colour.as_str()), some(after.colour.as_str())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn taken(error: store::Error) -> Error {
    match error {
        store::Error::Taken(_) => {
            Error::field("name", "taken", "This project has a label with this name. Choose another.")
        }
        other => other.into(),
    }
}

fn stale(current: &Label) -> Error {
    Error::conflict("label", serde_json::to_string(current).unwrap_or_default())
}
