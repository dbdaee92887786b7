//! The gate: every use case passes here once, with the entity it is about.

use crate::actor::{Actor, Place};
use domain::{
    Error, Result,
    ids::{ProjectId, UserId},
    permission::Permission,
};

/// Lets through whoever may do it in the workspace.
///
/// # Errors
/// [`Error::Forbidden`].
pub fn in_workspace(actor: &Actor, permission: Permission) -> Result<()> {
    if actor.allows(permission, Place::Workspace) { Ok(()) } else { Err(forbidden(permission)) }
}

/// Lets through whoever may do it in the project.
///
/// # Errors
/// [`Error::NotFound`] for `what` if they may not even see the project: it does not exist for them.
/// [`Error::Forbidden`] if they see it and may not do this.
pub fn in_project(actor: &Actor, permission: Permission, project: ProjectId, what: &str) -> Result<()> {
    if !actor.allows(Permission::ProjectView, project) {
        return Err(Error::not_found(what));
    }
    if actor.allows(permission, project) { Ok(()) } else { Err(forbidden(permission)) }
}

/// The person who acts.
///
/// # Errors
/// [`Error::Unauthenticated`] for the program itself, where only a person makes sense.
pub fn person(actor: &Actor) -> Result<UserId> {
    actor.user_id.ok_or(Error::Unauthenticated)
}

/// The person who changes something of their own, for which nobody needs a permission.
///
/// # Errors
/// [`Error::Unauthenticated`] for the program itself; [`Error::Refused`] with `read_only_token`.
pub fn own_act(actor: &Actor) -> Result<UserId> {
    writing(actor)?;
    person(actor)
}

/// Lets through whoever may write at all.
///
/// # Errors
/// [`Error::Refused`] with `read_only_token`.
pub fn writing(actor: &Actor) -> Result<()> {
    if actor.read_only {
        return Err(Error::refused(
            "read_only_token",
            "This token may only read. Use one that may write, or sign in.",
        ));
    }
    Ok(())
}

/// The person who changes how they are let in: not by an API token, which whoever found it could use to stay in.
///
/// # Errors
/// As [`own_act`]; [`Error::Refused`] with `sign_in_needed`.
pub fn own_key(actor: &Actor) -> Result<UserId> {
    if actor.token_id.is_some() {
        return Err(Error::refused(
            "sign_in_needed",
            "An API token can't do this. Sign in with your password.",
        ));
    }
    own_act(actor)
}

fn forbidden(permission: Permission) -> Error {
    Error::Forbidden { permission: permission.as_str().into() }
}
