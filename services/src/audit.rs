//! The audit log: who did what that matters for security, from where, and whether it was let through.

use crate::{Actor, Services, authorize};
use domain::{
    Result,
    audit::{AuditEntry, Outcome},
    ids::{AuditId, UserId},
    page::{Page, Paged},
    permission::Permission,
};
use store::{Tx, audit::NewAudit};
use uuid::Uuid;

/// The log, newest first.
///
/// # Errors
/// [`domain::Error::Forbidden`] without `audit.view`; [`domain::Error::Invalid`] for a cursor that no page gave.
pub async fn list(services: &Services, actor: &Actor, page: Page) -> Result<Paged<AuditEntry>> {
    authorize::in_workspace(actor, Permission::AuditView)?;
    page.after(|text| store::audit::is_cursor(text).then_some(()))?;
    let mut tx = services.db.peek().await?;
    Ok(store::audit::list(&mut tx, &page).await?)
}

/// One act.
pub(crate) struct Act {
    action: &'static str,
    target: (&'static str, Option<Uuid>),
    outcome: Outcome,
}

impl Act {
    /// `action` was done to the thing of this kind and id.
    pub(crate) fn done(action: &'static str, kind: &'static str, id: impl Into<Uuid>) -> Self {
        Self { action, target: (kind, Some(id.into())), outcome: Outcome::Done }
    }

    /// `action` was done to all of what there is of this kind.
    pub(crate) fn everywhere(action: &'static str, kind: &'static str) -> Self {
        Self { action, target: (kind, None), outcome: Outcome::Done }
    }

    /// `action` was refused; the thing may be unknown.
    pub(crate) fn refused(action: &'static str, kind: &'static str, id: Option<Uuid>) -> Self {
        Self { action, target: (kind, id), outcome: Outcome::Refused }
    }
}

/// From where somebody acts who is not signed in (yet).
pub(crate) struct Origin<'a> {
    pub(crate) user_id: Option<UserId>,
    pub(crate) address: &'a str,
    pub(crate) request_id: &'a str,
}

impl<'a> From<&'a Actor> for Origin<'a> {
    fn from(actor: &'a Actor) -> Self {
        Self { user_id: actor.user_id, address: &actor.address, request_id: &actor.request_id }
    }
}

/// Writes an act down, in the transaction that does it.
pub(crate) async fn note(
    tx: &mut Tx,
    services: &Services,
    origin: impl Into<Origin<'_>>,
    act: Act,
) -> Result<()> {
    let origin = origin.into();
    let row = NewAudit {
        id: AuditId(services.ids.id()),
        at: services.now(),
        actor_id: origin.user_id,
        action: act.action,
        target_kind: act.target.0,
        target_id: act.target.1,
        outcome: act.outcome,
        address: origin.address.into(),
        request_id: origin.request_id.into(),
    };
    Ok(store::audit::append(tx, row).await?)
}
