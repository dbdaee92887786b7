//! The audit log.

use crate::AppError;
use domain::{audit::AuditEntry, page::Paged};
use leptos::prelude::*;

/// Security-relevant acts, latest first.
#[server(name = ListAudit, prefix = "/fn", endpoint = "audit/list")]
pub async fn list_audit(#[server(default)] cursor: Option<String>) -> Result<Paged<AuditEntry>, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let page = domain::page::Page::new(None, cursor);
    Ok(services::audit::list(&services, &actor, page).await?)
}
