//! What the fields of a task offer.

use crate::{Actor, Services, projects};
use domain::{Result, board::Column, ids::ProjectId, label::Label, user::UserRef};
use store::Tx;

/// A project's columns from left to right, its labels by name, and the people who can be given work, by name.
pub type Choices = (Vec<Column>, Vec<Label>, Vec<UserRef>);

/// What the fields of a project's tasks offer.
///
/// # Errors
/// [`domain::Error::NotFound`].
pub async fn choices(services: &Services, actor: &Actor, project: ProjectId) -> Result<Choices> {
    services
        .read_listed(actor, |mut tx| async move {
            projects::readable(&mut tx, actor, project).await?;
            choices_in(&mut tx, project).await
        })
        .await
}

/// As [`choices`], for someone who was let in already.
pub(super) async fn choices_in(tx: &mut Tx, project: ProjectId) -> Result<Choices> {
    let columns = store::columns::list(tx, project).await?;
    let labels = store::labels::of_project(tx, project).await?;
    let people = store::project_members::people(tx, project).await?;
    Ok((columns, labels, people))
}
