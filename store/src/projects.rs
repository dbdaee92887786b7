//! Projects, the numbers that are kept with them, and the faces that lists show.

use crate::{
    access::Visible,
    days,
    db::{Error, Result, Sql, Tx},
};
use domain::{
    ids::{ProjectId, UserId},
    page::{Page, Paged},
    palette::Colour,
    project::{Lifecycle, Project, ProjectFilter, ProjectStatus},
    search_text,
    time::Timestamp,
    user::UserRef,
};
use std::collections::HashMap;
use uuid::Uuid;

/// How many members a list shows of each project.
pub const FACES: usize = 5;

const SELECT: &str = "SELECT p.id, p.project_key, p.name, p.description, p.status, p.lifecycle, p.colour,
       o.id AS owner_id, o.username AS owner_username, o.display_name AS owner_name,
       p.start_on, p.due_on, p.open_count, p.done_count, p.member_count, p.created_at, p.updated_at,
       p.urgent_at, p.version
     FROM project p
     LEFT JOIN person o ON o.id = p.owner_id";

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    project_key: String,
    name: String,
    description: String,
    status: String,
    lifecycle: i16,
    colour: String,
    owner_id: Option<Uuid>,
    owner_username: Option<String>,
    owner_name: Option<String>,
    start_on: String,
    due_on: String,
    open_count: i64,
    done_count: i64,
    member_count: i64,
    created_at: i64,
    updated_at: i64,
    urgent_at: Option<i64>,
    version: i64,
}

impl Row {
    fn into_project(self) -> Result<Project> {
        let status = ProjectStatus::parse(&self.status)
            .ok_or_else(|| Error::Corrupt(format!("project {}: status {}", self.project_key, self.status)))?;
        let owner = match (self.owner_id, self.owner_username, self.owner_name) {
            (Some(id), Some(username), Some(display_name)) => {
                Some(UserRef { id: UserId(id), username, display_name })
            }
            _ => None,
        };
        Ok(Project {
            id: ProjectId(self.id),
            key: self.project_key,
            name: self.name,
            description: self.description,
            status,
            lifecycle: Lifecycle::from_code(self.lifecycle.into()),
            colour: Colour::parse(&self.colour).unwrap_or_default(),
            owner,
            start_on: days::read(&self.start_on),
            due_on: days::read(&self.due_on),
            open_count: self.open_count,
            done_count: self.done_count,
            member_count: self.member_count,
            members: Vec::new(),
            created_at: Timestamp(self.created_at),
            updated_at: Timestamp(self.updated_at),
            urgent_since: self.urgent_at.map(Timestamp),
            version: self.version,
        })
    }
}

/// The project of that id, whatever its lifecycle; `members` is empty, see [`with_faces`].
pub async fn find(tx: &mut Tx, id: ProjectId) -> Result<Option<Project>> {
    let sql = tx.compose(SELECT).bind(" WHERE p.id = ?", id.uuid());
    let row: Option<Row> = tx.build(sql).optional().await?;
    row.map(Row::into_project).transpose()
}

/// The project of that key (in capitals), whatever its lifecycle; `members` is empty, see [`with_faces`].
pub async fn find_by_key(tx: &mut Tx, key: &str) -> Result<Option<Project>> {
    let sql = tx.compose(SELECT).bind(" WHERE p.project_key = ?", key.to_owned());
    let row: Option<Row> = tx.build(sql).optional().await?;
    row.map(Row::into_project).transpose()
}

/// Where a page of the list ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cursor {
    updated_at: Timestamp,
    id: ProjectId,
}

impl Cursor {
    /// The cursor that a text spells.
    pub fn parse(text: &str) -> Option<Self> {
        let (micros, id) = text.split_once('.')?;
        Some(Self { updated_at: Timestamp(micros.parse().ok()?), id: id.parse().ok()? })
    }

    fn of(project: &Project) -> String {
        format!("{}.{}", project.updated_at.micros(), project.id)
    }
}

