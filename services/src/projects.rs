//! Projects.

mod gate;
mod key;
mod overview;
mod purge;
mod shelf;

pub use overview::{Overview, overview};
pub use purge::purge;
pub use shelf::{archive, delete, restore, unarchive};

pub(crate) use gate::{changeable, readable};

use crate::{
    Actor, Place, Services, access, authorize,
    journal::{Entry, Journal},
};
use domain::{
    Day, Error, Result,
    activity::{Action, Change},
    board::{Column, STARTING_COLUMNS},
    error::Fields,
    ids::{ColumnId, ProjectId, UserId},
    limits,
    page::{Page, Paged},
    permission::Permission,
    project::{EditProject, Lifecycle, NewProject, Project, ProjectFilter, ProjectView},
    role::CREATOR_ROLE,
    user::UserRef,
    validate,
};
use store::{Tx, projects::Cursor};

/// Projects that the actor may see, latest change first; deleted ones only those that they may delete.
///
/// # Errors
/// [`Error::Invalid`] for a cursor that no page gave.
pub async fn list(
    services: &Services,
    actor: &Actor,
    filter: ProjectFilter,
    page: Page,
) -> Result<Paged<Project>> {
    let after = page.after(Cursor::parse)?;
    let mut deletable_by = None;
    if filter.lifecycle == Lifecycle::Deleted {
        if actor.read_only {
            return Ok(Paged { items: Vec::new(), next: None });
        }
        if !actor.allows_everywhere(Permission::ProjectDelete) {
            deletable_by = actor.user_id;
        }
    }
    let (filter, page) = (&filter, &page);
    services
        .read_listed(actor, |mut tx| async move {
            let whose = (actor.visible(), deletable_by);
            let mut found = store::projects::list(&mut tx, filter, whose, (page, after)).await?;
            store::projects::with_faces(&mut tx, &mut found.items).await?;
            Ok(found)
        })
        .await
}

/// The project of that id.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(services: &Services, actor: &Actor, id: ProjectId) -> Result<Project> {
    services
        .read_listed(actor, |mut tx| async move {
            let project = readable(&mut tx, actor, id).await?;
            with_faces(&mut tx, project).await
        })
        .await
}

/// The project of that key, in capitals or not.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find_by_key(services: &Services, actor: &Actor, key: &str) -> Result<Project> {
    services
        .read_listed(actor, |mut tx| async move {
            let project = gate::readable_by_key(&mut tx, actor, key).await?;
            with_faces(&mut tx, project).await
        })
        .await
}

/// The id of the project of that key, in capitals or not.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn id_of_key(services: &Services, actor: &Actor, key: &str) -> Result<ProjectId> {
    let mut tx = services.db.peek().await?;
    Ok(gate::readable_by_key(&mut tx, actor, key).await?.id)
}

/// The project of that key with what its pages need.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn view(services: &Services, actor: &Actor, key: &str) -> Result<ProjectView> {
    let project = find_by_key(services, actor, key).await?;
    Ok(ProjectView {
        description_html: crate::markdown::to_html(&project.description),
        permissions: actor.permissions_in(Place::Project(project.id)),
        project,
    })
}

/// Adds a project with the starting columns. Whoever makes it owns it and belongs to it.
///
/// # Errors
/// [`Error::Forbidden`] without `project.create`; [`Error::Invalid`] for wrong fields or a taken key.
pub async fn create(services: &Services, actor: &Actor, new: NewProject) -> Result<Project> {
    authorize::in_workspace(actor, Permission::ProjectCreate)?;
    check_new(&new)?;
    let mut tx = services.db.write().await?;
    let mut journal = Journal::new(services, actor);
    let given = new.id;
    let made = create_in(&mut tx, services, (actor, &mut journal), new).await;
    if let (Err(Error::Invalid { .. }), Some(id)) = (&made, given)
        && let Some(existing) = store::projects::find(&mut tx, id).await?
    {
        return same_create(&mut tx, actor, existing).await;
    }
    let project = made?;
    journal.commit(tx).await?;
    if let Some(owner) = &project.owner {
        // What whoever makes a project asks next is about it. Without, that request reads it.
        let _ = access::read(services, owner.id).await;
    }
    Ok(project)
}

