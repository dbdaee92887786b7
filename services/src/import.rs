//! Importing a Markdown checklist: headings and items become tasks, and the same tasks when the document comes again.
//!
//! A second import changes title, description, parent and whether a task is done, never its people, labels or
//! priority; what people have archived or deleted stays as it is. Everything happens in one transaction.

mod apply;
mod columns;
mod links;
mod plan;

use crate::{Actor, Services, authorize, dependencies::Batch, journal::Journal, projects};
use apply::Apply;
use domain::{
    Error, Result,
    activity::{Action, Change},
    checklist::{self, Checklist, ChecklistError, NodeKind},
    import::{ImportAct, ImportChecklist, ImportLine, ImportReport},
    limits,
    permission::Permission,
    project::{NewProject, Project},
    validate,
};
use plan::{Plan, Step};
use store::Tx;

use crate::journal::Entry;

/// Imports a checklist into the project of that key, which is made if there is none; or only tells what that would do.
///
/// # Errors
/// [`Error::Invalid`] for a document without items or beyond the limits, or a key that is none or taken;
/// [`Error::Forbidden`]; [`Error::Refused`] with `archived`, `deleted` or `too_many_columns`.
pub async fn checklist(services: &Services, actor: &Actor, request: ImportChecklist) -> Result<ImportReport> {
    let document = read(&request)?;
    if request.dry_run {
        rehearse(services, actor, &request, &document).await
    } else {
        perform(services, actor, &request, &document).await
    }
}

async fn rehearse(
    services: &Services,
    actor: &Actor,
    request: &ImportChecklist,
    document: &Checklist,
) -> Result<ImportReport> {
    let key = project_key(request)?;
    let mut tx = services.db.read().await?;
    let project = target(&mut tx, actor, &key).await?;
    let (existing, names) = match &project {
        Some(project) => (
            store::tasks::imported(&mut tx, project.id).await?,
            columns::names(&store::columns::list(&mut tx, project.id).await?),
        ),
        None => (Vec::new(), columns::starting_names()),
    };
    let plan = Plan::make(document, request.headings, existing, || services.ids.id().into());
    let new_columns = columns::missing(document, &plan, &names)?;
    let name = match &project {
        Some(project) => project.name.clone(),
        None => new_project(request, document, &key)?.name,
    };
    let mut report = report(document, &plan, (key, name));
    look_around(&mut tx, (services, actor), (document, &plan), &mut report).await?;
    drop(tx);
    check_rights(actor, project.as_ref(), (&plan, &report), !new_columns.is_empty())?;
    report.project_created = project.is_none();
    report.project_id = project.map(|project| project.id);
    report.columns_created = new_columns;
    report.dry_run = true;
    Ok(report)
}

/// What the document has to do with dependencies: none where they are turned off.
///
/// # Errors
/// [`Error::Blocked`] for a tick at a task that has to wait; [`Error::Cycle`] for one that would be part of what waits for it.
async fn look_around(
    tx: &mut Tx,
    who: (&Services, &Actor),
    (document, plan): (&Checklist, &Plan),
    report: &mut ImportReport,
) -> Result<Option<Batch>> {
    if !who.0.features.dependencies {
        return Ok(None);
    }
    links::refuse_blocked(tx, who, (document, plan)).await?;
    links::refuse_parent_loops(tx, who, plan).await?;
    links::look(tx, who.1, (document, plan), report).await.map(Some)
}

async fn perform(
    services: &Services,
    actor: &Actor,
    request: &ImportChecklist,
    document: &Checklist,
) -> Result<ImportReport> {
    let key = project_key(request)?;
    let mut tx = services.db.write().await?;
    let mut journal = Journal::new(services, actor);
    let found = target(&mut tx, actor, &key).await?;
    let created = found.is_none();
    let (project, existing) = if let Some(project) = found {
        let existing = store::tasks::imported(&mut tx, project.id).await?;
        (project, existing)
    } else {
        let new = new_project(request, document, &key)?;
        let project = projects::create_in(&mut tx, services, (actor, &mut journal), new);
        (project.await.map_err(on_request)?, Vec::new())
    };
    let plan = Plan::make(document, request.headings, existing, || services.ids.id().into());
    let mut report = report(document, &plan, (project.key.clone(), project.name.clone()));
    let batch = look_around(&mut tx, (services, actor), (document, &plan), &mut report).await?;
    links::refuse(&report)?;
    let mut apply = Apply::new(services, actor, journal);
    report.columns_created = apply.columns(&mut tx, &project, document, &plan).await?;
    if !created {
        check_rights(actor, Some(&project), (&plan, &report), !report.columns_created.is_empty())?;
    }
    let changed = created
        || report.created + report.updated + report.links_created > 0
        || !report.columns_created.is_empty();
    if changed {
        apply.tasks(&mut tx, &project, document, &plan).await?;
        let mut journal = apply.journal;
        if let Some(batch) = batch {
            batch.write(&mut tx, &mut journal).await?;
        }
        journal.add(entry(&project, &report));
        journal.commit(tx).await?;
    }
    report.project_id = Some(project.id);
    report.project_created = created;
    Ok(report)
}