/// Projects, latest change first; `members` is empty, see [`with_faces`].
///
/// `deletable_by`: only those in which this person has a role with `project.delete`.
/// Index: `project_by_update`.
pub async fn list(
    tx: &mut Tx,
    filter: &ProjectFilter,
    (visible, deletable_by): (Visible, Option<UserId>),
    (page, after): (&Page, Option<Cursor>),
) -> Result<Paged<Project>> {
    let sql = tx
        .compose(SELECT)
        .bind(" WHERE p.lifecycle = ?", filter.lifecycle.code())
        .bind_some(" AND p.status = ?", filter.status.map(ProjectStatus::as_str));
    let sql = matching(sql, filter.search.as_deref().unwrap_or_default());
    let sql = visible.restrict(sql, " AND p.id").bind_some(
        " AND p.id IN (
           SELECT d.project_id
           FROM project_member d
           JOIN role_permission dp ON dp.role_id = d.role_id AND dp.permission = 'project.delete'
           WHERE d.user_id = ?)",
        deletable_by.map(UserId::uuid),
    );
    let sql = match after {
        // Not a row value: MariaDB finds no range of the index in one.
        Some(Cursor { updated_at, id }) => sql
            .bind(" AND p.updated_at <= ?", updated_at.micros())
            .bind(" AND (p.updated_at < ?", updated_at.micros())
            .bind(" OR p.id < ?)", id.uuid()),
        None => sql,
    };
    let sql = sql.bind(" ORDER BY p.updated_at DESC, p.id DESC LIMIT ?", page.limit + 1);
    let rows: Vec<Row> = tx.build(sql).all().await?;
    let items = rows.into_iter().map(Row::into_project).collect::<Result<Vec<_>>>()?;
    Ok(Paged::cut(items, page.limit, Cursor::of))
}

/// Fills `members` of at most a page of projects with the first few, in one statement: a limited select for each
/// project, joined by `UNION ALL`, reads those few rows only, however many members there are.
/// Index: the key of `project_member`.
pub async fn with_faces(tx: &mut Tx, projects: &mut [Project]) -> Result<()> {
    if projects.is_empty() {
        return Ok(());
    }
    let mut sql = tx.compose(
        "SELECT f.project_id, u.id, u.username, u.display_name
         FROM (",
    );
    for (index, project) in projects.iter().enumerate() {
        sql = sql
            .push(if index == 0 { "" } else { " UNION ALL " })
            .bind(
                "SELECT project_id, user_id FROM (
                 SELECT DISTINCT project_id, user_id
                 FROM project_member
                 WHERE project_id = ?",
                project.id.uuid(),
            )
            .bind(" ORDER BY user_id LIMIT ?) AS one", i64::try_from(FACES).unwrap_or(i64::MAX));
    }
    let sql = sql.push(") AS f JOIN person u ON u.id = f.user_id ORDER BY u.id");
    let rows: Vec<(Uuid, Uuid, String, String)> = tx.build(sql).all().await?;
    let mut faces: HashMap<ProjectId, Vec<UserRef>> = HashMap::new();
    for (project, id, username, display_name) in rows {
        let person = UserRef { id: UserId(id), username, display_name };
        faces.entry(ProjectId(project)).or_default().push(person);
    }
    for project in projects {
        project.members = faces.remove(&project.id).unwrap_or_default();
    }
    Ok(())
}

/// The keys in use that begin with `start`, which holds capitals and digits only. Index: `project_key`.
pub async fn keys_beginning_with(tx: &mut Tx, start: &str) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = tx
        .sql("SELECT project_key FROM project WHERE project_key LIKE ?")
        .bind(format!("{start}%"))
        .all()
        .await?;
    Ok(rows.into_iter().map(|(key,)| key).collect())
}