/// As [`create`], within a transaction that does more: permission and id are the caller's to check.
pub(crate) async fn create_in(
    tx: &mut Tx,
    services: &Services,
    (actor, journal): (&Actor, &mut Journal<'_>),
    new: NewProject,
) -> Result<Project> {
    let (name, description) = check_new(&new)?;
    let key = key::choose(tx, &new.key, &name).await?;
    let owner = match actor.user_id {
        Some(id) => store::people::active(tx, &[id]).await?.pop(),
        None => None,
    };
    let now = services.now();
    let project = Project {
        id: services.id_or_new(new.id),
        key,
        name,
        description,
        status: new.status,
        lifecycle: Lifecycle::Active,
        colour: new.colour,
        member_count: i64::from(owner.is_some()),
        members: owner.iter().cloned().collect(),
        owner,
        start_on: new.start_on,
        due_on: new.due_on,
        open_count: 0,
        done_count: 0,
        created_at: now,
        updated_at: now,
        urgent_since: None,
        version: 1,
    };
    if let Some(owner) = &project.owner {
        store::access::bump_creator(tx, owner.id).await?;
    }
    store::projects::insert(tx, &project).await.map_err(key::taken)?;
    store::columns::insert(tx, &starting_columns(services, project.id)).await?;
    if let Some(owner) = &project.owner {
        store::project_members::insert_creator(tx, project.id, owner.id, CREATOR_ROLE, now).await?;
    }
    journal.add(Entry::new(Action::ProjectCreated, &project.name).project(project.id));
    Ok(project)
}

/// Changes a project.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], [`Error::Conflict`]; [`Error::Refused`] while it is
/// archived or deleted.
pub async fn update(services: &Services, actor: &Actor, id: ProjectId, edit: EditProject) -> Result<Project> {
    let mut tx = services.db.write().await?;
    let before = changeable(&mut tx, actor, Permission::ProjectUpdate, id).await?;
    if before.version != edit.version {
        return Err(stale(&mut tx, before).await);
    }
    let mut after = edited(&before, &edit)?;
    if let Some(owner) = edit.owner_id {
        after.owner = find_owner(&mut tx, id, owner).await?;
    }
    let changes = differences(&before, &after);
    if changes.is_empty() {
        return with_faces(&mut tx, before).await;
    }
    after.version += 1;
    after.updated_at = services.now();
    if !store::projects::update(&mut tx, &after, before.version).await? {
        return Err(stale(&mut tx, before).await);
    }
    let after = with_faces(&mut tx, after).await?;
    let mut journal = Journal::new(services, actor);
    journal.add(Entry::new(Action::ProjectUpdated, &after.name).project(id).changes(changes));
    journal.commit(tx).await?;
    Ok(after)
}

async fn with_faces(tx: &mut Tx, project: Project) -> Result<Project> {
    let mut one = [project];
    store::projects::with_faces(tx, &mut one).await?;
    let [project] = one;
    Ok(project)
}

/// The conflict that someone with an old version gets.
async fn stale(tx: &mut Tx, current: Project) -> Error {
    match with_faces(tx, current).await {
        Ok(current) => Error::conflict("project", serde_json::to_string(&current).unwrap_or_default()),
        Err(error) => error,
    }
}

/// The same create, sent twice, or someone else's project of that id. Whoever made the first may not know yet that they
/// belong to it: their permissions are of the moment before.
async fn same_create(tx: &mut Tx, actor: &Actor, existing: Project) -> Result<Project> {
    let mine = match actor.user_id {
        Some(user) => store::project_members::direct_member(tx, existing.id, user).await?.is_some(),
        None => true,
    };
    if mine && existing.lifecycle != Lifecycle::Deleted {
        with_faces(tx, existing).await
    } else {
        Err(Error::field("id", "taken", "This id is in use. Send the project with another one."))
    }
}

fn starting_columns(services: &Services, project: ProjectId) -> Vec<Column> {
    (0..)
        .zip(STARTING_COLUMNS)
        .map(|(position, (name, category))| Column {
            id: ColumnId(services.ids.id()),
            project_id: project,
            name: name.into(),
            category,
            position,
            task_count: 0,
            version: 1,
        })
        .collect()
}

async fn find_owner(tx: &mut Tx, project: ProjectId, owner: Option<UserId>) -> Result<Option<UserRef>> {
    let Some(id) = owner else { return Ok(None) };
    let person = store::project_members::people_among(tx, project, &[id]).await?.pop();
    person.map(Some).ok_or_else(|| {
        Error::field("owner_id", "unknown", "The owner has to be a member of the project. Add them first.")
    })
}

fn check_new(new: &NewProject) -> Result<(String, String)> {
    let mut fields = Fields::new();
    if !new.key.trim().is_empty() {
        fields.check("key", validate::project_key(&new.key));
    }
    let name = fields.check("name", validate::name(&new.name, limits::NAME));
    let description = fields.check("description", validate::text(&new.description, limits::TEXT));
    check_days(&mut fields, new.start_on, new.due_on);
    fields.finish()?;
    Ok((name, description))
}

fn check_days(fields: &mut Fields, start: Option<Day>, due: Option<Day>) {
    if let (Some(start), Some(due)) = (start, due)
        && due < start
    {
        fields.add("due_on", "before_start", "The due date is before the start. Choose a later one.");
    }
}

/// The project with the edit's fields, but for its owner.
fn edited(before: &Project, edit: &EditProject) -> Result<Project> {
    let mut after = before.clone();
    let mut fields = Fields::new();
    if let Some(name) = &edit.name {
        after.name = fields.check("name", validate::name(name, limits::NAME));
    }
    if let Some(description) = &edit.description {
        after.description = fields.check("description", validate::text(description, limits::TEXT));
    }
    after.status = edit.status.unwrap_or(before.status);
    after.colour = edit.colour.unwrap_or(before.colour);
    after.start_on = edit.start_on.unwrap_or(before.start_on);
    after.due_on = edit.due_on.unwrap_or(before.due_on);
    check_days(&mut fields, after.start_on, after.due_on);
    fields.finish()?;
    Ok(after)
}

fn differences(before: &Project, after: &Project) -> Vec<Change> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let day = |day: Option<Day>| day.map(|day| day.to_string());
    let person = |person: &Option<UserRef>| person.as_ref().map(|person| person.display_name.clone());
    [
        Change::of("name", some(&before.name), some(&after.name)),
        Change::of("description", some(&before.description), some(&after.description)),
        Change::of("status", some(before.status.label()), some(after.status.label())),
        Change::of("colour", some(before.colour.as_str()), some(after.colour.as_str())),
        // Two people may have the same name, so their ids say whether it is another one.
        (before.owner.as_ref().map(|owner| owner.id) != after.owner.as_ref().map(|owner| owner.id)).then(
            || Change { field: "owner".into(), before: person(&before.owner), after: person(&after.owner) },
        ),
        Change::of("start_on", day(before.start_on), day(after.start_on)),
        Change::of("due_on", day(before.due_on), day(after.due_on)),
    ]
    .into_iter()
    .flatten()
    .collect()
}