fn read(request: &ImportChecklist) -> Result<Checklist> {
    let document = checklist::parse(&request.markdown).map_err(|error| {
        let code = match error {
            ChecklistError::TooLarge { .. } => "too_large",
            ChecklistError::TooManyItems { .. } => "too_many_items",
            ChecklistError::TooManyAfter { .. } => "too_many_after",
            ChecklistError::TextTooLong { .. } => "too_long",
        };
        Error::field("markdown", code, error.to_string())
    })?;
    if document.nodes.is_empty() {
        return Err(Error::field(
            "markdown",
            "no_items",
            "There is no checklist item in this document. An item is a line like “- [ ] Write the guide”.",
        ));
    }
    Ok(document)
}

fn project_key(request: &ImportChecklist) -> Result<String> {
    validate::project_key(&request.project_key)
        .map_err(|problem| Error::field("project_key", problem.code, problem.message))
}

/// The project to import into; `None` if it has to be made and may be.
async fn target(tx: &mut Tx, actor: &Actor, key: &str) -> Result<Option<Project>> {
    let Some(project) = store::projects::find_by_key(tx, key).await? else {
        authorize::in_workspace(actor, Permission::ProjectCreate)?;
        return Ok(None);
    };
    match projects::changeable(tx, actor, Permission::TaskCreate, project.id).await {
        Ok(project) => Ok(Some(project)),
        // As when a project with this key were made: that the key is in use is all that is told, and only to those who may
        // make one.
        Err(Error::NotFound { .. }) => {
            authorize::in_workspace(actor, Permission::ProjectCreate)?;
            Err(Error::field("project_key", "taken", "Another project has this key. Choose another."))
        }
        Err(other) => Err(other),
    }
}

/// What the plan needs besides `task.create`.
fn check_rights(
    actor: &Actor,
    project: Option<&Project>,
    (plan, report): (&Plan, &ImportReport),
    makes_columns: bool,
) -> Result<()> {
    let Some(project) = project else {
        return Ok(());
    };
    let mut needed: Vec<_> = links::needed(report).into_iter().collect();
    if plan.steps.iter().any(|step| matches!(step, Step::Update { .. })) {
        needed.extend([Permission::TaskUpdate, Permission::TaskMove]);
    }
    if makes_columns {
        needed.push(Permission::ProjectBoard);
    }
    needed
        .into_iter()
        .try_for_each(|permission| authorize::in_project(actor, permission, project.id, "project"))
}

fn new_project(request: &ImportChecklist, document: &Checklist, key: &str) -> Result<NewProject> {
    let given = request.project_name.as_deref().filter(|name| !name.trim().is_empty());
    let name = if let Some(name) = given {
        validate::name(name, limits::NAME)
            .map_err(|problem| Error::field("project_name", problem.code, problem.message))?
    } else {
        let title = document.title.as_deref().unwrap_or(key);
        validate::visible_line(&title.chars().take(limits::NAME).collect::<String>())
    };
    Ok(NewProject {
        key: key.into(),
        name,
        description: document.description.clone(),
        ..NewProject::default()
    })
}

/// What is wrong with the new project, said of the fields of the request.
fn on_request(error: Error) -> Error {
    match error {
        Error::Invalid { mut fields } => {
            for field in &mut fields {
                field.field = match field.field.as_str() {
                    "key" => "project_key".into(),
                    "name" => "project_name".into(),
                    _ => "markdown".into(),
                };
            }
            Error::Invalid { fields }
        }
        other => other,
    }
}

fn report(document: &Checklist, plan: &Plan, (key, name): (String, String)) -> ImportReport {
    let mut report = ImportReport {
        project_id: None,
        project_key: key,
        project_name: name,
        project_created: false,
        dry_run: false,
        created: 0,
        updated: 0,
        unchanged: 0,
        items: count(document.items()),
        items_done: count(document.items_done()),
        columns_created: Vec::new(),
        missing: plan.missing,
        lines: Vec::new(),
        links_created: 0,
        links_kept: 0,
        refused: Vec::new(),
    };
    add_lines(&mut report, document, plan);
    report
}

fn add_lines(report: &mut ImportReport, document: &Checklist, plan: &Plan) {
    let mut depths: Vec<i64> = Vec::with_capacity(document.nodes.len());
    for (node, step) in document.nodes.iter().zip(&plan.steps) {
        depths.push(node.parent.map_or(0, |parent| depths[parent] + 1));
        let act = match step {
            Step::Column => continue,
            Step::Create { .. } => ImportAct::Create,
            Step::Update { .. } => ImportAct::Update,
            Step::Keep | Step::PutAway => ImportAct::Keep,
        };
        match act {
            ImportAct::Create => report.created += 1,
            ImportAct::Update => report.updated += 1,
            ImportAct::Keep => report.unchanged += 1,
        }
        report.lines.push(ImportLine {
            line: count(node.line),
            act,
            depth: depths.last().copied().unwrap_or_default(),
            title: node.title.clone(),
            done: node.done,
            heading: node.kind != NodeKind::Item,
        });
    }
}

fn entry(project: &Project, report: &ImportReport) -> Entry {
    let number = |field: &str, number: i64| Change::of(field, None, (number > 0).then(|| number.to_string()));
    Entry::new(Action::ChecklistImported, &project.name)
        .project(project.id)
        .changes(number("created", report.created))
        .changes(number("updated", report.updated))
        .changes(number("unchanged", report.unchanged))
        .changes(number("links", report.links_created))
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
