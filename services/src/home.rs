//! A person's own work, and the projects they belong to.

use crate::{Actor, Services, authorize};
use domain::{
    Day, Result,
    board::Category,
    dependency::Waits,
    page::Page,
    project::ProjectFilter,
    task::{AssigneeFilter, Home, TaskFilter, TaskSort},
};
use store::{Tx, access::Visible, tasks::Scope};

/// Tasks and projects that the page shows; more are in the lists.
const SHOWN: i64 = 20;
/// Tasks of the panels about dependencies.
const FEW: i64 = 10;
/// Days for which a task that can go on is shown.
const RELEASED: i64 = 7;
/// Days that count as soon.
const SOON: i64 = 7;

/// The caller's own part of everything.
///
/// # Errors
/// [`domain::Error::Unauthenticated`] for the program itself, which has no work of its own.
pub async fn home(services: &Services, actor: &Actor) -> Result<Home> {
    let user = authorize::person(actor)?;
    let today = services.now().day();
    let soon = Day(today.0.saturating_add(time::Duration::days(SOON)));
    services
        .read_listed(actor, |mut tx| async move {
            let scope = Scope { visible: actor.visible(), projects: None, me: Some(user) };
            let page = Page::new(Some(SHOWN), None);
            let assigned = store::tasks::list(&mut tx, &mine(), &scope, (&page, None)).await?.items;
            let (assigned_count, overdue_count, due_soon_count) =
                store::tasks::assigned_counts(&mut tx, user, actor.visible(), (today, soon)).await?;
            // Those they belong to, also for someone who may see all.
            let whose = (Visible::ToMember(user), None);
            let filter = ProjectFilter::default();
            let mut projects = store::projects::list(&mut tx, &filter, whose, (&page, None)).await?.items;
            store::projects::with_faces(&mut tx, &mut projects).await?;
            let waits = waits(&mut tx, services, actor).await?;
            Ok(Home { assigned, assigned_count, overdue_count, due_soon_count, waits, projects })
        })
        .await
}

/// Whom the caller holds up, and where they can go on.
async fn waits(tx: &mut Tx, services: &Services, actor: &Actor) -> Result<Waits> {
    if !services.features.dependencies {
        return Ok(Waits::default());
    }
    let user = authorize::person(actor)?;
    let since = services.now().plus_seconds(-RELEASED * 24 * 60 * 60);
    Ok(Waits {
        holding_up: store::tasks::holding_up(tx, user, actor.visible(), FEW).await?,
        released: store::tasks::released(tx, user, actor.visible(), (since, FEW)).await?,
    })
}

/// The filter that finds one's own open tasks, the first due on top.
pub fn mine() -> TaskFilter {
    TaskFilter {
        assignee: Some(AssigneeFilter::Me),
        categories: vec![Category::Todo, Category::Doing],
        sort: TaskSort::Due,
        ..TaskFilter::default()
    }
}
