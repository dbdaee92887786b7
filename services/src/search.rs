//! Quick search, as in the palette: a key goes straight to its task.

use crate::{Actor, Services, tasks};
use domain::{
    Result,
    page::Page,
    project::{ProjectFilter, ProjectRef},
    search::{SearchResults, TaskHit},
    search_text,
    task::{HomeTask, Lifecycle, TaskRef},
};
use store::Tx;

/// Results of each kind, at the most.
const MOST: i64 = 50;

/// What `text` finds among what the actor may see: the task with that key, then tasks by their words, and projects by
/// name or key. At most `limit` of each.
///
/// # Errors
/// What the database says.
pub async fn quick(services: &Services, actor: &Actor, text: &str, limit: i64) -> Result<SearchResults> {
    let limit = limit.clamp(1, MOST);
    if search_text::query_terms(text).is_empty() {
        return Ok(SearchResults::default());
    }
    services
        .read_listed(actor, |mut tx| async move {
            let mut tasks: Vec<TaskHit> = by_key(&mut tx, actor, text).await?.into_iter().collect();
            for hit in store::tasks::quick(&mut tx, text, actor.visible(), limit).await? {
                if !tasks.iter().any(|there| there.task.id == hit.task.id) {
                    tasks.push(hit_of(hit));
                }
            }
            tasks.truncate(usize::try_from(limit).unwrap_or_default());
            let filter = ProjectFilter { search: Some(text.to_owned()), ..ProjectFilter::default() };
            let page = Page::new(Some(limit), None);
            let projects =
                store::projects::list(&mut tx, &filter, (actor.visible(), None), (&page, None)).await?;
            let projects = projects.items.into_iter().map(ProjectRef::from);
            Ok(SearchResults { tasks, projects: projects.collect() })
        })
        .await
}

/// Also an archived task: whoever types the whole key means it.
async fn by_key(tx: &mut Tx, actor: &Actor, text: &str) -> Result<Option<TaskHit>> {
    let found = tasks::by_key(tx, actor, text).await;
    match found {
        Ok(found) if found.task.summary.lifecycle != Lifecycle::Deleted => {
            Ok(Some(hit_of(HomeTask { task: found.task.summary, project: found.project })))
        }
        Ok(_) | Err(domain::Error::NotFound { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}

fn hit_of(hit: HomeTask) -> TaskHit {
    let HomeTask { task, project } = hit;
    let task = TaskRef { id: task.id, key: task.key, title: task.title, category: task.category };
    TaskHit { task, project }
}
