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

/// The caller's own work.
#[server(name = FindMyWork, prefix = "/fn", endpoint = "home/mine")]
pub async fn my_work() -> Result<MyWork, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let home = services::home::home(&services, &actor).await?;
    Ok(MyWork { home, today: services.now().day() })
}
