//! Labels of projects.

use crate::{
    access::Visible,
    db::{Result, Tx},
};
use domain::{
    ids::{LabelId, ProjectId},
    label::Label,
    page::Paged,
    palette::Colour,
    validate,
};
use uuid::Uuid;

const SELECT: &str = "SELECT id, project_id, name, colour, version FROM label";

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    project_id: Uuid,
    name: String,
    colour: String,
    version: i64,
}

impl From<Row> for Label {
    fn from(row: Row) -> Self {
        Self {
            id: LabelId(row.id),
            project_id: ProjectId(row.project_id),
            name: row.name,
            colour: Colour::parse(&row.colour).unwrap_or_default(),
            version: row.version,
        }
    }
}

/// A project's labels by name. Index: `label_name`.
pub async fn of_project(tx: &mut Tx, project: ProjectId) -> Result<Vec<Label>> {
    let sql = tx.compose(SELECT).bind(" WHERE project_id = ?", project.uuid()).push(" ORDER BY name_key");
    let rows: Vec<Row> = tx.build(sql).all().await?;
    Ok(rows.into_iter().map(Label::from).collect())
}

/// The labels of one project, or of all that may be seen and are not deleted, oldest first: a page after the label
/// `after`. Index: the key.
pub async fn list(
    tx: &mut Tx,
    (project, visible): (Option<ProjectId>, Visible),
    (limit, after): (i64, Option<LabelId>),
) -> Result<Paged<Label>> {
    let sql = tx
        .compose(SELECT)
        .push(" WHERE 1 = 1")
        .bind_some(" AND id > ?", after.map(LabelId::uuid))
        .bind_some(" AND project_id = ?", project.map(ProjectId::uuid));
    let sql = if project.is_some() {
        sql
    } else {
        let sql = sql.push(" AND project_id IN (SELECT p.id FROM project p WHERE p.lifecycle <> 2)");
        visible.restrict(sql, " AND project_id")
    };
    let rows: Vec<Row> = tx.build(sql.bind(" ORDER BY id LIMIT ?", limit + 1)).all().await?;
    let labels = rows.into_iter().map(Label::from).collect();
    Ok(Paged::cut(labels, limit, |label| label.id.to_string()))
}

/// The label of that id.
pub async fn find(tx: &mut Tx, id: LabelId) -> Result<Option<Label>> {
    let sql = tx.compose(SELECT).bind(" WHERE id = ?", id.uuid());
    let row: Option<Row> = tx.build(sql).optional().await?;
    Ok(row.map(Label::from))
}

/// The labels of those ids, of whatever project, by name; ids that nothing has are left out.
pub async fn find_many(tx: &mut Tx, ids: &[LabelId]) -> Result<Vec<Label>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = tx
        .compose(SELECT)
        .push(" WHERE id IN ")
        .list(ids.iter().map(|id| id.uuid()))
        .push(" ORDER BY name_key, id");
    let rows: Vec<Row> = tx.build(sql).all().await?;
    Ok(rows.into_iter().map(Label::from).collect())
}

/// Adds a label.
///
/// # Errors
/// [`crate::Error::Taken`] if the name in the project or the id is.
pub async fn insert(tx: &mut Tx, label: &Label) -> Result<()> {
    tx.sql(
        "INSERT INTO label (id, project_id, name, name_key, colour, version)
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(label.id.uuid())
    .bind(label.project_id.uuid())
    .bind(label.name.clone())
    .bind(validate::name_key(&label.name))
    .bind(label.colour.as_str())
    .bind(label.version)
    .run()
    .await
    .map(drop)
}

/// Writes a changed label over version `seen`; `false` if it has another version by now.
///
/// # Errors
/// [`crate::Error::Taken`] if the name is.
pub async fn update(tx: &mut Tx, label: &Label, seen: i64) -> Result<bool> {
    let matched = tx
        .sql("UPDATE label SET name = ?, name_key = ?, colour = ?, version = ? WHERE id = ? AND version = ?")
        .bind(label.name.clone())
        .bind(validate::name_key(&label.name))
        .bind(label.colour.as_str())
        .bind(label.version)
        .bind(label.id.uuid())
        .bind(seen)
        .run()
        .await?;
    Ok(matched > 0)
}

/// Removes a label, also from the tasks that have it.
pub async fn delete(tx: &mut Tx, id: LabelId) -> Result<()> {
    tx.sql("DELETE FROM label WHERE id = ?").bind(id.uuid()).run().await.map(drop)
}