/// Adds a project with the number of members that it is about to get, and without columns.
///
/// # Errors
/// [`Error::Taken`] if the key or id is.
pub async fn insert(tx: &mut Tx, project: &Project) -> Result<()> {
    tx.sql(
        "INSERT INTO project (id, project_key, name, search_text, description, status, lifecycle, colour, owner_id,
           start_on, due_on, next_number, open_count, done_count, member_count, deleted_at, created_at, updated_at,
           version)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, 0, ?, NULL, ?, ?, ?)",
    )
    .bind(project.id.uuid())
    .bind(project.key.clone())
    .bind(project.name.clone())
    .bind(searchable(project))
    .bind(project.description.clone())
    .bind(project.status.as_str())
    .bind(project.lifecycle.code())
    .bind(project.colour.as_str())
    .bind(project.owner.as_ref().map(|owner| owner.id.uuid()))
    .bind(days::write(project.start_on))
    .bind(days::write(project.due_on))
    .bind(project.member_count)
    .bind(project.created_at.micros())
    .bind(project.updated_at.micros())
    .bind(project.version)
    .run()
    .await
    .map(drop)
}

/// Writes a changed project over version `seen`; `false` if it has another version by now.
pub async fn update(tx: &mut Tx, project: &Project, seen: i64) -> Result<bool> {
    let deleted_at = (project.lifecycle == Lifecycle::Deleted).then_some(project.updated_at.micros());
    let matched = tx
        .sql(
            "UPDATE project
             SET name = ?, search_text = ?, description = ?, status = ?, lifecycle = ?, colour = ?, owner_id = ?,
               start_on = ?, due_on = ?, deleted_at = ?, updated_at = ?, version = ?
             WHERE id = ? AND version = ?",
        )
        .bind(project.name.clone())
        .bind(searchable(project))
        .bind(project.description.clone())
        .bind(project.status.as_str())
        .bind(project.lifecycle.code())
        .bind(project.colour.as_str())
        .bind(project.owner.as_ref().map(|owner| owner.id.uuid()))
        .bind(days::write(project.start_on))
        .bind(days::write(project.due_on))
        .bind(deleted_at)
        .bind(project.updated_at.micros())
        .bind(project.version)
        .bind(project.id.uuid())
        .bind(seen)
        .run()
        .await?;
    Ok(matched > 0)
}

/// Says that something in a project changed.
pub async fn touch(tx: &mut Tx, id: ProjectId, now: Timestamp) -> Result<()> {
    tx.sql("UPDATE project SET updated_at = ? WHERE id = ?")
        .bind(now.micros())
        .bind(id.uuid())
        .run()
        .await
        .map(drop)
}

/// Adds to the numbers of open and done tasks, and says that something in the project changed.
pub async fn add_to_counts(tx: &mut Tx, id: ProjectId, open: i64, done: i64, now: Timestamp) -> Result<()> {
    tx.sql(
        "UPDATE project
         SET open_count = open_count + ?, done_count = done_count + ?, updated_at = ?
         WHERE id = ?",
    )
    .bind(open)
    .bind(done)
    .bind(now.micros())
    .bind(id.uuid())
    .run()
    .await
    .map(drop)
}

/// Takes `count` task numbers in a row and gives the first. Only in a transaction of [`crate::Db::write`], where no
/// other one can take the same.
pub async fn take_numbers(tx: &mut Tx, id: ProjectId, count: i64) -> Result<i64> {
    let (first,): (i64,) =
        tx.sql("SELECT next_number FROM project WHERE id = ?").bind(id.uuid()).one().await?;
    tx.sql("UPDATE project SET next_number = ? WHERE id = ?")
        .bind(first + count)
        .bind(id.uuid())
        .run()
        .await?;
    Ok(first)
}

fn matching(sql: Sql, search: &str) -> Sql {
    let terms = search_text::query_terms(search);
    // Something was looked for, but nothing in it that could be found.
    let hopeless = terms.is_empty() && !search.trim().is_empty();
    terms
        .into_iter()
        .fold(sql, |sql, term| sql.bind(" AND p.search_text LIKE ?", format!("%{term}%")))
        .push_if(hopeless, " AND 1 = 0")
}

fn searchable(project: &Project) -> String {
    let text = format!("{} {}", project.key, project.name);
    search_text::normalise(&text).chars().take(400).collect()
}
