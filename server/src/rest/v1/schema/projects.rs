//! Projects with their members, columns and labels.

use super::{Category, Colour, Lifecycle, Permission, ProjectStatus, TaskSummary, UserRef};
use utoipa::ToSchema;
use uuid::Uuid;

/// A project, as lists and its own page show it.
#[derive(ToSchema)]
pub struct Project {
    /// Its id.
    pub id: Uuid,
    /// Its key, the first part of its tasks' keys: `WEB`. Never changes.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it is about, in Markdown.
    pub description: String,
    /// Where it stands.
    pub status: ProjectStatus,
    /// Whether it is in use, archived or deleted.
    pub lifecycle: Lifecycle,
    /// Its colour.
    pub colour: Colour,
    /// Who answers for it.
    #[schema(required = true)]
    pub owner: Option<UserRef>,
    /// When work starts.
    #[schema(format = Date, required = true)]
    pub start_on: Option<String>,
    /// When it is due.
    #[schema(format = Date, required = true)]
    pub due_on: Option<String>,
    /// Active tasks that are not done; kept in the transaction that changes it.
    pub open_count: i64,
    /// Active tasks that are done; kept likewise.
    pub done_count: i64,
    /// People with access through membership (directly or by team).
    pub member_count: i64,
    /// The first few of them, for faces in lists.
    pub members: Vec<UserRef>,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it, or anything in it, last changed.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// Since when it is urgent, while it is.
    #[schema(format = DateTime, required = true)]
    pub urgent_since: Option<String>,
    /// Grows with every change of the project's own fields.
    pub version: i64,
}

/// A project in passing.
#[derive(ToSchema)]
pub struct ProjectRef {
    /// Its id.
    pub id: Uuid,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its colour.
    pub colour: Colour,
    /// Whether it is urgent.
    pub urgent: bool,
}

/// A new project.
#[derive(ToSchema)]
pub struct NewProject {
    /// Made by the client or by the service.
    pub id: Option<Uuid>,
    /// Its key, the first part of its tasks' keys: `WEB`. Never changes; blank: made from the name.
    #[schema(required = false)]
    pub key: String,
    /// Its name.
    #[schema(required = false)]
    pub name: String,
    /// What it is about, in Markdown.
    #[schema(required = false)]
    pub description: String,
    /// Where it stands.
    #[schema(required = false)]
    pub status: ProjectStatus,
    /// Its colour.
    #[schema(required = false)]
    pub colour: Colour,
    /// When work starts.
    #[schema(format = Date)]
    pub start_on: Option<String>,
    /// When it is due.
    #[schema(format = Date)]
    pub due_on: Option<String>,
}

/// A change of a project: what is `null` stays.
#[derive(ToSchema)]
pub struct EditProject {
    /// The version that the editor saw.
    #[schema(required = false)]
    pub version: i64,
    /// Its name.
    pub name: Option<String>,
    /// What it is about, in Markdown.
    pub description: Option<String>,
    /// Where it stands.
    pub status: Option<ProjectStatus>,
    /// Its colour.
    pub colour: Option<Colour>,
    /// The new owner, a member; `null` for nobody.
    pub owner_id: Option<Uuid>,
    /// `null` clears it.
    #[schema(format = Date)]
    pub start_on: Option<String>,
    /// `null` clears it.
    #[schema(format = Date)]
    pub due_on: Option<String>,
}

/// Someone's place in a project, directly or through a team.
#[derive(ToSchema)]
pub struct ProjectMember {
    /// The person.
    pub user: UserRef,
    /// Their role in the project.
    pub role_id: Uuid,
    /// That role's name.
    pub role_name: String,
    /// The team that brings them in; `null` for a direct member.
    #[schema(required = true)]
    pub team_id: Option<Uuid>,
    /// That team's name.
    #[schema(required = true)]
    pub team_name: Option<String>,
}

/// A team's place in a project.
#[derive(ToSchema)]
pub struct ProjectTeam {
    /// The team.
    pub team_id: Uuid,
    /// Its name.
    pub name: String,
    /// The role that its people have in the project.
    pub role_id: Uuid,
    /// That role's name.
    pub role_name: String,
    /// How many people it brings.
    pub member_count: i64,
}

/// A project with what the caller may do in it: what its pages need to offer the right controls.
#[derive(ToSchema)]
pub struct ProjectView {
    /// The project.
    pub project: Project,
    /// Its description as safe HTML.
    pub description_html: String,
    /// What the caller may do in it.
    pub permissions: Vec<Permission>,
}

/// A column of a project's board.
#[derive(ToSchema)]
pub struct Column {
    /// Its id.
    pub id: Uuid,
    /// The project that it belongs to.
    pub project_id: Uuid,
    /// Its name, unique in the project.
    pub name: String,
    /// What it means.
    pub category: Category,
    /// Its place from the left, from 0.
    pub position: i64,
    /// Active tasks in it (neither archived nor deleted); kept in the transaction that changes it.
    pub task_count: i64,
    /// Grows with every change of name, category or place.
    pub version: i64,
}

/// A new column, put at the right end.
#[derive(ToSchema)]
pub struct NewColumn {
    /// Made by the client or by the service.
    pub id: Option<Uuid>,
    /// Its name, unique in the project.
    pub name: String,
    /// What it means.
    pub category: Category,
}

/// A change of a column: what is `null` stays.
#[derive(ToSchema)]
pub struct EditColumn {
    /// The version that the editor saw.
    #[schema(required = false)]
    pub version: i64,
    /// Its name, unique in the project.
    pub name: Option<String>,
    /// What it means.
    pub category: Option<Category>,
    /// The place to move it to, from 0.
    pub position: Option<i64>,
}

/// A whole board.
#[derive(ToSchema)]
pub struct Board {
    /// The columns from left to right.
    pub columns: Vec<BoardColumn>,
}

/// A column with its first cards.
#[derive(ToSchema)]
pub struct BoardColumn {
    /// The column.
    pub column: Column,
    /// Its cards by rank, at most 300.
    pub cards: Vec<TaskSummary>,
}

/// A label.
#[derive(ToSchema)]
pub struct Label {
    /// Its id.
    pub id: Uuid,
    /// The project that it belongs to.
    pub project_id: Uuid,
    /// Its name, unique in the project without regard to case.
    pub name: String,
    /// Its colour.
    pub colour: Colour,
    /// Grows with every change.
    pub version: i64,
}

/// A new label.
#[derive(ToSchema)]
pub struct NewLabel {
    /// Made by the client or by the service.
    pub id: Option<Uuid>,
    /// Its name, unique in the project without regard to case.
    pub name: String,
    /// Its colour.
    #[schema(required = false)]
    pub colour: Colour,
}

/// A new label that says where.
#[derive(ToSchema)]
pub struct PlacedLabel {
    /// The project, by id or key.
    pub project: String,
    /// Made by the client or by the service.
    pub id: Option<Uuid>,
    /// Its name, unique in the project without regard to case.
    pub name: String,
    /// Its colour.
    #[schema(required = false)]
    pub colour: Colour,
}

/// A change of a label: what is `null` stays.
#[derive(ToSchema)]
pub struct EditLabel {
    /// The version that the editor saw.
    #[schema(required = false)]
    pub version: i64,
    /// Its name, unique in the project without regard to case.
    pub name: Option<String>,
    /// Its colour.
    pub colour: Option<Colour>,
}
