//! What is the caller's to do.

use crate::AppError;
use domain::{Day, task::Home};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// One's own work, and the day by which it is early or late.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyWork {
    /// Tasks, counts and projects.
    pub home: Home,
    /// Today in UTC, by the server's clock.
    pub today: Day,
}

/// The caller's own work; the first tasks by due day, or `all` of them (as many as a page of a list may have).
#[server(name = FindMyWork, prefix = "/fn", endpoint = "home/mine")]
pub async fn my_work(#[server(default)] all: bool) -> Result<MyWork, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let mut home = services::home::home(&services, &actor).await?;
    if all {
        let page = domain::page::Page::new(Some(domain::limits::PAGE), None);
        let mine = services::home::mine();
        home.assigned = services::tasks::list_with_projects(&services, &actor, mine, page).await?.items;
    }
    Ok(MyWork { home, today: services.now().day() })
}
