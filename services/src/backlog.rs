//! How much waits to be done.

use crate::Services;
use domain::Result;

pub use store::backlog::Backlog;

/// What waits at this moment. For the program itself: numbers only, of nobody's work.
///
/// # Errors
/// What the database says.
pub async fn read(services: &Services) -> Result<Backlog> {
    let mut tx = services.db.peek().await?;
    Ok(store::backlog::read(&mut tx).await?)
}
